/**
 * A source that is files: which tables they hold, in the order of the files' titles, a page at a time.
 *
 * A file of one table is a table by its title and is not opened to be listed; a workbook or an archive is, and its
 * tables are called `title#sheet`. A file that cannot be opened is a table whose sample fails with the reason: it is
 * seen.
 */

import { TemperaError } from '../core/errors.ts';
import type { SampledTable, SourceTable } from '../core/ports/column-sources.ts';
import type { FileSamples, SampledFile } from '../core/ports/file-samples.ts';
import { TABLE_ENDINGS } from '../core/table-files.ts';
import { byName, lawfulName, lawfulTable } from './lawful-tables.ts';

export interface ListedFile extends SampledFile {
  /** Lawful; no two files have one. */
  title: string;
  /** By which its listing finds it again. */
  path: string;
}

export interface FileListing {
  /** As tables of it say where they stand. */
  database: string;
  /** Files that may hold tables, by title, from `title` on (null: the first), that one included. */
  from(title: string | null): AsyncIterable<ListedFile>;
  /** Null when it is gone. */
  find(path: string): Promise<ListedFile | null>;
}

export interface Page {
  after: Pick<SourceTable, 'database' | 'table'> | null;
  limit: number;
}

const LONGEST_REFERENCE = 2_000;

const PACKED = '(?:\\.(?:gz|bz2|xz|zst))?';
const SEVERAL_TABLES = /\.(?:xls[xmb]?|ods|zip|tar|tgz|duckdb|ddb|db)(?:\.(?:gz|bz2|xz|zst))?$/i;
const ONE_TABLE = new RegExp(
  `(?:${TABLE_ENDINGS.map((ending) => ending.replace('.', '\\.')).join('|')})${PACKED}$`,
  'i',
);

/** Whether a file may hold tables, by the end of its name. */
export const mayHoldTables = (name: string): boolean => SEVERAL_TABLES.test(name) || ONE_TABLE.test(name);

/** The next tables of the files. */
export async function tablesOfFiles(
  listing: FileListing,
  samples: FileSamples,
  { after, limit }: Page,
): Promise<SourceTable[]> {
  const found: SourceTable[] = [];
  for (const title of await startOf(listing, after?.table ?? null))
    for await (const file of listing.from(title)) {
      for (const table of await tablesOfFile(file, samples, listing.database)) {
        if (after !== null && isBeforeOrAt(table, file, after.table)) continue;
        found.push(table);
        if (found.length >= limit) return found;
      }
    }
  return found;
}

/**
 * The title of the file to go on from. The last table may be a file's own, or one in a file: which `#` parts the two
 * the listing alone knows.
 */
async function startOf(listing: FileListing, table: string | null): Promise<(string | null)[]> {
  if (table === null) return [null];
  for (let at = table.indexOf('#'); at !== -1; at = table.indexOf('#', at + 1)) {
    const title = table.slice(0, at);
    if (!SEVERAL_TABLES.test(title) && !mayHoldSeveral(title)) continue;
    for await (const file of listing.from(title)) {
      if (file.title === title) return [title];
      break;
    }
  }
  return [table];
}

/** A title may have lost its ending. */
const mayHoldSeveral = (title: string): boolean => !ONE_TABLE.test(title);

/** Whether a table of `file` was given out already, when `last` was the last one. */
function isBeforeOrAt({ table }: SourceTable, file: ListedFile, last: string): boolean {
  const own = table === file.title ? '' : table.slice(file.title.length + 1);
  if (last === file.title) return true;
  if (!last.startsWith(`${file.title}#`)) return false;
  return byName(own, last.slice(file.title.length + 1)) <= 0;
}

async function tablesOfFile(
  file: ListedFile,
  samples: FileSamples,
  database: string,
): Promise<SourceTable[]> {
  const whole = { database, table: file.title, reference: referenceTo(file, '') };
  if (!SEVERAL_TABLES.test(file.name)) return [whole];
  const tables = await samples.tables(file).then(
    (answer) => answer.tables,
    (error: unknown) => {
      if (error instanceof TemperaError && error.kind.retry === 'never') return [];
      throw error;
    },
  );
  // one without a table, or that cannot be opened: its sample says why
  if (tables.length === 0) return [whole];
  return tables
    .map(({ table }) => ({
      database,
      table: table === '' ? file.title : lawfulName(`${file.title}#${table}`),
      reference: referenceTo(file, table),
    }))
    .sort((one, other) => byName(one.table, other.table));
}

function referenceTo({ path, title }: ListedFile, table: string): { path: string; table: string } {
  const reference = { path, table };
  if (JSON.stringify(reference).length <= LONGEST_REFERENCE) return reference;
  throw new TemperaError(
    'INVALID_INPUT',
    `${title}: the names of the file and its table are too long. Shorten them.`,
  );
}

/** @throws TemperaError NOT_FOUND when the file, or its table, is gone */
export async function sampleOfFile(
  listing: FileListing,
  samples: FileSamples,
  { table, sampleSize }: { table: SourceTable; sampleSize: number },
): Promise<SampledTable> {
  const { path, table: inside } = table.reference;
  const file = typeof path === 'string' ? await listing.find(path) : null;
  if (file === null || typeof inside !== 'string')
    throw new TemperaError('NOT_FOUND', `The table [${table.table}] is gone.`);
  return lawfulTable(await samples.sample(file, { table: inside, sampleSize }), sampleSize);
}

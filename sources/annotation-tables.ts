/**
 * Tables of connected databases that hold a vocabulary: terms with labels and definitions, in one of the two forms that
 * are read. They are known by their columns, none of which is guessed at: a table of codes and labels alone is one of
 * many look-ups.
 */

import { formOfColumns, type VocabularyForm } from '../classification/vocabulary/forms.ts';
import { TemperaError } from '../core/errors.ts';
import { lawfulText } from '../core/lawful-text.ts';
import type { Connections } from '../core/ports/connections.ts';
import { quoted, READABLE } from './postgres-names.ts';
import { readPostgres, type SessionLimits } from './postgres-session.ts';

export interface AnnotationTable {
  connection: string;
  database: string;
  table: string;
  form: VocabularyForm;
  /** Those of the form, as the table has them. */
  columns: string[];
}

export interface FoundAnnotations {
  tables: AnnotationTable[];
  /** Connections that could not be searched, with why; without a credential. */
  problems: { connection: string; message: string }[];
}

const LIMITS: SessionLimits = { connectMilliseconds: 5_000, statementMilliseconds: 10_000 };
const MOST_TABLES = 100;
/** One more than a vocabulary may have: that there are too many is the reader's to tell. */
const MOST_TERMS = 20_001;
const LONGEST_CELL = 4_000;

/** What a form's tables have beside what it cannot do without; one of them is needed to be taken for one. */
const BESIDE: Record<VocabularyForm, readonly string[]> = {
  tree: ['parent_code', 'notation', 'abbrev', 'description', 'common_names', 'sensitivity'],
  flat: ['definition', 'common_names', 'specifics', 'deprecated'],
};
const OWN: Record<VocabularyForm, readonly string[]> = {
  tree: ['code', 'label'],
  flat: ['id', 'annotation', 'ontology'],
};

const CANDIDATES = `
  select t.schema, t.name, pg_catalog.json_agg(a.attname order by a.attnum)::text as columns
  from (select c.oid, n.nspname::text as schema, c.relname::text as name ${READABLE}) t
    join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
      and pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'select')
  group by t.schema, t.name
  having pg_catalog.bool_or(lower(a.attname) in ('label', 'annotation', 'ontology'))
    and pg_catalog.bool_or(lower(a.attname) in ('code', 'id'))
  order by t.schema collate "C", t.name collate "C"`;

/** The form of a table's columns; null where it is of none, or could as well be something else. */
export function annotationForm(names: readonly string[]): VocabularyForm | null {
  const held = new Set(names.map((name) => name.toLowerCase()));
  const form = formOfColumns(held);
  return form !== null && BESIDE[form].some((name) => held.has(name)) ? form : null;
}

/** Searches the databases among some connections; never fails for one that cannot be searched. */
export async function findAnnotationTables(
  connections: Connections,
  names: readonly string[],
): Promise<FoundAnnotations> {
  const found: FoundAnnotations = { tables: [], problems: [] };
  for (const name of names) {
    try {
      const connection = await connections.open(name);
      if (connection.type !== 'postgres') continue;
      const rows = await readPostgres(connection, LIMITS, (session) =>
        session.rows<{ schema: string; name: string; columns: string }>(CANDIDATES),
      );
      found.tables.push(...rows.flatMap((row) => annotationTable(name, row)).slice(0, MOST_TABLES));
    } catch (error) {
      if (!(error instanceof TemperaError)) throw error;
      found.problems.push({ connection: name, message: error.message });
    }
  }
  return found;
}

function annotationTable(
  connection: string,
  { schema, name, columns }: { schema: string; name: string; columns: string },
): AnnotationTable[] {
  const names: string[] = JSON.parse(columns);
  const form = annotationForm(names);
  if (form === null) return [];
  return [{ connection, database: schema, table: name, form, columns: names.filter(isOf(form)) }];
}

const isOf = (form: VocabularyForm) => {
  const known = new Set([...OWN[form], ...BESIDE[form]]);
  return (name: string) => known.has(name.toLowerCase()) || (form === 'flat' && /^sensitivity/i.test(name));
};

/**
 * The table as the text of a vocabulary, which its reader takes: JSON, a list of terms.
 *
 * @throws TemperaError NOT_FOUND when it is gone, INVALID_INPUT, DATABASE_UNAVAILABLE
 */
export async function readAnnotationTable(
  connections: Connections,
  { connection, database, table, columns }: AnnotationTable,
): Promise<string> {
  const list = columns.map((name, at) => `left(${quoted(name)}::text, ${LONGEST_CELL}) as c${at}`).join(', ');
  const sql = `select ${list} from ${quoted(database)}.${quoted(table)} order by 1 limit ${MOST_TERMS}`;
  const rows = await readPostgres(await connections.open(connection), LIMITS, (session) =>
    session.rows<Record<string, string | null>>(sql),
  );
  return JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(columns.map((name, at) => [name.toLowerCase(), lawfulText(row[`c${at}`] ?? '')])),
    ),
  );
}

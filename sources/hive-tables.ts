/**
 * Tables of a Hive. Names go into statements, so only plain ones are taken: a letter or underscore, then letters,
 * digits and underscores; others are left out and told of.
 */

import { pathOf } from '../core/connections.ts';
import { TemperaError } from '../core/errors.ts';
import type { ColumnSources, OpenedSource, SampledTable, SourceTable } from '../core/ports/column-sources.ts';
import type { Connections } from '../core/ports/connections.ts';
import { type HiveLimits, type HiveSession, readHive } from './hive-session.ts';
import { byName, lawfulTable } from './lawful-tables.ts';
import { evenly } from './reservoir.ts';

/** How long is waited, for what is read and for a test. */
export interface HiveTimes {
  read: HiveLimits;
  probe: HiveLimits;
}

const TIMES: HiveTimes = {
  read: { connectMilliseconds: 5_000, wholeMilliseconds: 120_000 },
  probe: { connectMilliseconds: 5_000, wholeMilliseconds: 10_000 },
};
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const ROWS_OF_A_SAMPLE = 1_000;
const LEAST_ROWS = 50;
const CELLS_OF_A_SAMPLE = 200_000;
const LONGEST_VALUE = 1_000;
/** What has no text of its own, so that the driver's is taken. */
const COMPLEX = /^(array|map|struct|uniontype|binary)\b/i;

interface Column {
  name: string;
  type: string;
}

export function createHiveTables(hive: Connections, times: HiveTimes = TIMES): ColumnSources {
  async function read<T>(
    { connection }: OpenedSource,
    limits: HiveLimits,
    work: (session: HiveSession, database: string) => Promise<T>,
  ): Promise<T> {
    if (connection === null)
      throw new TemperaError('INVALID_INPUT', 'A source of the type hive needs a connection.');
    const opened = await hive.open(connection);
    const database = pathOf(new URL(opened.address));
    return await readHive(opened, limits, (session) => work(session, database));
  }
  return {
    tables: async (source, { after, limit }) =>
      await read(source, times.read, async (session, only) => {
        const found: SourceTable[] = [];
        for (const database of await databasesOf(session, only)) {
          if (after !== null && byName(database, after.database) < 0) continue;
          const from = after?.database === database ? after.table : null;
          found.push(
            ...(await tablesOf(session, database)).filter(
              ({ table }) => from === null || byName(table, from) > 0,
            ),
          );
          if (found.length >= limit) break;
        }
        return found.slice(0, limit);
      }),
    sample: async (source, table, sampleSize) =>
      await read(source, times.read, async (session) => await sampleTable(session, table, sampleSize)),
    probe: async (source) =>
      await read(source, times.probe, async (session, only) => {
        const databases = await databasesOf(session, only);
        return {
          ok: databases.length > 0,
          message: `It answers, with ${databases.length} databases.`,
          tables: null,
        };
      }),
  };
}

async function databasesOf(session: HiveSession, only: string): Promise<string[]> {
  if (only !== '') return [plain(only)];
  return namesIn(await session.rows('SHOW DATABASES'));
}

async function tablesOf(session: HiveSession, database: string): Promise<SourceTable[]> {
  const names = namesIn(await session.rows(`SHOW TABLES IN ${quoted(database)}`));
  return names.map((table) => ({ database, table, reference: {} }));
}

/** The first column's plain names, in order. */
const namesIn = (rows: readonly Record<string, unknown>[]): string[] =>
  rows
    .map((row) => String(Object.values(row)[0] ?? ''))
    .filter((name) => IDENTIFIER.test(name))
    .sort(byName);

async function sampleTable(
  session: HiveSession,
  { database, table }: SourceTable,
  sampleSize: number,
): Promise<SampledTable> {
  const source = `${quoted(plain(database))}.${quoted(plain(table))}`;
  const described = columnsIn(await session.rows(`DESCRIBE ${source}`));
  const columns = described.filter(({ name }) => IDENTIFIER.test(name));
  const odd = described.length - columns.length;
  const left_out = odd === 0 ? [] : [`${odd} columns are left out: their names are not plain ones.`];
  if (columns.length === 0) return { columns: [], left_out };
  const most = Math.max(
    LEAST_ROWS,
    Math.min(ROWS_OF_A_SAMPLE, Math.floor(CELLS_OF_A_SAMPLE / columns.length)),
  );
  const rows = await session.rows(`SELECT ${columns.map(selected).join(', ')} FROM ${source} LIMIT ${most}`);
  const whole = rows.length < most;
  if (!whole) left_out.push(`The first ${most.toLocaleString('en')} rows that Hive gives are looked at.`);
  return lawfulTable(
    {
      columns: columns.map(({ name, type }, position) => {
        const values = rows.flatMap((row) => textOf(row[`c${position}`]));
        return {
          ...{ name, type, position, total_count: whole ? rows.length : null, reference_code: null },
          null_count: whole ? rows.length - values.length : null,
          distinct_count: whole ? new Set(values).size : null,
          reservoir: evenly(values, sampleSize),
        };
      }),
      left_out,
    },
    sampleSize,
  );
}

/** Rows of DESCRIBE up to what follows the columns: partitions, which stand among them already. */
function columnsIn(rows: readonly Record<string, unknown>[]): Column[] {
  const columns = rows.map((row) => ({
    name: String(row.col_name ?? '').trim(),
    type: String(row.data_type ?? ''),
  }));
  const end = columns.findIndex(({ name }) => name === '' || name.startsWith('#'));
  return end === -1 ? columns : columns.slice(0, end);
}

/** As text by Hive itself, so that a number keeps its zeros. */
const selected = ({ name, type }: Column, at: number): string =>
  `${COMPLEX.test(type) ? quoted(name) : `CAST(${quoted(name)} AS STRING)`} AS c${at}`;

function textOf(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.trim() === '' ? [] : [text.slice(0, LONGEST_VALUE)];
}

/** @throws TemperaError INVALID_INPUT for a name that could be more than one */
function plain(name: string): string {
  if (IDENTIFIER.test(name)) return name;
  const message = `[${name.slice(0, 100)}] is no name that is read from Hive: letters, digits and _, no digit first.`;
  throw new TemperaError('INVALID_INPUT', message);
}

const quoted = (name: string): string => `\`${name}\``;

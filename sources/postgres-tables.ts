/** Tables of a Postgres: all that its user may select from, but for the system's; values by bounded queries. */

import { TemperaError } from '../core/errors.ts';
import type {
  ColumnSources,
  OpenedSource,
  SampledColumn,
  SourceTable,
} from '../core/ports/column-sources.ts';
import type { Connections } from '../core/ports/connections.ts';
import { lawfulTable } from './lawful-tables.ts';
import { quoted, READABLE } from './postgres-names.ts';
import { type ReadSession, readPostgres, type SessionLimits } from './postgres-session.ts';
import { evenly } from './reservoir.ts';

/** How long is waited, for what is read and for a test. */
export interface PostgresLimits {
  read: SessionLimits;
  probe: SessionLimits;
}

const LIMITS: PostgresLimits = {
  read: { connectMilliseconds: 5_000, statementMilliseconds: 20_000 },
  probe: { connectMilliseconds: 4_000, statementMilliseconds: 4_000 },
};

/** Rows that are looked at of one table, and bytes of their values that are held. */
const ROWS_OF_A_SAMPLE = 5_000;
const BYTES_OF_A_SAMPLE = 64 * 1024 * 1024;
/** Cells that one fetch brings at most. */
const CELLS_OF_A_FETCH = 20_000;
const LONGEST_VALUE = 1_000;
/** Pages of 8 KiB from which on a table is sampled by pages, and how many of them are read. */
const WHOLE_PAGES = 2_000;
const SAMPLED_PAGES = 500;
const SEED = 7;

const TABLES = `select n.nspname::text as schema, c.relname::text as name ${READABLE}
  and ($1::text is null or (n.nspname::text collate "C", c.relname::text collate "C") > ($1, $2))
  order by n.nspname::text collate "C", c.relname::text collate "C" limit $3`;

const TABLE = `select c.oid::text, c.relkind::text as kind, greatest(c.reltuples, -1)::bigint as rows,
    coalesce((select sum(pg_catalog.pg_relation_size(t.relid)) from pg_catalog.pg_partition_tree(c.oid) t), 
      pg_catalog.pg_relation_size(c.oid), 0)::bigint / 8192 as pages ${READABLE}
  and n.nspname = $1 and c.relname = $2`;

/** With what keys say of each: of several foreign ones the oldest. */
const COLUMNS = `select a.attname::text as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
    exists (select from pg_catalog.pg_constraint k
      where k.conrelid = a.attrelid and k.contype = 'p' and a.attnum = any(k.conkey))::text as is_key,
    partner.table_name, partner.column_name
  from pg_catalog.pg_attribute a left join lateral (
    select r.relname::text as table_name, b.attname::text as column_name from pg_catalog.pg_constraint k
    join pg_catalog.pg_class r on r.oid = k.confrelid
    join pg_catalog.pg_attribute b on b.attrelid = k.confrelid
      and b.attnum = k.confkey[array_position(k.conkey, a.attnum)]
    where k.conrelid = a.attrelid and k.contype = 'f' and a.attnum = any(k.conkey) order by k.oid limit 1
  ) partner on true where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
    and pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'select') order by a.attnum`;

interface Table {
  oid: string;
  kind: string;
  rows: number;
  pages: number;
  schema: string;
  name: string;
}

interface Column {
  name: string;
  type: string;
  /** As Postgres writes it. */
  is_key: 'true' | 'false';
  /** Of the column that it refers to. */
  table_name: string | null;
  column_name: string | null;
}

export function createPostgresTables(
  connections: Connections,
  limits: PostgresLimits = LIMITS,
): ColumnSources {
  async function read<T>(
    source: OpenedSource,
    session: SessionLimits,
    work: (session: ReadSession) => Promise<T>,
  ): Promise<T> {
    if (source.connection === null)
      throw new TemperaError('INVALID_INPUT', 'A source of the type postgres needs a connection.');
    return await readPostgres(await connections.open(source.connection), session, work);
  }
  return {
    async tables(source, { after, limit }) {
      const rows = await read(source, limits.read, (session) =>
        session.rows<{ schema: string; name: string }>(TABLES, [
          after?.database ?? null,
          after?.table ?? '',
          limit,
        ]),
      );
      return rows.map(({ schema, name }): SourceTable => ({ database: schema, table: name, reference: {} }));
    },
    sample: async (source, table, sampleSize) =>
      await read(source, limits.read, (session) => sampleTable(session, table, sampleSize)),
    async probe(source) {
      const [found] = await read(source, limits.probe, (session) =>
        session.rows<{ tables: number }>(`select count(*) as tables ${READABLE}`),
      );
      const tables = found?.tables ?? 0;
      if (tables > 0) return { ok: true, message: `${tables} tables.`, tables };
      return {
        ok: false,
        message: 'It answers, but its user may read no table. Grant it SELECT on some.',
        tables,
      };
    },
  };
}

async function sampleTable(session: ReadSession, { database, table }: SourceTable, sampleSize: number) {
  const [found] = await session.rows<Omit<Table, 'schema' | 'name'>>(TABLE, [database, table]);
  if (found === undefined)
    throw new TemperaError(
      'NOT_FOUND',
      `There is no table [${database}.${table}] any more that may be read.`,
    );
  const columns = await session.rows<Column>(COLUMNS, [found.oid]);
  if (columns.length === 0) return { columns: [], left_out: ['The table has no column that may be read.'] };
  const read = await valuesOf(session, { ...found, schema: database, name: table }, columns);
  return lawfulTable(
    {
      columns: columns.map((column, at) => sampledColumn(column, at, { read, sampleSize })),
      left_out: read.left_out,
    },
    sampleSize,
  );
}

interface ReadValues {
  /** Non-null ones of each column, in the order of the rows. */
  values: string[][];
  rows: number;
  /** Of the whole table; null: not known. */
  total: number | null;
  whole: boolean;
  left_out: string[];
}

/** Reads rows by a cursor until there are enough, so that no table is held in memory. */
async function valuesOf(session: ReadSession, table: Table, columns: readonly Column[]): Promise<ReadValues> {
  const byPages = table.pages > WHOLE_PAGES && 'rpm'.includes(table.kind);
  const size = Math.max(1, Math.floor(CELLS_OF_A_FETCH / columns.length));
  const values: string[][] = columns.map(() => []);
  let [rows, bytes] = [0, 0];
  await session.rows(`declare sampled no scroll cursor for ${query(table, columns, byPages)}`);
  for (let isEnd = false; !isEnd; ) {
    const fetched = await session.rows<Record<string, string | null>>(`fetch ${size} from sampled`);
    for (const row of fetched) bytes += taken(row, values);
    rows += fetched.length;
    isEnd = fetched.length < size || bytes > BYTES_OF_A_SAMPLE;
  }
  const cut = bytes > BYTES_OF_A_SAMPLE;
  const whole = !byPages && !cut && rows < ROWS_OF_A_SAMPLE;
  const total = whole ? rows : table.rows >= 0 ? table.rows : null;
  return { values, rows, total, whole, left_out: whole ? [] : [howRead(table, { byPages, rows, total })] };
}

/** Adds a row's values to their columns. @returns bytes of them */
function taken(row: Record<string, string | null>, values: string[][]): number {
  let bytes = 0;
  for (const [at, column] of values.entries()) {
    const value = row[`c${at}`];
    if (value === null || value === undefined || value.trim() === '') continue;
    column.push(value);
    bytes += value.length;
  }
  return bytes;
}

function query({ schema, name, pages }: Table, columns: readonly Column[], byPages: boolean): string {
  const list = columns.map((column, at) => `left(${quoted(column.name)}::text, ${LONGEST_VALUE}) as c${at}`);
  const percent = Math.min(100, (SAMPLED_PAGES / Math.max(1, pages)) * 100).toFixed(6);
  const sampled = byPages ? ` tablesample system (${percent}) repeatable (${SEED})` : '';
  return `select ${list.join(', ')} from ${quoted(schema)}.${quoted(name)}${sampled} limit ${ROWS_OF_A_SAMPLE}`;
}

function howRead(
  { kind, pages }: Table,
  { byPages, rows, total }: { byPages: boolean; rows: number; total: number | null },
): string {
  const of =
    total === null
      ? 'of its rows'
      : `of about ${total.toLocaleString('en')} rows, by the database’s estimate,`;
  const how = byPages
    ? `from pages drawn evenly over ${pages.toLocaleString('en')}`
    : `the first that the ${kind === 'v' ? 'view' : 'table'} gives`;
  return `${rows.toLocaleString('en')} ${of} are looked at, ${how}.`;
}

function sampledColumn(
  { name, type, is_key, table_name: table, column_name: column }: Column,
  position: number,
  { read, sampleSize }: { read: ReadValues; sampleSize: number },
): SampledColumn {
  const values = read.values[position] ?? [];
  return {
    ...{ name, type, position, total_count: read.total, reference_code: null },
    null_count: read.whole ? read.rows - values.length : null,
    distinct_count: read.whole ? new Set(values).size : null,
    reservoir: evenly(values, sampleSize),
    ...(is_key === 'true' && { is_key: true }),
    ...(table !== null && column !== null && { references: { table, column } }),
  };
}

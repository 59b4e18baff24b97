/**
 * All rows of a database at one moment, as text that any Postgres reads back to the same values, and back again.
 *
 * 1. Rows are read in one transaction of one snapshot, and written in one: all of them, or none.
 * 2. A row travels as the text of its whole record, which knows null from the JSON null, and every number exactly.
 * 3. What is of the machine alone (hosts, workers, leases, counters of windows, sign-ins) stays behind.
 */

import type { Queryable, Transaction } from './database.ts';
import { only } from './sql.ts';

/** A host that is elsewhere after a restore, or gone; whoever needs one takes a new lease. */
const OF_THE_MACHINE = [
  ...['worker_heartbeats', 'sandbox_hosts', 'slot_leases', 'leases', 'migrations', 'sign_ins'],
];
/** Rows at once: one may hold megabytes. */
const BATCH = 50;

export interface AppliedMigration {
  name: string;
  sha256: string;
}

/** What the schema is made of, by number; none where nothing was applied. */
export async function appliedMigrations(q: Queryable): Promise<AppliedMigration[]> {
  const [found] = await q.query<{ there: boolean }>(`select to_regclass('migrations') is not null as there`);
  return found?.there ? await q.query('select name, sha256 from migrations order by name') : [];
}

/** The transaction sees one moment from now on, and writes nothing. */
export async function takeSnapshot(tx: Transaction): Promise<void> {
  await tx.query('set transaction isolation level repeatable read read only');
}

/** Tables whose rows are kept, each behind those that it refers to. @throws where they refer to each other in a ring */
export async function tablesInOrder(q: Queryable): Promise<string[]> {
  const tables = await q.query<{ name: string; refers_to: string[] }>(
    `select c.relname::text as name, coalesce(array_agg(distinct r.relname::text)
         filter (where r.relname is not null and r.oid <> c.oid), '{}') as refers_to
     from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
     left join pg_constraint k on k.conrelid = c.oid and k.contype = 'f' left join pg_class r on r.oid = k.confrelid
     where c.relkind = 'r' and c.relpersistence = 'p' and c.relname <> all($1) group by 1 order by 1`,
    [OF_THE_MACHINE],
  );
  const ordered: string[] = [];
  while (ordered.length < tables.length) {
    const next = tables.filter(
      ({ name, refers_to }) => !ordered.includes(name) && refers_to.every((each) => ordered.includes(each)),
    );
    if (next.length === 0)
      throw new Error('Tables refer to each other in a ring: none can be written first.');
    ordered.push(...next.map(({ name }) => name));
  }
  return ordered;
}

/** Every row of the table as the text of its record, some at a time. */
export async function* rowsOf(tx: Transaction, table: string): AsyncGenerator<string[]> {
  await tx.query(`declare rows no scroll cursor for select (t.*)::text as row from "${table}" t`);
  for (;;) {
    const rows = await tx.query<{ row: string }>(`fetch ${BATCH} from rows`);
    if (rows.length === 0) break;
    yield rows.map(({ row }) => row);
  }
  await tx.query('close rows');
}

/** Writes rows that `rowsOf` gave. */
export async function writeRows(tx: Transaction, table: string, rows: readonly string[]): Promise<void> {
  await tx.query(
    `insert into "${table}" overriding system value
     select (given.row::"${table}").* from unnest($1::text[]) as given (row)`,
    [rows],
  );
}

/** Numbers of sequences that are no column's. */
export async function sequenceNumbers(q: Queryable): Promise<Record<string, number>> {
  const rows = await q.query<{ name: string; last: number }>(
    `select s.sequencename::text as name, coalesce(s.last_value, 0)::float8 as last from pg_sequences s
     where s.schemaname = 'public' and not exists (
       select from pg_depend d where d.objid = format('%I', s.sequencename)::regclass and d.deptype in ('a', 'i'))`,
  );
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]));
}

/** Numbers go on behind those that were given: of columns by their rows, of others as they stood. */
export async function setSequences(
  tx: Transaction,
  numbers: Readonly<Record<string, number>>,
): Promise<void> {
  for (const [name, last] of Object.entries(numbers))
    if (last > 0) await tx.query('select setval(format($1, $2::text)::regclass, $3)', ['%I', name, last]);
  const columns = await tx.query<{ table_name: string; column_name: string }>(
    `select table_name, column_name from information_schema.columns
     where table_schema = 'public' and is_identity = 'YES'`,
  );
  for (const { table_name, column_name } of columns)
    await tx.query(
      `select setval(pg_get_serial_sequence('"${table_name}"', '${column_name}'), max("${column_name}"))
       from "${table_name}" having max("${column_name}") is not null`,
    );
}

/** Whether nobody has stored anything: no table of ours at all. */
export async function isUnused(q: Queryable): Promise<boolean> {
  const { count } = only(
    await q.query<{ count: number }>(
      `select count(*)::integer as count from information_schema.tables where table_schema = 'public'`,
    ),
  );
  return count === 0;
}

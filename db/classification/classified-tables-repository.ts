/** Tables of a run, as they were found, and what was sampled of them. Workers write; a row is written anew alike. */

import type { SampledTable, SourceTable } from '../../core/ports/column-sources.ts';
import type { Queryable, Transaction } from '../database.ts';
import { only, toJson } from '../sql.ts';

export interface RunTable extends SourceTable {
  position: number;
  /** null: not sampled yet. */
  columns: number | null;
  left_out: string[];
  error: string | null;
}

/** Tables from `first` on, in their order; those that are there stay. */
export async function insertTables(
  tx: Transaction,
  runId: string,
  { first, tables }: { first: number; tables: readonly SourceTable[] },
): Promise<void> {
  const rows = tables.map(({ database, table, reference }, index) => ({
    ...{ run_id: runId, position: first + index, database, table_name: table, reference },
  }));
  await tx.query(
    `insert into classified_tables (run_id, position, database, table_name, reference)
     select run_id, position, database, table_name, reference
     from jsonb_populate_recordset(null::classified_tables, $1::jsonb) on conflict do nothing`,
    [toJson(rows)],
  );
}

const COLUMNS = 'position, database, table_name as table, reference, columns, left_out, error';

/** Tables at the positions `from` up to and without `to`. */
export function runTables(
  q: Queryable,
  runId: string,
  { from, to }: { from: number; to: number },
): Promise<RunTable[]> {
  return q.query<RunTable>(
    `select ${COLUMNS} from classified_tables where run_id = $1 and position >= $2 and position < $3
     order by position`,
    [runId, from, to],
  );
}

export async function lastTable(q: Queryable, runId: string): Promise<RunTable | null> {
  const rows = await q.query<RunTable>(
    `select ${COLUMNS} from classified_tables where run_id = $1 order by position desc limit 1`,
    [runId],
  );
  return rows[0] ?? null;
}

/** The next window of tables that have `columns` together, or of a single one that has more. */
export async function nextWindow(
  q: Queryable,
  runId: string,
  { from, columns }: { from: number; columns: number },
): Promise<{ to: number; columns: number }> {
  const rows = await q.query<{ to: number | null; columns: number }>(
    `select max(position) + 1 as to, coalesce(sum(columns), 0)::integer as columns from (
       select position, columns, sum(coalesce(columns, 0)) over (order by position) - coalesce(columns, 0) as before
       from (select position, columns from classified_tables where run_id = $1 and position >= $2
         order by position limit 1000) near
     ) summed where before < $3`,
    [runId, from, columns],
  );
  const { to, columns: found } = only(rows);
  return { to: to ?? from, columns: found };
}

/** What was sampled of a table; replaces what an earlier attempt wrote. */
export async function saveSample(
  tx: Transaction,
  runId: string,
  { position, sampled }: { position: number; sampled: SampledTable },
): Promise<void> {
  await tx.query('delete from classified_columns where run_id = $1 and table_position = $2', [
    runId,
    position,
  ]);
  const rows = sampled.columns.map(({ name, type, position: place, reference_code, ...sample }) => ({
    ...{ run_id: runId, table_position: position, column_position: place, column_name: name, type },
    ...{ sample, reference_code },
  }));
  await tx.query(
    `insert into classified_columns
       (run_id, table_position, column_position, column_name, type, sample, reference_code)
     select run_id, table_position, column_position, column_name, type, sample, reference_code
     from jsonb_populate_recordset(null::classified_columns, $1::jsonb)`,
    [toJson(rows)],
  );
  await tx.query(
    `update classified_tables set columns = $3, left_out = $4::jsonb, error = null
     where run_id = $1 and position = $2`,
    [runId, position, rows.length, toJson(sampled.left_out)],
  );
}

/** Why a table could not be sampled: the run goes on without it. */
export async function failSample(
  tx: Transaction,
  runId: string,
  { position, error }: { position: number; error: string },
): Promise<void> {
  await tx.query('delete from classified_columns where run_id = $1 and table_position = $2', [
    runId,
    position,
  ]);
  await tx.query('update classified_tables set columns = 0, error = $3 where run_id = $1 and position = $2', [
    runId,
    position,
    error,
  ]);
}

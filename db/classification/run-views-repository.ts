/** Views of a run's results, for who may see it: a map's points, columns in doubt, places with their keys. */

import type { ColumnKey } from '../../core/classification/records.ts';
import type { UndecidedColumn } from '../../core/classification/review-queue.ts';
import type { ColumnPlace } from '../../core/classification/stored-columns.ts';
import type { Queryable } from '../database.ts';
import { only, toJson } from '../sql.ts';

export interface MapPoint extends ColumnPlace {
  column_name: string;
  predicted_code: string | null;
  predicted_label: string | null;
  probability: number;
  needs_review: boolean;
  x: number;
  y: number;
}

/** Every so many columns, in their order, so that there are at most `most`. */
export async function mapPoints(
  q: Queryable,
  runId: string,
  most: number,
): Promise<{ columns: number; every: number; points: MapPoint[] }> {
  const [counted] = await q.query<{ columns: number }>(
    'select count(*)::integer as columns from classified_columns where run_id = $1 and result is not null',
    [runId],
  );
  const columns = counted?.columns ?? 0;
  const every = Math.max(1, Math.ceil(columns / most));
  const points = await q.query<MapPoint>(
    `select table_position, column_position, column_name, predicted_code, result->>'predicted_label' as predicted_label,
       coalesce(probability, 0) as probability, coalesce(needs_review, true) as needs_review,
       (result->>'x')::double precision as x, (result->>'y')::double precision as y
     from (select *, row_number() over (order by table_position, column_position) as place
       from classified_columns where run_id = $1 and result is not null) placed
     where (place - 1) % $2 = 0 order by place`,
    [runId, every],
  );
  return { columns, every, points };
}

/** Columns that a person should look at and that nobody has decided, the least sure first. */
export function undecidedColumns(q: Queryable, runId: string, limit: number): Promise<UndecidedColumn[]> {
  return q.query<UndecidedColumn>(
    `select c.table_position, c.column_position, t.database, t.table_name, c.column_name, c.predicted_code,
       c.result->>'predicted_label' as predicted_label, coalesce(c.probability, 0) as probability,
       (c.result->>'belief')::double precision as belief,
       coalesce(jsonb_path_query_array(c.evidence, '$.signals[*] ? (@.counts_as != "nothing").name'), '[]') as signals
     from classified_columns c
     join classified_tables t on t.run_id = c.run_id and t.position = c.table_position
     join classification_runs r on r.id = c.run_id
     where c.run_id = $1 and c.needs_review and c.result is not null
       and not exists (select from reviews v where v.source_id = r.source_id and v.database = t.database
         and v.table_name = t.table_name and v.column_name = c.column_name and v.undone_at is null)
     order by c.probability nulls first, c.table_position, c.column_position limit $2`,
    [runId, limit],
  );
}

export async function countUndecided(q: Queryable, runId: string): Promise<number> {
  const rows = await q.query<{ columns: number }>(
    `select count(*)::integer as columns from classified_columns c
     join classified_tables t on t.run_id = c.run_id and t.position = c.table_position
     join classification_runs r on r.id = c.run_id
     where c.run_id = $1 and c.needs_review and c.result is not null
       and not exists (select from reviews v where v.source_id = r.source_id and v.database = t.database
         and v.table_name = t.table_name and v.column_name = c.column_name and v.undone_at is null)`,
    [runId],
  );
  return only(rows).columns;
}

export interface DecidedColumn extends ColumnKey, ColumnPlace {
  predicted_code: string | null;
}

/** The columns at these places that have a result, in any order. */
export function columnsAt(
  q: Queryable,
  runId: string,
  places: readonly ColumnPlace[],
): Promise<DecidedColumn[]> {
  return q.query<DecidedColumn>(
    `select c.table_position, c.column_position, t.database, t.table_name, c.column_name, c.predicted_code
     from jsonb_to_recordset($2::jsonb) as n(table_position integer, column_position integer)
     join classified_columns c on c.run_id = $1 and c.table_position = n.table_position
       and c.column_position = n.column_position
     join classified_tables t on t.run_id = c.run_id and t.position = c.table_position
     where c.result is not null`,
    [runId, toJson(places)],
  );
}

/** Columns of each table of a run, as they were sampled; null where that was not done. */
export function tableSizes(
  q: Queryable,
  runId: string,
  tables: readonly { database: string; table: string }[],
): Promise<{ database: string; table: string; columns: number | null; error: string | null }[]> {
  return q.query(
    `select t.database, t.table_name as table, t.columns, t.error from classified_tables t
     join jsonb_to_recordset($2::jsonb) as n(database text, "table" text)
       on n.database = t.database and n.table = t.table_name
     where t.run_id = $1`,
    [runId, toJson(tables)],
  );
}

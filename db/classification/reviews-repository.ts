/**
 * What people decide of columns. Never overwritten: a later decision of a column holds instead, and each can be undone.
 */

import type { ColumnKey, Review } from '../../core/classification/records.ts';
import { isId } from '../../core/ids.ts';
import type { Principal } from '../../core/principal.ts';
import type { Queryable, Transaction } from '../database.ts';
import {
  ownerFilter,
  type Page,
  type PageRequest,
  readCursor,
  rowsRequested,
  toJson,
  toPage,
} from '../sql.ts';
import { seenBy } from './seen-by.ts';

export type NewReview = Omit<Review, 'created_at' | 'undone_at' | 'undone_by' | 'by'>;

const COLUMNS = `id, source_id, run_id, database, table_name, column_name, decision, code, suggested_code, note, by,
  created_at, undone_at, undone_by`;

/** Writes the decisions in their order; the caller has checked that the principal may review the source. */
export async function insertReviews(
  tx: Transaction,
  principal: Principal,
  reviews: readonly NewReview[],
): Promise<Review[]> {
  return await tx.query<Review>(
    `insert into reviews (id, source_id, run_id, database, table_name, column_name, decision, code, suggested_code,
       note, by)
     select id, source_id, run_id, database, table_name, column_name, decision, code, suggested_code, note, $2
     from jsonb_populate_recordset(null::reviews, $1::jsonb) with ordinality as t order by t.ordinality
     on conflict (id) do nothing returning ${COLUMNS}`,
    [toJson(reviews), principal.id],
  );
}

/** Undoes what is named and not undone yet. @returns those that were */
export async function undoReviews(
  tx: Transaction,
  principal: Principal,
  { source_id, ids }: { source_id: string; ids: readonly string[] },
): Promise<Review[]> {
  return await tx.query<Review>(
    `update reviews set undone_at = clock_timestamp(), undone_by = $3
     where source_id = $1 and id = any($2::uuid[]) and undone_at is null returning ${COLUMNS}`,
    [source_id, ids.filter(isId), principal.id],
  );
}

/** Those of a source, in the order of `ids`. */
export async function reviewsByIds(
  q: Queryable,
  { source_id, ids }: { source_id: string; ids: readonly string[] },
): Promise<Review[]> {
  return await q.query<Review>(
    `select ${COLUMNS} from reviews where source_id = $1 and id = any($2::uuid[])
     order by array_position($2::uuid[], id)`,
    [source_id, ids.filter(isId)],
  );
}

/** Every decision on a column of a source, undone ones too, newest first. */
export async function columnReviews(
  q: Queryable,
  source_id: string,
  { database, table_name, column_name }: ColumnKey,
): Promise<Review[]> {
  return await q.query<Review>(
    `select ${COLUMNS} from reviews
     where source_id = $1 and database = $2 and table_name = $3 and column_name = $4
     order by position desc limit 200`,
    [source_id, database, table_name, column_name],
  );
}

/** Every decision of a source, undone ones too, newest first. */
export async function listReviews(
  q: Queryable,
  principal: Principal,
  request: PageRequest & { source_id: string },
): Promise<Page<Review>> {
  const [position] = readCursor(request, 1) ?? [null];
  const rows = await q.query<Review & { position: number }>(
    `select ${COLUMNS.replace(/\w+/g, (name) => `v.${name}`)}, v.position from reviews v
     join data_sources s on s.id = v.source_id
     where v.source_id = $1 and ${seenBy('s', '$2')} and ($3::bigint is null or v.position < $3)
     order by v.position desc limit $4`,
    [request.source_id, ownerFilter(principal), position, rowsRequested(request)],
  );
  const page = toPage(rows, request, (row) => [String(row.position)]);
  return { ...page, items: page.items.map(({ position: _position, ...review }) => review) };
}

/** What holds of each reviewed column of a source; for workers. */
export function reviewsInForce(
  q: Queryable,
  sourceId: string,
): Promise<(ColumnKey & Pick<Review, 'decision' | 'code' | 'suggested_code' | 'by'>)[]> {
  return q.query(
    `select distinct on (database, table_name, column_name)
       database, table_name, column_name, decision, code, suggested_code, by
     from reviews where source_id = $1 and undone_at is null
     order by database, table_name, column_name, position desc`,
    [sourceId],
  );
}

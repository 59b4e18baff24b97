/**
 * What callers hold open, over all api processes: one lease each, renewed while it is served. One that is not renewed,
 * because its process was lost, ends by itself.
 */

import type { LeaseKind } from '../core/access/limits.ts';
import type { Queryable, Transaction } from './database.ts';

export interface OpenLease {
  id: string;
  subject: string;
  kind: LeaseKind;
}

/** Silence after which a lease counts no more. */
const LOST_SECONDS = 30;

/** Takes a lease where the subject holds fewer than `most` of its kind. @returns whether it did */
export async function takeLease(
  tx: Transaction,
  { id, subject, kind }: OpenLease,
  most: number,
): Promise<boolean> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1 || '/' || $2, 0))`, [kind, subject]);
  const rows = await tx.query(
    `insert into open_leases (id, subject, kind)
     select $1, $2, $3 where (select count(*) from open_leases where subject = $2 and kind = $3
       and seen_at > clock_timestamp() - make_interval(secs => $5)) < $4
     returning id`,
    [id, subject, kind, most, LOST_SECONDS],
  );
  return rows.length > 0;
}

/** Renews leases; one that the server has lost is written again. Forgets those that nobody renews. */
export async function renewLeases(q: Queryable, leases: readonly OpenLease[]): Promise<void> {
  await q.query(
    `insert into open_leases (id, subject, kind)
     select * from unnest($1::uuid[], $2::text[], $3::text[])
     on conflict (id) do update set seen_at = clock_timestamp()`,
    [leases.map(({ id }) => id), leases.map(({ subject }) => subject), leases.map(({ kind }) => kind)],
  );
  await q.query('delete from open_leases where seen_at < clock_timestamp() - make_interval(secs => $1)', [
    2 * LOST_SECONDS,
  ]);
}

export async function endLease(q: Queryable, id: string): Promise<void> {
  await q.query('delete from open_leases where id = $1', [id]);
}

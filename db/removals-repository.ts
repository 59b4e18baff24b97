/**
 * Deletions: what is left to do of them outside the database. A row is written in the transaction that deletes, and
 * goes when nothing is left, so that whoever comes after a kill finishes it.
 */

import type { Queryable, Transaction } from './database.ts';

export const REMOVAL_KINDS = ['session', 'experiment', 'upload', 'data_source', 'run'] as const;
export type RemovalKind = (typeof REMOVAL_KINDS)[number];

export interface Removal {
  kind: RemovalKind;
  /** The id of what is gone. */
  subject: string;
}

const FIRST_PAUSE_SECONDS = 5;
/** Tries before the pauses grow: Temporal lists for a while what it has deleted. */
const TRIES_AT_ONCE = 10;
const LONGEST_PAUSE_SECONDS = 600;

/** Writes what a deletion leaves to do; `partOf` is what was deleted. */
export async function insertRemovals(
  tx: Transaction,
  partOf: string,
  removals: readonly Removal[],
): Promise<void> {
  await tx.query(
    `insert into removals (kind, subject, part_of)
     select kind, subject, $3 from unnest($1::text[], $2::text[]) as given (kind, subject)
     on conflict (kind, subject) do nothing`,
    [removals.map(({ kind }) => kind), removals.map(({ subject }) => subject), partOf],
  );
}

/**
 * What is to be tried now, the longest due first; the next try of each is put off, so that two processes do not do the
 * same, and one that dies leaves it to others. With `partOf`, of that deletion alone.
 */
export async function takeRemovals(
  q: Queryable,
  { partOf = null, most }: { partOf?: string | null; most: number },
): Promise<Removal[]> {
  return await q.query<Removal>(
    `update removals set tries = tries + 1, next_try_at = clock_timestamp() + make_interval(
         secs => least($3::float8 * power(2, least(greatest(tries - $5, 0), 10)), $4))
     where (kind, subject) in (
       select kind, subject from removals where next_try_at <= clock_timestamp() and ($1::text is null or part_of = $1)
       order by next_try_at limit $2 for update skip locked)
     returning kind, subject`,
    [partOf, most, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, TRIES_AT_ONCE],
  );
}

/** Nothing is left of it. */
export async function finishRemoval(q: Queryable, { kind, subject }: Removal): Promise<void> {
  await q.query('delete from removals where kind = $1 and subject = $2', [kind, subject]);
}

/** Why something is left of it. */
export async function saveRemovalError(
  q: Queryable,
  { kind, subject }: Removal,
  error: string,
): Promise<void> {
  await q.query('update removals set error = $3 where kind = $1 and subject = $2', [kind, subject, error]);
}

/** The names by which uploads know what was made of them. */
export const uploadUser = {
  experiment: (id: string): string => `experiment/${id}`,
  dataSource: (id: string): string => `data_source/${id}`,
};

/** Notes that `user` was made of the upload. */
export async function useUpload(tx: Transaction, upload: string, user: string): Promise<void> {
  await tx.query(
    `insert into upload_uses (upload_id, subject) select id, $2 from uploads where id = $1
     on conflict do nothing`,
    [upload, user],
  );
}

/** Deletes the uploads that nobody but `user` was made of. @returns their ids */
export async function deleteUploadsOf(tx: Transaction, user: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `delete from uploads where id in (select upload_id from upload_uses where subject = $1)
       and not exists (select from upload_uses other where other.upload_id = uploads.id and other.subject <> $1)
     returning id`,
    [user],
  );
  await tx.query('delete from upload_uses where subject = $1', [user]);
  return rows.map(({ id }) => id);
}

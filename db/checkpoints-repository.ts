/**
 * Checkpoints of workspaces and the blobs that they name.
 *
 * A blob's row says that its object is stored, or may be (`collecting`). Order of a checkpoint: touchBlobs (before a
 * manifest names them), upload what it returns, addBlobs, then insertCheckpoint: an upload that its writer did not
 * live to tell of has its row, and is collected. Order of a collection: blobsToCollect (commits the
 * mark), then in one transaction lockBlobsToDelete, delete the objects, deleteBlobs. A crash in between leaves
 * marked rows, which touchBlobs reports as not stored; one that was touched after the mark is not deleted.
 */

import type { Stage } from '../core/stages.ts';
import type { Queryable, Transaction } from './database.ts';

export interface Checkpoint {
  /** Derived from step and execution. */
  id: string;
  session_id: string;
  stage: Stage;
  run: number;
  step_id: string;
  execution: number;
  /** The checkpoint that the execution started from; null for the empty workspace. */
  base: string | null;
  /** Hash of the manifest's blob. */
  manifest_sha256: string;
  files: number;
  bytes: number;
  /** Taken while the step's processes were stopped, not gone. */
  live: boolean;
  created_at: string;
  /** Since when its files are given up; null while they are kept. */
  released_at: string | null;
}

export interface Blob {
  sha256: string;
  /** Bytes. */
  size: number;
}

const SELECT =
  'id, session_id, stage, run, step_id, execution, base, manifest_sha256, files, bytes, live, created_at, released_at';

/** Writes a checkpoint; one whose id exists stays as it is. */
export async function insertCheckpoint(
  tx: Transaction,
  checkpoint: Omit<Checkpoint, 'created_at' | 'released_at'>,
): Promise<void> {
  await tx.query(
    `insert into checkpoints
       (id, session_id, stage, run, step_id, execution, base, manifest_sha256, files, bytes, live)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing`,
    [
      checkpoint.id,
      checkpoint.session_id,
      checkpoint.stage,
      checkpoint.run,
      checkpoint.step_id,
      checkpoint.execution,
      checkpoint.base,
      checkpoint.manifest_sha256,
      checkpoint.files,
      checkpoint.bytes,
      checkpoint.live,
    ],
  );
}

export async function getCheckpoint(q: Queryable, id: string): Promise<Checkpoint | null> {
  const rows = await q.query<Checkpoint>(`select ${SELECT} from checkpoints where id = $1`, [id]);
  return rows[0] ?? null;
}

/** The checkpoint that was written last, of whatever stage; null when there is none. */
export async function latestCheckpoint(q: Queryable, session: string): Promise<Checkpoint | null> {
  const rows = await q.query<Checkpoint>(
    `select ${SELECT} from checkpoints where session_id = $1 order by position desc limit 1`,
    [session],
  );
  return rows[0] ?? null;
}

/** Bytes of all that a session keeps: its checkpoints' files and long outputs, each content once. */
export async function storedBytes(q: Queryable, session: string): Promise<number> {
  const rows = await q.query<{ bytes: number }>(
    `select coalesce(sum(size), 0)::float8 as bytes from blobs
     where sha256 in (select sha256 from blob_references where session_id = $1)`,
    [session],
  );
  return rows[0]?.bytes ?? 0;
}

/** Those whose files are kept, oldest first. `fixed`: the session may go on from it, so it is never released. */
export async function storedCheckpoints(
  q: Queryable,
  session: string,
): Promise<{ id: string; manifest_sha256: string; fixed: boolean }[]> {
  return q.query(
    `select id, manifest_sha256, position = max(position) over ()
       or exists (
         select from stage_runs r where r.session_id = $1 and checkpoints.id in (r.checkpoint, r.base)
       ) as fixed
     from checkpoints where session_id = $1 and released_at is null order by position`,
    [session],
  );
}

/** These checkpoints' files are given up; the session keeps `hashes` no longer. */
export async function releaseCheckpoints(
  tx: Transaction,
  session: string,
  { ids, hashes }: { ids: readonly string[]; hashes: readonly string[] },
): Promise<void> {
  await tx.query(
    'update checkpoints set released_at = clock_timestamp() where session_id = $1 and id = any($2)',
    [session, ids],
  );
  await tx.query('delete from blob_references where session_id = $1 and sha256 = any($2)', [session, hashes]);
}

/** Marks the blobs as just used; returns the hashes that are not stored and must be uploaded. */
export async function touchBlobs(tx: Transaction, blobs: readonly Blob[]): Promise<string[]> {
  const hashes = [...new Set(blobs.map((blob) => blob.sha256))].sort();
  // Locked in one order everywhere, so that two checkpoints with the same blobs do not deadlock.
  const stored = await tx.query<{ sha256: string; collecting: boolean }>(
    'select sha256, collecting from blobs where sha256 = any($1) order by sha256 for update',
    [hashes],
  );
  await tx.query('update blobs set last_used_at = clock_timestamp() where sha256 = any($1)', [hashes]);
  const sound = new Set(stored.filter((row) => !row.collecting).map((row) => row.sha256));
  const missing = hashes.filter((hash) => !sound.has(hash));
  const sizes = new Map(blobs.map((blob) => [blob.sha256, blob.size]));
  await tx.query(
    `insert into blobs (sha256, size, collecting)
     select hash, size, true from unnest($1::text[], $2::bigint[]) as given (hash, size) on conflict do nothing`,
    [missing, missing.map((hash) => sizes.get(hash) ?? 0)],
  );
  return missing;
}

/** Says that these blobs' objects are stored. */
export async function addBlobs(tx: Transaction, blobs: readonly Blob[]): Promise<void> {
  const distinct = [...new Map(blobs.map((blob) => [blob.sha256, blob.size]))].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  await tx.query(
    `insert into blobs (sha256, size) select * from unnest($1::text[], $2::bigint[])
     on conflict (sha256) do update set last_used_at = clock_timestamp(), collecting = false`,
    [distinct.map(([hash]) => hash), distinct.map(([, size]) => size)],
  );
}

/**
 * Marks up to `limit` blobs unused for `olderThanHours` and returns their hashes. Commit before anything is
 * deleted.
 */
export async function blobsToCollect(
  tx: Transaction,
  olderThanHours: number,
  limit: number,
): Promise<string[]> {
  const rows = await tx.query<{ sha256: string }>(
    `update blobs set collecting = true where sha256 in (
       select sha256 from blobs where last_used_at < clock_timestamp() - make_interval(secs => $1 * 3600.0)
         and not exists (select from blob_references r where r.sha256 = blobs.sha256)
       order by last_used_at limit $2 for update skip locked
     ) returning sha256`,
    [olderThanHours, limit],
  );
  return rows.map((row) => row.sha256).sort();
}

/** Holds marked blobs that are still unused; only these may be deleted, before `tx` ends. */
export async function lockBlobsToDelete(
  tx: Transaction,
  hashes: readonly string[],
  olderThanHours: number,
): Promise<string[]> {
  const rows = await tx.query<{ sha256: string }>(
    `select sha256 from blobs where sha256 = any($1) and collecting
       and not exists (select from blob_references r where r.sha256 = blobs.sha256)
       and last_used_at < clock_timestamp() - make_interval(secs => $2 * 3600.0)
     order by sha256 for update`,
    [hashes, olderThanHours],
  );
  return rows.map((row) => row.sha256);
}

/** Forgets blobs whose objects are deleted. */
export async function deleteBlobs(tx: Transaction, hashes: readonly string[]): Promise<void> {
  await tx.query('delete from blobs where sha256 = any($1) and collecting', [hashes]);
}

/** Keeps these blobs for as long as the session exists. */
export async function referToBlobs(
  tx: Transaction,
  session: string,
  hashes: readonly string[],
): Promise<void> {
  await tx.query(
    `insert into blob_references (session_id, sha256) select $1, hash from unnest($2::text[]) as given (hash)
     order by hash on conflict do nothing`,
    [session, [...new Set(hashes)]],
  );
}

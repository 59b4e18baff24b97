/** What an owner has stored, as far as quotas count it. */

import type { Queryable, Transaction } from './database.ts';
import { only } from './sql.ts';

export interface StorageUse {
  sessions: number;
  /** Of uploads, datasets, files of data sources, artifacts and, each content once, checkpoints. */
  bytes: number;
}

const USE = `select
  (select count(*) from sessions where owner = $1)::float8 as sessions,
  ((select coalesce(sum(size), 0) from uploads where owner = $1)
   + (select coalesce(sum((file ->> 'size')::bigint), 0)
      from experiments e, jsonb_array_elements(e.dataset -> 'files') file where e.owner = $1)
   + (select coalesce(sum((file ->> 'size')::bigint), 0)
      from data_sources s, jsonb_array_elements(s.files) file where s.owner = $1)
   + (select coalesce(sum(a.size), 0) from artifacts a join sessions s on s.id = a.session_id where s.owner = $1)
   + (select coalesce(sum(b.size), 0) from blobs b where b.sha256 in (
        select r.sha256 from blob_references r join sessions s on s.id = r.session_id where s.owner = $1))
  )::float8 as bytes`;

export async function storageUse(q: Queryable, owner: string): Promise<StorageUse> {
  return only(await q.query<StorageUse>(USE, [owner]));
}

/** What an owner stores is counted by one transaction after the other, until `tx` ends. */
export async function lockStorage(tx: Transaction, owner: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('storage/' || $1, 0))`, [owner]);
}

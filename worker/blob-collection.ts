/**
 * Removes blobs that no session names and nothing has used for long. A mark is committed first; only what is still
 * marked and unused is deleted, so that a blob which a writer has touched meanwhile stays.
 */

import type { ActivityPorts } from '../activities/index.ts';
import { blobsToCollect, deleteBlobs, lockBlobsToDelete } from '../db/index.ts';

type CollectionPorts = Pick<ActivityPorts, 'database' | 'objects' | 'keys'>;

/** Blobs of one round. */
const BATCH = 500;

/** As many rounds as there is something to remove. @returns how many blobs were removed */
export async function collectBlobs(ports: CollectionPorts, keepHours: number): Promise<number> {
  let removed = 0;
  for (;;) {
    const count = await collectRound(ports, keepHours);
    removed += count;
    if (count < BATCH) return removed;
  }
}

async function collectRound(
  { database, objects, keys }: CollectionPorts,
  keepHours: number,
): Promise<number> {
  const marked = await database.transaction((tx) => blobsToCollect(tx, keepHours, BATCH));
  if (marked.length === 0) return 0;
  return database.transaction(async (tx) => {
    const locked = await lockBlobsToDelete(tx, marked, keepHours);
    if (locked.length === 0) return 0;
    await objects.delete(locked.map((hash) => keys.blobKey(hash)));
    await deleteBlobs(tx, locked);
    return locked.length;
  });
}

/**
 * Removes blobs that no session names and nothing has used for long. A mark is committed first; only what is still
 * marked and unused is deleted, so that a blob which a writer has touched meanwhile stays.
 */

import type { ActivityPorts } from '../activities/index.ts';

/** Blobs of one round. */
const BATCH = 500;

/** @returns how many were removed */
export async function collectBlobs(
  { database, repositories, objects, keys }: ActivityPorts,
  keepHours: number,
): Promise<number> {
  const marked = await database.transaction((tx) => repositories.blobsToCollect(tx, keepHours, BATCH));
  if (marked.length === 0) return 0;
  return database.transaction(async (tx) => {
    const locked = await repositories.lockBlobsToDelete(tx, marked, keepHours);
    if (locked.length === 0) return 0;
    await objects.delete(locked.map((hash) => keys.blobKey(hash)));
    await repositories.deleteBlobs(tx, locked);
    return locked.length;
  });
}

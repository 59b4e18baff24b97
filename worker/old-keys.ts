/** Removes Idempotency-Keys that nobody will repeat any more, in bounded transactions. */

import { type Database, deleteOldKeys } from '../db/index.ts';

/** Keys of one transaction. */
const BATCH = 5_000;

/** @returns how many were removed */
export async function forgetOldKeys(database: Database, keepHours: number): Promise<number> {
  for (let removed = 0; ; ) {
    const last = await database.transaction((tx) => deleteOldKeys(tx, keepHours, BATCH));
    removed += last;
    if (last < BATCH) return removed;
  }
}

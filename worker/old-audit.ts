/** Removes rows of the audit that are older than is kept, in bounded transactions. */

import { type Database, forgetAudit } from '../db/index.ts';

/** Rows of one transaction. */
const BATCH = 5_000;

/** @returns how many were removed */
export async function forgetOldAudit(database: Database, keepDays: number): Promise<number> {
  for (let removed = 0; ; ) {
    const last = await database.transaction((tx) => forgetAudit(tx, keepDays, BATCH));
    removed += last;
    if (last < BATCH) return removed;
  }
}

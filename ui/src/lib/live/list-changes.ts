/** Whether the lists of experiments and sessions have to be read again for what changed. */

import type { Session } from '../api/types.ts';

/**
 * Whether a session came or went. What is older than the last of a full list is not in it and changes
 * nothing there.
 * @param changes sessions by id; null for one that is gone
 * @param listed newest first, at most `most`
 */
export function isOutOfDate(
  changes: ReadonlyMap<string, Session | null>,
  listed: readonly Session[],
  most: number,
): boolean {
  const known = new Set(listed.map(({ id }) => id));
  const oldest = listed.length < most ? undefined : listed.at(-1);
  return [...changes].some(([id, session]) => {
    // its experiment may be gone with it
    if (session === null) return true;
    return !known.has(id) && (oldest === undefined || session.created_at > oldest.created_at);
  });
}

/** Up to which event each tab of a session was seen; kept while this window is open, also when the studio is left. */

import { STUDIO_TABS, type StudioTab } from '../../lib/routing/routes.ts';

export type SeenNews = [tab: StudioTab, seq: number][];

const keyOf = (sessionId: string): string => `tempera.seen.${sessionId}`;

export function readSeen(sessionId: string): SeenNews {
  try {
    return toSeen(JSON.parse(sessionStorage.getItem(keyOf(sessionId)) ?? '{}'));
  } catch {
    return []; // storage is switched off, or holds what is none of ours
  }
}

export function keepSeen(sessionId: string, seen: SeenNews): void {
  try {
    sessionStorage.setItem(keyOf(sessionId), JSON.stringify(Object.fromEntries(seen)));
  } catch {
    // storage is switched off or full: the dots last as long as the page
  }
}

/** What was kept, without anything that is no tab or no number. */
export function toSeen(stored: unknown): SeenNews {
  if (typeof stored !== 'object' || stored === null) return [];
  const values = new Map(Object.entries(stored));
  return STUDIO_TABS.flatMap((tab) => {
    const seq: unknown = values.get(tab);
    return typeof seq === 'number' ? [[tab, seq] as [StudioTab, number]] : [];
  });
}

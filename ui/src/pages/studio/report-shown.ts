/** Which stage's report the Report tab shows. */

import type { Stage } from '../../lib/api/types.ts';
import type { Report } from '../../lib/streams/session-log.ts';

/** Scrolled by this many pixels a report is being read. */
export const READ_PIXELS = 48;

/** The report that was chosen, else the one that is being read, else the last: each only where it is there. */
export function shownReport(
  latest: readonly Report[],
  { asked, held }: { asked: string | null; held: Stage | null },
): Report | undefined {
  const of = (expected: string | null): Report | undefined => latest.find(({ stage }) => stage === expected);
  return of(asked) ?? of(held) ?? latest.at(-1);
}

/** The last report, where it was written after the one that is shown. */
export function newerReport(latest: readonly Report[], shown: Report | undefined): Report | null {
  const last = latest.at(-1);
  return last && shown && last.stage !== shown.stage && last.at > shown.at ? last : null;
}

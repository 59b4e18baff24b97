/**
 * Which scores may be set beside each other: those of one metric on the same test rows. The rows are told apart by a
 * fingerprint that the platform measures, never by what a script says of them. Pure.
 */

import { grouped } from './grouped.ts';

export interface ScoredSession {
  id: string;
  /** Of the test rows; null where it was not measured: of those nothing is known, not even of each other. */
  test_rows: string | null;
  /** Of its finished training; null before. */
  metric: string | null;
  value: number | null;
}

/** What a score is to the set that most are of; `alone`: no other session has one. */
export const STANDINGS_OF_SCORES = [
  'comparable',
  'alone',
  'other_rows',
  'other_metric',
  'unknown_rows',
] as const;
export interface PlaceOfScore {
  standing: (typeof STANDINGS_OF_SCORES)[number];
  /** Of those that it may be set beside, where they differ. */
  best: boolean;
}

/** Numbers for the sets of test rows, from 1 on in the order in which sessions first had them; null: not known. */
export function rowGroups(
  sessions: readonly Pick<ScoredSession, 'id' | 'test_rows'>[],
): Map<string, number | null> {
  const known = [...new Set(sessions.flatMap(({ test_rows }) => test_rows ?? []))];
  return new Map(
    sessions.map(({ id, test_rows }) => [id, test_rows === null ? null : known.indexOf(test_rows) + 1]),
  );
}

/**
 * By id, of sessions that have a score. The set that most are of is the one to which the others are not comparable, of
 * equal ones the first; the best is told within each set of several.
 */
export function scoreStandings(
  sessions: readonly ScoredSession[],
  isLessBetter: (metric: string) => boolean,
): Map<string, PlaceOfScore> {
  const scored = sessions.flatMap(({ metric, value, ...rest }) =>
    metric === null || value === null ? [] : [{ ...rest, metric, value }],
  );
  if (scored.length === 1) return new Map(scored.map(({ id }) => [id, { standing: 'alone', best: false }]));
  const sets = grouped(
    scored.filter(({ test_rows }) => test_rows !== null),
    ({ test_rows, metric }) => JSON.stringify([test_rows, metric]),
  );
  const [main] = [...sets.values()].sort((one, other) => other.length - one.length);
  const reference = main?.[0];
  const best = new Set([...sets.values()].flatMap((set) => bestOf(set, isLessBetter)));
  const standing = ({ test_rows, metric }: (typeof scored)[number]): PlaceOfScore['standing'] => {
    if (test_rows === null) return 'unknown_rows';
    if (test_rows !== reference?.test_rows) return 'other_rows';
    return metric === reference.metric ? 'comparable' : 'other_metric';
  };
  return new Map(
    scored.map((session) => [session.id, { standing: standing(session), best: best.has(session.id) }]),
  );
}

/** Of several that are comparable those with the best value; none where all have the same. */
function bestOf(
  set: readonly { id: string; metric: string; value: number }[],
  isLessBetter: (metric: string) => boolean,
): string[] {
  const values = set.map(({ value }) => value);
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  if (least === greatest) return [];
  const most = isLessBetter(set[0]?.metric ?? '') ? least : greatest;
  return set.filter(({ value }) => value === most).map(({ id }) => id);
}

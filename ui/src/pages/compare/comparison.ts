/** Many sessions side by side: which of their values are shown, summed up and ordered. */

import type { Aggregate, ComparedSession } from '../../lib/api/answers.ts';

/** Which of a metric's values is shown; `value` is the mean over folds, else the last. */
export type Statistic = 'value' | 'last' | 'min' | 'max' | 'best';

/** A session's value of a metric, of the one run that speaks for it; null where there is none. */
export function statisticOf(
  { metrics }: Pick<ComparedSession, 'metrics'>,
  { name }: Pick<Aggregate, 'name'>,
  statistic: Statistic,
): number | null {
  return metrics.find((each) => each.chosen && each.name === name)?.[statistic] ?? null;
}

/** What a column shows, summed up. */
export interface Totals {
  best: number | null;
  mean: number | null;
  min: number | null;
  max: number | null;
}

export function totalsOf(values: readonly (number | null)[], better: Aggregate['better']): Totals {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { best: null, mean: null, min: null, max: null };
  const [min, max] = [Math.min(...known), Math.max(...known)];
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return { best: better === 'less' ? min : max, mean, min, max };
}

/** Measured once, on rows that no choice was made by: what sessions are to be compared by. */
export const isTested = ({ name }: Pick<Aggregate, 'name'>): boolean => name.startsWith('test_');
/** Columns shown unless others are chosen. */
const MOST_AT_FIRST = 8;
/** Columns beside those of the test split. */
const BESIDE_TESTED = 2;

/** Metrics that most sessions have first, of these the ones of the test split. */
export const inOrder = (aggregates: readonly Aggregate[]): Aggregate[] =>
  aggregates.toSorted((a, b) => b.sessions - a.sessions || Number(isTested(b)) - Number(isTested(a)));

/**
 * The columns of a first look: those of the test split and a few others. A running mean only repeats its metric, and
 * what few of the sessions have is a column of gaps.
 */
export function firstColumns(metrics: readonly Aggregate[]): string[] {
  const names = new Set(metrics.map(({ name }) => name));
  const most = Math.max(...metrics.map(({ sessions }) => sessions));
  const own = metrics.filter(
    ({ name, sessions }) =>
      2 * sessions >= most && !(name.endsWith('_mean') && names.has(name.replace(/_mean$/, ''))),
  );
  const tested = own.filter(isTested);
  const others = own.filter((metric) => !isTested(metric));
  const beside = tested.length === 0 ? MOST_AT_FIRST : BESIDE_TESTED;
  const selected = new Set([...tested.slice(0, MOST_AT_FIRST), ...others.slice(0, beside)]);
  return metrics.filter((metric) => selected.has(metric)).map(({ name }) => name);
}

/** How many experiments the sessions are of. */
export const experimentsOf = (sessions: readonly ComparedSession[]): number =>
  new Set(sessions.map(({ experiment_id }) => experiment_id)).size;

/** What a session is called beside the others: where they are of several experiments, with its own's name. */
export const labelOf = ({ name, title }: ComparedSession, experiments: number): string =>
  experiments > 1 ? `${name} · ${title}` : title;

/**
 * What a line is called: the learner is named where the session is not called by it already.
 * @param names what the learner is called, the one that is shown first
 */
export function lineLabel(title: string, names: readonly string[]): string {
  const [shown = ''] = names;
  const parts = title.toLowerCase().split(' · ');
  const isNamed = names.some((name) => parts.includes(name.toLowerCase()));
  return shown === '' || isNamed ? title : `${title} · ${shown}`;
}

/** Of the sessions that have been tested, which may be set beside each other. */
export interface TestedOn {
  /** Different sets of test rows. */
  sets: number;
  /** Sessions of which it was not measured on which rows they were tested. */
  unknown: number;
}

export function testedOn(sessions: readonly ComparedSession[]): TestedOn {
  const tested = sessions.filter(({ metrics }) => metrics.some(isTested));
  const sets = new Set(tested.map(({ test_rows }) => test_rows));
  const unknown = tested.filter(({ test_rows }) => test_rows === null).length;
  return { sets: sets.size - Number(sets.has(null)), unknown };
}

/** Each set's best of a column, by the set's number; of a set that has one value, or is not known, none. */
export function bestOfSets(
  sessions: readonly ComparedSession[],
  values: readonly (number | null)[],
  better: Aggregate['better'],
): Map<number, number> {
  const sets = new Map<number, number[]>();
  for (const [at, { test_rows }] of sessions.entries()) {
    const value = values[at] ?? null;
    if (test_rows === null || value === null) continue;
    sets.set(test_rows, [...(sets.get(test_rows) ?? []), value]);
  }
  return new Map(
    [...sets].flatMap(([set, found]) => {
      const { best, min, max } = totalsOf(found, better);
      return best === null || min === max ? [] : [[set, best] as const];
    }),
  );
}

/**
 * The sessions in order of a metric, best first, those without a value last: each set of test rows by itself, the one
 * that most are of first, since a score says nothing beside one of other rows.
 */
export function ranked(
  sessions: readonly ComparedSession[],
  metric: Aggregate,
  statistic: Statistic,
): ComparedSession[] {
  const sign = metric.better === 'less' ? 1 : -1;
  const value = new Map(sessions.map((session) => [session.id, statisticOf(session, metric, statistic)]));
  const place = setPlaces(sessions);
  return [...sessions].sort((a, b) => {
    const [x, y] = [value.get(a.id) ?? null, value.get(b.id) ?? null];
    const sets = (place.get(a.test_rows) ?? 0) - (place.get(b.test_rows) ?? 0);
    if (sets !== 0) return sets;
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y);
  });
}

/** Sets of test rows from the largest to the smallest; what is not known comes last. */
function setPlaces(sessions: readonly ComparedSession[]): Map<number | null, number> {
  const sizes = new Map<number | null, number>();
  for (const { test_rows } of sessions) sizes.set(test_rows, (sizes.get(test_rows) ?? 0) + 1);
  const order = [...sizes].sort(
    ([a, most], [b, other]) => Number(a === null) - Number(b === null) || other - most || (a ?? 0) - (b ?? 0),
  );
  return new Map(order.map(([set], at) => [set, at]));
}

/** The sessions named in the page's address, each once. */
export function sessionIds(query: string | null): string[] {
  return [...new Set((query ?? '').split(',').map((id) => id.trim()))].filter((id) => id !== '');
}

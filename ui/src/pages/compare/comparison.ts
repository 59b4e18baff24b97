/** Many sessions side by side: which of their values are shown, summed up, ordered and told apart. */

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
  new Set(sessions.map(({ parameters }) => parameters.experiment)).size;

export interface Difference {
  name: string;
  /** one of each session, in their order */
  values: string[];
}

/** Parameters in which the sessions differ, with each session's value as text; of limits only those that differ. */
export function differences(
  sessions: readonly ComparedSession[],
  differing: readonly string[],
): Difference[] {
  return differing.flatMap((name) => {
    const values = sessions.map(({ parameters }) => parameters[name]);
    const parts = new Set(values.flatMap((value) => (isRecord(value) ? Object.keys(value) : [])));
    if (parts.size === 0) return [{ name, values: values.map(shown) }];
    return [...parts]
      .map((part) => ({
        name: `${name}: ${part}`,
        values: values.map((value) => shown(isRecord(value) ? value[part] : value)),
      }))
      .filter((each) => new Set(each.values).size > 1);
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(shown).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The sessions in order of a metric, best first; those without a value last. */
export function ranked(
  sessions: readonly ComparedSession[],
  metric: Aggregate,
  statistic: Statistic,
): ComparedSession[] {
  const sign = metric.better === 'less' ? 1 : -1;
  const value = new Map(sessions.map((session) => [session.id, statisticOf(session, metric, statistic)]));
  return [...sessions].sort((a, b) => {
    const [x, y] = [value.get(a.id) ?? null, value.get(b.id) ?? null];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y);
  });
}

/** The sessions named in the page's address, each once. */
export function sessionIds(query: string | null): string[] {
  return [...new Set((query ?? '').split(',').map((id) => id.trim()))].filter((id) => id !== '');
}

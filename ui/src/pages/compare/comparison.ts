/** Many sessions side by side, as GET /api/compare tells of them. */

export interface ComparedMetric {
  name: string;
  run_tag: string;
  last: number | null;
  min: number | null;
  max: number | null;
  /** `min` where less is better, else `max` */
  best: number | null;
  count: number;
}

export interface ComparedSession {
  id: string;
  name: string;
  state: string;
  parameters: Record<string, unknown>;
  /** the model that was chosen; null before it was tested */
  learner: string | null;
  metrics: ComparedMetric[];
}

/** A metric over all sessions. */
export interface Aggregate {
  name: string;
  better: 'less' | 'greater';
  /** sessions that have it */
  sessions: number;
  best: number | null;
  best_session: string | null;
  min: number | null;
  max: number | null;
  /** of the sessions' last values */
  mean: number | null;
}

export interface Comparison {
  items: ComparedSession[];
  /** metrics that most sessions have first */
  aggregates: Aggregate[];
  /** parameters in which any two sessions differ */
  differing: string[];
}

export type Statistic = 'last' | 'min' | 'max' | 'best';

/**
 * A session's value of a metric over its runs: of the chosen learner where it has one, else over all of them; null
 * where there is none.
 */
export function statisticOf(
  { metrics, learner }: Pick<ComparedSession, 'metrics' | 'learner'>,
  { name, better }: Pick<Aggregate, 'name' | 'better'>,
  statistic: Statistic,
): number | null {
  const named = metrics.filter((each) => each.name === name);
  const chosen = named.filter((each) => each.run_tag === learner);
  const values = (chosen.length > 0 ? chosen : named).flatMap((each) => each[statistic] ?? []);
  if (values.length === 0) return null;
  const least = statistic === 'min' || (statistic === 'best' && better === 'less');
  if (statistic === 'last') return values.at(-1) ?? null;
  return least ? Math.min(...values) : Math.max(...values);
}

/** Measured once, on rows that no choice was made by: what sessions are to be compared by. */
const isTested = ({ name }: Aggregate): number => Number(name.startsWith('test_'));

/** Metrics that most sessions have first, of these the ones of the test split. */
export const inOrder = (aggregates: readonly Aggregate[]): Aggregate[] =>
  aggregates.toSorted((a, b) => b.sessions - a.sessions || isTested(b) - isTested(a));

/** Parameters in which the sessions differ, with each session's value as text, in the order of `sessions`. */
export const differences = (
  sessions: readonly ComparedSession[],
  differing: readonly string[],
): { name: string; values: string[] }[] =>
  differing.map((name) => ({ name, values: sessions.map(({ parameters }) => shown(parameters[name])) }));

export function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
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

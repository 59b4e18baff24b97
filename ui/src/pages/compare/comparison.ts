/** Many sessions side by side: what differs between them, and how their metrics stand to each other. */

export interface ComparedMetric {
  name: string;
  run_tag: string;
  last: number | null;
  min: number | null;
  max: number | null;
  count: number;
}

export interface ComparedSession {
  id: string;
  name: string;
  state: string;
  parameters: Record<string, unknown>;
  metrics: ComparedMetric[];
}

export type Statistic = 'last' | 'min' | 'max' | 'best';

/** Metrics of which less is better; every other is better when greater. */
const LESS_IS_BETTER = /(^|[^a-z])(loss|error|rmse|mae|mse|logloss|deviance|seconds|duration)([^a-z]|$)/i;

export const isLessBetter = (metric: string): boolean => LESS_IS_BETTER.test(metric.replaceAll('_', ' '));

/** A session's value of a metric over its tags; null where it has none. */
export function statisticOf(session: ComparedSession, metric: string, statistic: Statistic): number | null {
  const found = session.metrics.filter((each) => each.name === metric);
  const less = isLessBetter(metric);
  const kind = statistic === 'best' ? (less ? 'min' : 'max') : statistic;
  const values = found.map((each) => each[kind]).filter((value) => value !== null);
  if (values.length === 0) return null;
  if (kind === 'min') return Math.min(...values);
  if (kind === 'max') return Math.max(...values);
  return values.at(-1) ?? null;
}

/** Names of all metrics, those that most sessions have first. */
export function metricNames(sessions: readonly ComparedSession[]): string[] {
  const counts = new Map<string, number>();
  for (const session of sessions) {
    for (const name of new Set(session.metrics.map((metric) => metric.name))) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).map(([name]) => name);
}

/** Parameters in which the sessions differ, with each session's value as text; the rest say nothing here. */
export function differences(sessions: readonly ComparedSession[]): { name: string; values: string[] }[] {
  const names = [...new Set(sessions.flatMap((session) => Object.keys(session.parameters)))].sort();
  return names
    .map((name) => ({ name, values: sessions.map((session) => shown(session.parameters[name])) }))
    .filter(({ values }) => new Set(values).size > 1);
}

export function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Places of the sessions in order of a metric, best first; those without a value last. */
export function ranked(
  sessions: readonly ComparedSession[],
  metric: string,
  statistic: Statistic,
): ComparedSession[] {
  const sign = isLessBetter(metric) ? 1 : -1;
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

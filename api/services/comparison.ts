/** Metrics of sessions side by side: which value of each is best, of one session and of those that compare. */

import { grouped } from '../../core/grouped.ts';
import type { ComparedSession } from '../../db/index.ts';

/** Metrics of which less is better; every other is better when greater. */
const LESS_IS_BETTER =
  /(^|[^a-z])(loss|error|rmse|mae|mse|logloss|deviance|brier|seconds|duration)([^a-z]|$)/i;
/** The run of the simplest guess, which every training measures beside its model. */
const BASELINE = 'dummy';

type Metric = ComparedSession['metrics'][number];
type Measured = Pick<ComparedSession, 'id' | 'metrics'>;
interface Valued extends Metric {
  /** `min` where less is better, else `max`. */
  best: number | null;
  /**
   * What the session came to: the mean over the folds of a metric that was measured fold by fold, else the last
   * value.
   */
  value: number | null;
  /** Of the session's runs the one that speaks for it: the chosen learner's, without one the best by `value`. */
  chosen: boolean;
}

export interface MetricAggregate {
  name: string;
  better: 'less' | 'greater';
  /** Sessions that have it. */
  sessions: number;
  /**
   * Of the sessions' own values (`value` of the one that is `chosen`); null where not all of the sessions are known to
   * have the same test rows.
   */
  best: number | null;
  best_session: string | null;
  min: number | null;
  max: number | null;
  mean: number | null;
}

export interface Comparison {
  items: {
    id: string;
    /** The model that was chosen, as the training calls its run; null before the test split was measured. */
    learner: string | null;
    metrics: Valued[];
  }[];
  aggregates: MetricAggregate[];
}

/** @param groups of each session the number of its set of test rows; null where they are not known */
export function compare(
  sessions: readonly Measured[],
  groups: ReadonlyMap<string, number | null>,
): Comparison {
  const items = sessions.map((session) => {
    const learner = learnerOf(session);
    return { id: session.id, learner, metrics: valued(session.metrics, learner) };
  });
  return { items, aggregates: aggregatesOf(items, groups) };
}

export const isLessBetter = (metric: string): boolean => LESS_IS_BETTER.test(metric.replaceAll('_', ' '));

/** The run whose score on the test split was logged. */
export function learnerOf({ metrics }: Pick<Measured, 'metrics'>): string | null {
  const tested = metrics.find(({ name, run_tag }) => name.startsWith('test_') && run_tag !== BASELINE);
  return tested && tested.run_tag !== '' ? tested.run_tag : null;
}

function valued(metrics: readonly Metric[], learner: string | null): Valued[] {
  const speaking = new Map<string, Metric>();
  for (const metric of metrics) {
    const known = speaking.get(metric.name);
    if (metric.run_tag !== BASELINE && (known === undefined || speaksRather(metric, known, learner)))
      speaking.set(metric.name, metric);
  }
  return metrics.map((metric) => ({
    ...metric,
    best: isLessBetter(metric.name) ? metric.min : metric.max,
    value: ownValue(metric),
    chosen: speaking.get(metric.name) === metric,
  }));
}

function speaksRather(metric: Metric, known: Metric, learner: string | null): boolean {
  if (known.run_tag === learner || metric.run_tag === learner) return known.run_tag !== learner;
  const [value, other] = [ownValue(metric), ownValue(known)];
  if (value === null || other === null) return other === null;
  return isLessBetter(metric.name) ? value < other : value > other;
}

const ownValue = ({ mean, last }: Metric): number | null => mean ?? last;

interface Found {
  id: string;
  value: number | null;
}

/** Of each metric over all sessions, those that most have first; the simplest guess's are no one's best. */
function aggregatesOf(
  items: Comparison['items'],
  groups: ReadonlyMap<string, number | null>,
): MetricAggregate[] {
  const found = items.flatMap(({ id, metrics }) =>
    metrics.filter(({ chosen }) => chosen).map(({ name, value }) => ({ id, name, value })),
  );
  return [...grouped(found, ({ name }) => name)]
    .map(([name, values]) => aggregateOf(name, values, isOneGroup(values, groups)))
    .sort((a, b) => b.sessions - a.sessions || a.name.localeCompare(b.name));
}

function isOneGroup(found: readonly Found[], groups: ReadonlyMap<string, number | null>): boolean {
  const numbers = new Set(found.map(({ id }) => groups.get(id) ?? null));
  return found.length === 1 || (numbers.size === 1 && !numbers.has(null));
}

function aggregateOf(name: string, found: readonly Found[], comparable: boolean): MetricAggregate {
  const less = isLessBetter(name);
  const ranked = found
    .flatMap(({ id, value }) => (value === null ? [] : [{ id, value }]))
    .sort((a, b) => a.value - b.value);
  const [least, greatest] = [ranked[0], ranked.at(-1)];
  const best = comparable ? (less ? least : greatest) : undefined;
  return {
    name,
    better: less ? 'less' : 'greater',
    sessions: found.length,
    best: best?.value ?? null,
    best_session: best?.id ?? null,
    min: least?.value ?? null,
    max: greatest?.value ?? null,
    mean: ranked.length === 0 ? null : ranked.reduce((sum, { value }) => sum + value, 0) / ranked.length,
  };
}

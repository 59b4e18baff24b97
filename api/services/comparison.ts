/** Sessions side by side: which value of each metric is best, of one session and of all, and in what they differ. */

import type { ComparedSession } from '../../db/index.ts';

/** Metrics of which less is better; every other is better when greater. */
const LESS_IS_BETTER =
  /(^|[^a-z])(loss|error|rmse|mae|mse|logloss|deviance|brier|seconds|duration)([^a-z]|$)/i;
/** The run of the simplest guess, which every training measures beside its model. */
const BASELINE = 'dummy';
/** Differ between any two sessions and explain nothing. */
const ALWAYS_DIFFERENT: readonly string[] = ['created', 'experiment'];

type Metric = ComparedSession['metrics'][number];
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
  /** These are over the sessions' own values (`value` of the one that is `chosen`). */
  best: number | null;
  best_session: string | null;
  min: number | null;
  max: number | null;
  mean: number | null;
}

export interface Comparison {
  items: (Omit<ComparedSession, 'metrics'> & {
    /** The model that was chosen, as the training calls its run; null before the test split was measured. */
    learner: string | null;
    metrics: Valued[];
  })[];
  aggregates: MetricAggregate[];
  /** Parameters in which any two sessions differ, by name. */
  differing: string[];
}

export function compare(sessions: readonly ComparedSession[]): Comparison {
  const items = sessions.map((session) => {
    const learner = learnerOf(session);
    return { ...session, learner, metrics: valued(session.metrics, learner) };
  });
  return { items, aggregates: aggregatesOf(items), differing: differing(sessions) };
}

export const isLessBetter = (metric: string): boolean => LESS_IS_BETTER.test(metric.replaceAll('_', ' '));

/** The run whose score on the test split was logged. */
function learnerOf({ metrics }: ComparedSession): string | null {
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

/** Of each metric over all sessions, those that most have first; the simplest guess's are no one's best. */
function aggregatesOf(items: Comparison['items']): MetricAggregate[] {
  const groups = new Map<string, { id: string; value: number | null }[]>();
  for (const { id, metrics } of items) {
    for (const { name, value, chosen } of metrics) {
      if (!chosen) continue;
      const known = groups.get(name);
      if (known) known.push({ id, value });
      else groups.set(name, [{ id, value }]);
    }
  }
  return [...groups]
    .map(([name, found]) => aggregateOf(name, found))
    .sort((a, b) => b.sessions - a.sessions || a.name.localeCompare(b.name));
}

function aggregateOf(name: string, found: readonly { id: string; value: number | null }[]): MetricAggregate {
  const less = isLessBetter(name);
  const ranked = found
    .flatMap(({ id, value }) => (value === null ? [] : [{ id, value }]))
    .sort((a, b) => a.value - b.value);
  const [least, greatest] = [ranked[0], ranked.at(-1)];
  const best = less ? least : greatest;
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

function differing(sessions: readonly ComparedSession[]): string[] {
  const seen = new Map<string, Set<string>>();
  for (const { parameters } of sessions) {
    for (const [name, value] of Object.entries(parameters)) {
      const values = seen.get(name) ?? new Set();
      seen.set(name, values.add(JSON.stringify(value ?? null)));
    }
  }
  return [...seen]
    .filter(([name, values]) => values.size > 1 && !ALWAYS_DIFFERENT.includes(name))
    .map(([name]) => name)
    .sort();
}

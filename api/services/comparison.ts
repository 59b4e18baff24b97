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

export interface MetricAggregate {
  name: string;
  better: 'less' | 'greater';
  /** Sessions that have it. */
  sessions: number;
  best: number | null;
  best_session: string | null;
  min: number | null;
  max: number | null;
  /** Mean of the sessions' last values. */
  mean: number | null;
}

export interface Comparison {
  items: (Omit<ComparedSession, 'metrics'> & {
    /** The model that was chosen, as the training calls its run; null before the test split was measured. */
    learner: string | null;
    metrics: (Metric & { best: number | null })[];
  })[];
  aggregates: MetricAggregate[];
  /** Parameters in which any two sessions differ, by name. */
  differing: string[];
}

export function compare(sessions: readonly ComparedSession[]): Comparison {
  return {
    items: sessions.map((session) => ({
      ...session,
      learner: learnerOf(session),
      metrics: session.metrics.map((metric) => ({ ...metric, best: bestOf(metric) })),
    })),
    aggregates: aggregatesOf(sessions),
    differing: differing(sessions),
  };
}

export const isLessBetter = (metric: string): boolean => LESS_IS_BETTER.test(metric.replaceAll('_', ' '));

const bestOf = ({ name, min, max }: Metric): number | null => (isLessBetter(name) ? min : max);

/** The run whose score on the test split was logged. */
function learnerOf({ metrics }: ComparedSession): string | null {
  const tested = metrics.find(({ name, run_tag }) => name.startsWith('test_') && run_tag !== BASELINE);
  return tested && tested.run_tag !== '' ? tested.run_tag : null;
}

/** Of each metric over all sessions, those that most have first; the simplest guess's are no one's best. */
function aggregatesOf(sessions: readonly ComparedSession[]): MetricAggregate[] {
  const groups = new Map<string, { id: string; metric: Metric }[]>();
  for (const { id, metrics } of sessions) {
    for (const metric of metrics) {
      if (metric.run_tag === BASELINE) continue;
      const known = groups.get(metric.name);
      if (known) known.push({ id, metric });
      else groups.set(metric.name, [{ id, metric }]);
    }
  }
  return [...groups]
    .map(([name, found]) => aggregateOf(name, found))
    .sort((a, b) => b.sessions - a.sessions || a.name.localeCompare(b.name));
}

function aggregateOf(name: string, found: readonly { id: string; metric: Metric }[]): MetricAggregate {
  const less = isLessBetter(name);
  const lasts = found.flatMap(({ metric: { last } }) => last ?? []);
  const ranked = found
    .flatMap(({ id, metric }) => {
      const value = bestOf(metric);
      return value === null ? [] : [{ id, value }];
    })
    .sort((a, b) => (less ? a.value - b.value : b.value - a.value));
  const [best] = ranked;
  return {
    name,
    better: less ? 'less' : 'greater',
    sessions: new Set(found.map(({ id }) => id)).size,
    best: best?.value ?? null,
    best_session: best?.id ?? null,
    min: extreme(found, 'min'),
    max: extreme(found, 'max'),
    mean: lasts.length === 0 ? null : lasts.reduce((sum, value) => sum + value, 0) / lasts.length,
  };
}

function extreme(found: readonly { metric: Metric }[], of: 'min' | 'max'): number | null {
  const values = found.flatMap(({ metric }) => metric[of] ?? []);
  return values.length === 0 ? null : Math[of](...values);
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

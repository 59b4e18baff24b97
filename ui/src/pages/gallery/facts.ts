/** What a card tells of a session beyond its record: cost, turns, the score with its spread, and a line to draw. */

import type { Metric, Session, SessionUsage, Stage } from '../../lib/api/types.ts';

export interface Score {
  metric: string;
  value: number;
  /** Standard deviation over cross-validation's folds; null where none was told. */
  spread: number | null;
  /** The same metric of the simplest guess. */
  baseline: number | null;
  /** Measured on the test split, or still on the way. */
  final: boolean;
}

export interface Facts {
  cost: number;
  tokens: number;
  /** Turns of the last run of each stage. */
  turns: Partial<Record<Stage, number>>;
  score: Score | null;
  line: number[];
}

export interface MetricsAnswer {
  items: Metric[];
  summaries: Record<string, unknown>[];
}

/** Puts a session's answers together; each may be missing. */
export function toFacts(usage: SessionUsage | null, metrics: MetricsAnswer | null, metadata: unknown): Facts {
  const turns: Facts['turns'] = {};
  for (const each of usage?.by_stage ?? []) turns[each.stage] = each.turns;
  const series = bestSeries(metrics?.items ?? []);
  return {
    cost: usage?.cost ?? 0,
    tokens: usage?.tokens ?? 0,
    turns,
    score: finalScore(metadata) ?? runningScore(series),
    line: series.map((metric) => metric.value).filter((value) => value !== null),
  };
}

/** Reads train/data/metadata.json; null where it does not say what is needed. */
export function finalScore(metadata: unknown): Score | null {
  const metric = field(metadata, 'primary_metric');
  if (typeof metric !== 'string') return null;
  const value = field(metadata, 'metrics', 'test', metric);
  if (typeof value !== 'number') return null;
  const spread = field(metadata, 'cv', 'metric') === metric ? field(metadata, 'cv', 'sd') : null;
  const baseline = field(metadata, 'metrics', 'baseline', metric);
  return {
    metric,
    value,
    spread: typeof spread === 'number' ? spread : null,
    baseline: typeof baseline === 'number' ? baseline : null,
    final: true,
  };
}

function runningScore(series: readonly Metric[]): Score | null {
  const last = series.at(-1);
  if (!last || last.value === null) return null;
  const metric = last.name.replace(/^cv_/, '').replace(/_mean$/, '');
  return { metric, value: last.value, spread: null, baseline: null, final: false };
}

/** The series with the most points among those of the last run; the name decides between equals. */
export function bestSeries(items: readonly Metric[]): Metric[] {
  const groups = new Map<string, Metric[]>();
  for (const item of items) {
    const key = `${item.run_tag}\n${item.name}`;
    const known = groups.get(key);
    if (known) known.push(item);
    else groups.set(key, [item]);
  }
  const ordered = [...groups.entries()].sort(([a, x], [b, y]) => y.length - x.length || b.localeCompare(a));
  return (ordered[0]?.[1] ?? []).toSorted((a, b) => a.step - b.step);
}

/** Whether a session's facts may still change without its record changing. */
export const isMoving = ({ state }: Pick<Session, 'state'>): boolean => state.endsWith('_running');

function field(value: unknown, ...path: string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return null;
    found = Object.getOwnPropertyDescriptor(found, name)?.value;
  }
  return found;
}

/** The points that a session has stored, as columns of each series. */

import type { SeriesColumns } from '../../../lib/charts/metric-series.ts';
import type { MetricStore } from '../../../lib/charts/metric-store.ts';

/** One stored point, as GET /api/sessions/{id}/metrics gives them: by series, in the order of steps. */
export interface StoredPoint {
  stage: string;
  run: number;
  run_tag: string;
  name: string;
  step: number;
  value: number | null;
}

/** What a series was in all, also where fewer points came. */
export interface StoredSummary {
  stage: string;
  run: number;
  run_tag: string;
  name: string;
  count: number;
}

export interface StoredMetrics {
  items: readonly StoredPoint[];
  summaries: readonly StoredSummary[];
}

/** Puts what the server has into the store; points that came live in the meantime stay. */
export function loadMetrics(store: MetricStore, { items, summaries }: StoredMetrics): void {
  const counts = new Map(summaries.map((summary) => [keyOf(summary), summary.count]));
  for (const points of seriesOf(items)) {
    const [first] = points;
    if (first === undefined) continue;
    const { stage, run, run_tag, name } = first;
    store.load(stage, run, run_tag, name, columnsOf(points, counts.get(keyOf(first)) ?? points.length));
  }
}

function columnsOf(series: readonly StoredPoint[], points: number): SeriesColumns {
  const values = series.map((point) => point.value);
  return { steps: series.map((point) => point.step), min: values, max: values, last: values, points };
}

function seriesOf(items: readonly StoredPoint[]): StoredPoint[][] {
  const found = new Map<string, StoredPoint[]>();
  for (const item of items) {
    const key = keyOf(item);
    const series = found.get(key);
    if (series === undefined) found.set(key, [item]);
    else series.push(item);
  }
  return [...found.values()];
}

const keyOf = ({ stage, run, run_tag, name }: Omit<StoredPoint, 'step' | 'value'>): string =>
  JSON.stringify([stage, run, run_tag, name]);

/** The points that a session has stored, as columns of each series. */

import type { MetricStore } from '../../../lib/charts/metric-store.ts';

/** A series as GET /api/sessions/{id}/metrics?form=columns gives it, in the order of steps. */
export interface StoredSeries {
  stage: string;
  run: number;
  run_tag: string;
  name: string;
  /** points of the whole series, also where fewer came */
  count: number;
  steps: number[];
  values: (number | null)[];
}

export interface StoredMetrics {
  series: readonly StoredSeries[];
}

/** Puts what the server has into the store; points that came live in the meantime stay. */
export function loadMetrics(store: MetricStore, { series }: StoredMetrics): void {
  for (const { stage, run, run_tag, name, count, steps, values } of series) {
    store.load(stage, run, run_tag, name, { steps, min: values, max: values, last: values, points: count });
  }
}

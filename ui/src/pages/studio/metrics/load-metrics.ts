/** The points that a session has stored, as columns of each series. */

import type { StoredMetrics } from '../../../lib/api/answers.ts';
import type { MetricStore } from '../../../lib/charts/metric-store.ts';

/** Puts what the server has into the store; points that came live in the meantime stay. */
export function loadMetrics(store: MetricStore, { series }: StoredMetrics): void {
  for (const { stage, run, run_tag, name, count, steps, values } of series) {
    store.load(stage, run, run_tag, name, { steps, min: values, max: values, last: values, points: count });
  }
}

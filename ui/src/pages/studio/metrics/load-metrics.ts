/** The points that a session has stored, as columns of each series. */

import type { StoredMetrics } from '../../../lib/api/answers.ts';
import type { MetricStore } from '../../../lib/charts/metric-store.ts';

/** Puts what the server has into the store; points that came live in the meantime stay. */
export function loadMetrics(store: MetricStore, { series }: StoredMetrics): void {
  for (const { stage, run, run_tag: runTag, name, count, steps, values } of series) {
    const columns = { steps, min: values, max: values, last: values, points: count };
    store.load({ stage, run, runTag, name }, columns);
  }
}

/** The metrics of one session for the page: whatever reads the store is run again when it has changed, once a frame. */

import { createSubscriber } from 'svelte/reactivity';
import type { StoredMetrics } from '../../../lib/api/answers.ts';
import { type ChartConfig, type MetricItem, MetricStore } from '../../../lib/charts/metric-store.ts';
import { loadMetrics } from './load-metrics.ts';

/** What the page needs of an event of the session's stream. */
export interface MetricEvent {
  type: string;
  run: number | null;
  data: Record<string, unknown>;
}

export class FollowedMetrics {
  readonly #store = new MetricStore();
  readonly #subscribe = createSubscriber((update) => onFrames(this.#store, update));

  get store(): MetricStore {
    this.#subscribe();
    return this.#store;
  }

  /** Takes what is stored; points that came live before it stay. */
  load(stored: StoredMetrics): void {
    loadMetrics(this.#store, stored);
  }

  /** Takes an event of the stream; those that tell of no metric change nothing. */
  ingest({ type, run, data }: MetricEvent): void {
    if (type === 'metrics_batch') this.#store.ingest(run ?? 1, data.items as MetricItem[]);
    if (type === 'chart_config') this.#store.configure(data.charts as ChartConfig[]);
  }
}

/** Tells of all changes of a frame at once. Returns the way to stop. */
function onFrames(store: MetricStore, update: () => void): () => void {
  let frame = 0;
  const stop = store.onChange(() => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      update();
    });
  });
  return () => {
    stop();
    cancelAnimationFrame(frame);
  };
}

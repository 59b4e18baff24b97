/** The metrics of one session for the page: whatever reads the store is run again when it has changed, once a frame. */

import { createSubscriber } from 'svelte/reactivity';
import type { StoredMetrics } from '../../../lib/api/answers.ts';
import { MetricStore } from '../../../lib/charts/metric-store.ts';
import type { LogEvent } from '../../../lib/streams/log-event.ts';
import { loadMetrics } from './load-metrics.ts';

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
  ingest(event: LogEvent): void {
    if (event.type === 'metrics_batch') this.#store.ingest(event.run ?? 1, event.data.items);
    if (event.type === 'chart_config') this.#store.configure(event.data.charts);
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

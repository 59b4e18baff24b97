/** The metrics of one session for the page: what is stored, then what comes live, told to Svelte once a frame. */

import { fetchMetrics } from '../../../lib/api/data-queries.ts';
import { MetricStore } from '../../../lib/charts/metric-store.ts';
import type { LogEvent } from '../../../lib/streams/log-event.ts';
import { loadMetrics } from './load-metrics.ts';

/** Points of each series that a first look draws. */
const OVERVIEW_POINTS = 2_000;
/** Points of a series in a window that was zoomed into. */
const WINDOW_POINTS = 4_000;

export class MetricsView {
  readonly store = new MetricStore();
  #version = $state(0);
  #state = $state<'loading' | 'ready' | 'failed'>('loading');
  #error = $state<unknown>(null);
  #frame = 0;

  constructor() {
    this.store.onChange(() => {
      if (this.#frame !== 0) return;
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        this.#version += 1;
      });
    });
  }

  get version(): number {
    return this.#version;
  }

  get state(): 'loading' | 'ready' | 'failed' {
    return this.#state;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Reads what is stored; points that came live before the answer stay. */
  async load(sessionId: string, signal: AbortSignal): Promise<void> {
    try {
      const stored = await fetchMetrics(sessionId, { points: OVERVIEW_POINTS }, signal);
      if (signal.aborted) return;
      loadMetrics(this.store, stored);
      this.#state = 'ready';
    } catch (error) {
      if (signal.aborted) return;
      this.#error = error;
      this.#state = 'failed';
    }
  }

  /** The exact values (or as many as a screen shows) of some metrics between two steps. */
  async zoom(
    sessionId: string,
    names: readonly string[],
    range: [number, number],
    signal: AbortSignal,
  ): Promise<MetricStore> {
    const window = new MetricStore();
    const [from, to] = range;
    for (const name of names) {
      const stored = await fetchMetrics(sessionId, { name, from, to, points: WINDOW_POINTS }, signal);
      loadMetrics(window, stored);
    }
    return window;
  }

  /** Takes an event of the stream; those that tell of no metric change nothing. */
  ingest(event: LogEvent): void {
    if (event.type === 'metrics_batch') this.store.ingest(event.run ?? 1, event.data.items);
    if (event.type === 'chart_config') this.store.configure(event.data.charts);
  }
}

/** All series of a session's metrics, by name and run, and the charts that they make. */

import { MetricSeries, type SeriesColumns } from './metric-series.ts';

export interface MetricItem {
  step: number;
  name: string;
  value: number | null;
  stage: string;
  run_tag: string;
}

export interface ChartConfig {
  title: string;
  metrics: string[];
  type: string;
}

/** Which series of the session. */
export interface SeriesPlace {
  stage: string;
  run: number;
  runTag: string;
  name: string;
}

export interface SeriesEntry extends SeriesPlace {
  /** unique in the session */
  key: string;
  series: MetricSeries;
}

/** A panel: what the code asked for together, or one metric that nobody asked for. */
export interface Panel {
  id: string;
  title: string;
  type: string;
  entries: SeriesEntry[];
}

export class MetricStore {
  readonly #entries = new Map<string, SeriesEntry>();
  readonly #listeners = new Set<() => void>();
  #charts: ChartConfig[] = [];

  /** Called after each change, at once: a view coalesces to frames. Returns the way to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** One batch of a run; it may repeat points. */
  ingest(run: number, items: readonly MetricItem[]): void {
    for (const { stage, run_tag: runTag, name, step, value } of items) {
      this.#entry({ stage, run, runTag, name }).series.append(step, value);
    }
    this.#tell();
  }

  load(place: SeriesPlace, columns: SeriesColumns): void {
    this.#entry(place).series.load(columns);
    this.#tell();
  }

  /** Charts that the code asked for; a title that comes again replaces its chart. */
  configure(charts: readonly ChartConfig[]): void {
    const titles = new Set(charts.map((chart) => chart.title));
    this.#charts = [...this.#charts.filter((chart) => !titles.has(chart.title)), ...charts];
    this.#tell();
  }

  get entries(): SeriesEntry[] {
    return [...this.#entries.values()];
  }

  /** Configured charts in their order, then one panel for each metric that is in none, by name. */
  panels(filter: (entry: SeriesEntry) => boolean = () => true): Panel[] {
    const shown = this.entries.filter(filter);
    const configured = this.#charts
      .map((chart) => ({
        id: `chart:${chart.title}`,
        title: chart.title,
        type: chart.type,
        entries: shown.filter((entry) => chart.metrics.includes(entry.name)),
      }))
      .filter((panel) => panel.entries.length > 0);
    const taken = new Set(this.#charts.flatMap((chart) => chart.metrics));
    const free = [...new Set(shown.map((entry) => entry.name))]
      .filter((name) => !taken.has(name))
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .map((name) => ({
        id: `metric:${name}`,
        title: name,
        type: 'line',
        entries: shown.filter((entry) => entry.name === name),
      }));
    return [...configured, ...free];
  }

  #entry({ stage, run, runTag, name }: SeriesPlace): SeriesEntry {
    const key = JSON.stringify([stage, run, runTag, name]);
    const found = this.#entries.get(key);
    if (found !== undefined) return found;
    const entry = { key, stage, run, runTag, name, series: new MetricSeries() };
    this.#entries.set(key, entry);
    return entry;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

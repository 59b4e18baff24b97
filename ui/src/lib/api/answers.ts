/**
 * The forms of what the API answers about files, tables, metrics and comparisons, where its description leaves them
 * open.
 */

/** A column of a table, summed up. */
export interface ColumnSummary {
  name: string;
  /** SQL's */
  type: string;
  /** what the plan takes it for, as reports say it; missing where no plan knows the column */
  kind_words?: string | undefined;
  missing: number;
  distinct: number;
  min?: number | string | null | undefined;
  max?: number | string | null | undefined;
  mean?: number | null | undefined;
  histogram?: readonly { from: number; to: number; count: number }[] | undefined;
  top_values?: readonly { value: unknown; count: number }[] | undefined;
}

/** A name in a session's workspace. */
export interface TreeEntry {
  path: string;
  name: string;
  kind: 'file' | 'directory' | 'link';
  size: number;
}

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

/** Of GET /api/compare, which puts many sessions side by side. */
export interface ComparedMetric {
  stage: string;
  run: number;
  run_tag: string;
  name: string;
  last: number | null;
  min: number | null;
  max: number | null;
  /** `min` where less is better, else `max` */
  best: number | null;
  /** the mean over the folds of a metric that was measured fold by fold, else the last value */
  value: number | null;
  /** of the session's runs the one that speaks for it: the chosen learner's, without one the best */
  chosen: boolean;
}

export interface ComparedSession {
  id: string;
  name: string;
  state: string;
  parameters: Record<string, unknown>;
  /** the model that was chosen; null before it was tested */
  learner: string | null;
  metrics: ComparedMetric[];
}

/** A metric over all sessions. */
export interface Aggregate {
  name: string;
  better: 'less' | 'greater';
  /** sessions that have it */
  sessions: number;
}

export interface Comparison {
  items: ComparedSession[];
  /** metrics that most sessions have first */
  aggregates: Aggregate[];
  /** parameters in which any two sessions differ */
  differing: string[];
}

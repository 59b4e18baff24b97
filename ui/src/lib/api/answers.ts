/**
 * The forms of what the API answers about files, tables, metrics and comparisons, where its description leaves them
 * open.
 */

import type { Decider, Stage } from './types.ts';

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

/** What a score is to those that most sessions may be compared by. */
export type ScoreStanding = 'comparable' | 'alone' | 'other_rows' | 'other_metric' | 'unknown_rows';

export interface ComparedScore {
  metric: string;
  value: number;
  less_is_better: boolean;
  /** standard deviation over the folds */
  spread: number | null;
  /** test rows that it was measured on */
  rows: number | null;
  standing: ScoreStanding;
  /** of those that it is comparable to */
  best: boolean;
}

/** Why two sessions are not compared fold by fold. */
export type Unpaired = 'no_folds' | 'unknown_folds' | 'other_metric' | 'other_folds';

export interface PairedDifference {
  metric: string;
  folds: number;
  mean: number;
  low: number;
  high: number;
  shows: 'better' | 'worse' | 'nothing';
}

export interface SettledDecision {
  value: unknown;
  /** null: nobody decided it */
  by: Decider | null;
}

export interface ComparedSession {
  id: string;
  experiment_id: string;
  /** its experiment's */
  name: string;
  /** by what it differs from the others of its experiment */
  title: string;
  state: string;
  created_at: string;
  /** the model that was chosen; null before it was tested */
  learner: string | null;
  /** what it was forked from; `whole`: at the end of the stage */
  forked: { session: string; stage: Stage | null; whole: boolean } | null;
  /** number of its set of test rows; null where they were not measured */
  test_rows: number | null;
  score: ComparedScore | null;
  /** by key of `differing`; null while it is not settled */
  decisions: Record<string, SettledDecision | null>;
  /** to the reference, fold by fold */
  difference: PairedDifference | null;
  unpaired: Unpaired | null;
  metrics: ComparedMetric[];
}

/** A key of the ledger, or a setting, in which sessions differ. */
export interface DifferingKey {
  key: string;
  /** the column that it is of */
  column: string | null;
  stage: Stage | null;
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
  differing: DifferingKey[];
  /** further keys that differ */
  more_differing: number;
  /** the session that the others are compared with fold by fold */
  reference: string | null;
}

/**
 * Whether one model is better than another on the same folds of cross-validation: the mean of the paired differences
 * with a 95 % interval. Folds share most of their training rows, so that their spread alone says too little; Nadeau and
 * Bengio's corrected resampled t test adds what they have in common. Pure.
 */

/** A session's scores on its folds, in their order. */
export interface FoldScores {
  metric: string;
  scores: readonly number[];
  /** Fingerprint of which rows are in which fold; null where it is not known. */
  folds: string | null;
  /** Rows that a fold learns from and judges by, on the mean. */
  learned_rows: number;
  judged_rows: number;
}

export interface PairedDifference {
  metric: string;
  folds: number;
  /** Of the first less the second, as the metric counts. */
  mean: number;
  low: number;
  high: number;
  /** What the interval shows of the first; `nothing` where it holds 0. */
  shows: 'better' | 'worse' | 'nothing';
}

/** Why two sessions are not compared fold by fold. */
export const UNPAIRED = ['no_folds', 'unknown_folds', 'other_metric', 'other_folds'] as const;
export type Unpaired = (typeof UNPAIRED)[number];

const LEVEL = 0.95;

/** @param better which of the metric's values is */
export function pairedDifference(
  one: FoldScores | null,
  other: FoldScores | null,
  better: 'less' | 'greater',
): PairedDifference | Unpaired {
  if (one === null || other === null) return 'no_folds';
  if (one.metric !== other.metric) return 'other_metric';
  if (one.folds === null || other.folds === null) return 'unknown_folds';
  if (one.folds !== other.folds || one.scores.length !== other.scores.length) return 'other_folds';
  const apart = one.scores.map((score, fold) => score - (other.scores[fold] ?? Number.NaN));
  const mean = meanOf(apart);
  const half = studentReach(apart.length - 1) * Math.sqrt(varianceOfMean(apart, one));
  const [low, high] = [mean - half, mean + half];
  const sign = better === 'less' ? -1 : 1;
  const shows = low <= 0 && high >= 0 ? 'nothing' : sign * mean > 0 ? 'better' : 'worse';
  return { metric: one.metric, folds: apart.length, mean, low, high, shows };
}

/** (1/k + judged/learned) · s²: the second part is what folds have in common. */
function varianceOfMean(apart: readonly number[], { learned_rows, judged_rows }: FoldScores): number {
  const mean = meanOf(apart);
  const variance = apart.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (apart.length - 1);
  return variance * (1 / apart.length + judged_rows / learned_rows);
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Between −t and t lie 95 % of Student's distribution. */
export function studentReach(freedom: number): number {
  let [low, high] = [0, 1_000];
  for (let halvings = 0; halvings < 100; halvings += 1) {
    const middle = (low + high) / 2;
    if (studentShare(middle, freedom) < LEVEL) low = middle;
    else high = middle;
  }
  return high;
}

/** Share of Student's distribution between −t and t: the finite series for whole degrees of freedom. */
function studentShare(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let power = isOdd ? 3 : 2; power <= freedom - 2; power += 2) {
    term *= ((power - 1) / power) * cosine ** 2;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}

/**
 * How often a column like this is right, beside what its masses come to if one must bet (BetP): a logistic map of what
 * is decided and what each source says, fitted to labelled columns (`bench/classification/calibrate.ts`, which writes
 * `weights.csv`). Masses, beliefs and the prediction stay as they are.
 */

import type { Decision } from '../../core/evidence/belief.ts';
import type { MassFunction } from '../../core/evidence/mass.ts';
import { FEATURES, featuresOf, type Voice } from './features.ts';

export interface Calibration {
  intercept: number;
  /** In the order of `FEATURES`. */
  weights: readonly number[];
}

/** Below this probability a person looks at a column, too. */
export const REVIEW_PROBABILITY = 0.75;

/** @throws Error where the rows are not those of the features */
export function readCalibration(rows: readonly (readonly string[])[]): Calibration {
  const weights = new Map(rows.map(([feature = '', weight]) => [feature, Number(weight)]));
  const weightOf = (feature: string): number => {
    const weight = weights.get(feature);
    if (weight === undefined || Number.isNaN(weight)) throw new Error(`There is no weight of ${feature}.`);
    return weight;
  };
  return { intercept: weightOf('intercept'), weights: FEATURES.map(weightOf) };
}

export const probabilityBy = ({ intercept, weights }: Calibration, features: readonly number[]): number =>
  1 / (1 + Math.exp(-weights.reduce((sum, weight, at) => sum + weight * (features[at] ?? 0), intercept)));

/** What is predicted, with how often it is right; without a prediction as it was. */
export function calibrated(
  calibration: Calibration,
  { sources, mass }: { sources: readonly Voice[]; mass: MassFunction },
  decision: Decision,
): Decision {
  if (decision.predicted === null) return decision;
  const probability = probabilityBy(calibration, featuresOf(sources, mass, decision.predicted));
  const needsReview = decision.needsReview || probability < REVIEW_PROBABILITY;
  return { ...decision, probability, needsReview };
}

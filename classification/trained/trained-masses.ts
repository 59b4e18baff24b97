/**
 * What the trained members say, as masses. Their shares may leave terms out: what is missing to 1 is not known.
 *
 * svm       probabilities · .80
 * catboost  probabilities · (1 - d), where d grows with how much the trees differ: min(.50, .10 + 1.6 · mean variance
 *           of the posterior), .15 where that is not known
 */

import type { Frame } from '../../core/evidence/frame.ts';
import { type MassFunction, massOfCodes } from '../../core/evidence/mass.ts';

/** Probabilities by the codes of terms. */
export type Probabilities = Readonly<Record<string, number>>;

export interface TrainedSettings {
  svm: { trust: number };
  catboost: { leastDoubt: number; mostDoubt: number; perVariance: number; doubtWithoutVariance: number };
}

export const TRAINED_DEFAULTS: TrainedSettings = {
  svm: { trust: 0.8 },
  catboost: { leastDoubt: 0.1, mostDoubt: 0.5, perVariance: 1.6, doubtWithoutVariance: 0.15 },
};

export const svmMass = (
  frame: Frame,
  probabilities: Probabilities,
  settings = TRAINED_DEFAULTS,
): MassFunction => trusted(frame, probabilities, settings.svm.trust);

/** @param variance mean over the terms; null: not known */
export function catboostMass(
  frame: Frame,
  { probabilities, variance }: { probabilities: Probabilities; variance: number | null },
  { catboost }: TrainedSettings = TRAINED_DEFAULTS,
): MassFunction {
  const { leastDoubt, mostDoubt, perVariance, doubtWithoutVariance } = catboost;
  const doubt =
    variance === null
      ? doubtWithoutVariance
      : Math.min(mostDoubt, leastDoubt + perVariance * Math.max(0, variance));
  return trusted(frame, probabilities, 1 - doubt);
}

/** Terms that the frame has not, being of another vocabulary, say nothing. */
function trusted(frame: Frame, probabilities: Probabilities, trust: number): MassFunction {
  const known = Object.entries(probabilities).filter(([code, share]) => frame.nodes.has(code) && share > 0);
  const sum = known.reduce((total, [, share]) => total + share, 0);
  const scale = trust / Math.max(1, sum);
  return massOfCodes(frame, Object.fromEntries(known.map(([code, share]) => [code, share * scale])));
}

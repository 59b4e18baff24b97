/** All figures of a run's quality, from results beside labels. */

import {
  type Coverage,
  calibrationError,
  coverageAt,
  type ReliabilityBin,
  reliability,
} from './calibration.ts';
import { countOf, isRight, type Judgement } from './judgement.ts';
import { type ReviewEfficiency, reviewEfficiency, type SensitiveScore, sensitiveScore } from './review.ts';
import {
  type CategoryScore,
  type Confusion,
  categoryScores,
  confusionOf,
  hierarchicalAccuracy,
  macroF1,
  microF1,
} from './scores.ts';

export interface Evaluation {
  columns: number;
  exactAccuracy: number;
  microF1: number;
  macroF1: number;
  hierarchicalAccuracy: number;
  categories: CategoryScore[];
  confusion: Confusion[];
  /** null where nothing was predicted. */
  calibrationError: number | null;
  reliability: ReliabilityBin[];
  review: ReviewEfficiency;
  coverage: Coverage[];
  sensitive: SensitiveScore;
}

/** What an evaluation must know of the vocabulary. */
export interface EvaluatedTerms {
  /** Of each code the one above it. */
  parents: ReadonlyMap<string, string | null>;
  isSensitive(code: string): boolean;
}

const ACCURACIES = [0.9, 0.95, 0.97, 0.99];

/** @returns null when there is no label */
export function evaluate(judgements: readonly Judgement[], terms: EvaluatedTerms): Evaluation | null {
  if (judgements.length === 0) return null;
  const categories = categoryScores(judgements);
  const bins = reliability(judgements);
  return {
    columns: judgements.length,
    exactAccuracy: countOf(judgements, isRight) / judgements.length,
    microF1: microF1(judgements),
    macroF1: macroF1(categories),
    hierarchicalAccuracy: hierarchicalAccuracy(judgements, terms.parents),
    categories,
    confusion: confusionOf(judgements),
    calibrationError: calibrationError(bins),
    reliability: bins,
    review: reviewEfficiency(judgements),
    coverage: coverageAt(judgements, ACCURACIES),
    sensitive: sensitiveScore(judgements, terms.isSensitive),
  };
}

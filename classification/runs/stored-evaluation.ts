/** An evaluation as it is stored and served. */

import type { EvaluationRecord, PartEvaluation } from '../../core/classification/evaluation.ts';
import { type EvaluatedTerms, type Evaluation, evaluate } from '../evaluation/evaluation.ts';
import type { Judgement } from '../evaluation/judgement.ts';
import { isSensitive, type Vocabulary } from '../vocabulary/vocabulary.ts';

/** Pairs that are kept: what is rarer tells little. */
const MOST_CONFUSIONS = 500;

/** @returns null where no column has a label */
export function storedEvaluation(
  vocabulary: Vocabulary,
  judgements: readonly Judgement[],
): EvaluationRecord | null {
  const parents = new Map([...vocabulary.terms.values()].map(({ code, parent }) => [code, parent]));
  const terms: EvaluatedTerms = { parents, isSensitive: (code) => isSensitive(vocabulary, code) };
  const found = evaluate(judgements, terms);
  if (found === null) return null;
  const part = (isKnown: boolean): PartEvaluation | null => {
    const own = judgements.filter(({ isHeaderKnown = true }) => isHeaderKnown === isKnown);
    const figures = evaluate(own, terms);
    return figures === null ? null : mainFigures(figures);
  };
  return {
    ...mainFigures(found),
    reliability: found.reliability.map(({ meanProbability, ...bin }) => ({
      ...bin,
      mean_probability: meanProbability,
    })),
    categories: found.categories,
    confusion: found.confusion.slice(0, MOST_CONFUSIONS),
    coverage: found.coverage,
    headers: { known: part(true), hidden: part(false) },
    sensitive: found.sensitive,
  };
}

const mainFigures = ({ review, ...found }: Evaluation): PartEvaluation => ({
  ...{ columns: found.columns, exact_accuracy: found.exactAccuracy, micro_f1: found.microF1 },
  ...{ macro_f1: found.macroF1, hierarchical_accuracy: found.hierarchicalAccuracy },
  calibration_error: found.calibrationError,
  review: {
    ...{ reviewed_share: review.reviewedShare, errors_caught: review.errorsCaught },
    accuracy_of_rest: review.accuracyOfRest,
  },
});

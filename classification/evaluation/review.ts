/** What the review queue is good for, and whether what must be protected is found. */

import { countOf, isRight, type Judgement, shareOf } from './judgement.ts';

export interface ReviewEfficiency {
  /** Of all columns. */
  reviewedShare: number;
  /** Share of the errors that are sent to review; null without errors. */
  errorsCaught: number | null;
  /** Of the columns that are not sent; null where all are. */
  accuracyOfRest: number | null;
}

/** A column without a prediction is an error too. */
export function reviewEfficiency(judgements: readonly Judgement[]): ReviewEfficiency {
  const reviewed = judgements.filter(({ needsReview }) => needsReview);
  const rest = judgements.filter(({ needsReview }) => !needsReview);
  const errors = countOf(judgements, (each) => !isRight(each));
  return {
    reviewedShare: reviewed.length / judgements.length,
    errorsCaught: shareOf(
      countOf(reviewed, (each) => !isRight(each)),
      errors,
    ),
    accuracyOfRest: shareOf(countOf(rest, isRight), rest.length),
  };
}

export interface SensitiveScore {
  /** Labelled as a sensitive term. */
  labelled: number;
  /** null without a column that is so labelled. */
  recall: number | null;
  /** null where none was found to be so. */
  precision: number | null;
}

/** A sensitive column counts as found by any sensitive term: it is protected then. */
export function sensitiveScore(
  judgements: readonly Judgement[],
  isSensitive: (code: string) => boolean,
): SensitiveScore {
  const isLabelled = ({ label }: Judgement): boolean => label !== null && isSensitive(label);
  const isFound = ({ predicted }: Judgement): boolean => predicted !== null && isSensitive(predicted);
  const labelled = countOf(judgements, isLabelled);
  const hits = countOf(judgements, (each) => isLabelled(each) && isFound(each));
  return {
    labelled,
    recall: shareOf(hits, labelled),
    precision: shareOf(hits, countOf(judgements, isFound)),
  };
}

import type { Review, ReviewDecision } from '../../lib/api/classification.ts';
import { formatQuantity } from '../../lib/format/numbers.ts';

/** Decisions of people: as a button, its key, and as something that is done. */
export const DECISION_WORDS: Readonly<Record<ReviewDecision, { verb: string; done: string; key: string }>> = {
  accept: { verb: 'Accept', done: 'accepted', key: 'a' },
  correct: { verb: 'Correct', done: 'corrected', key: 'c' },
  reject: { verb: 'Reject', done: 'rejected', key: 'r' },
  none: { verb: 'None of these', done: 'none of these', key: 'n' },
};

/** `email: accepted.`, `12 columns: corrected.` */
export function sentenceOf(reviews: readonly Review[]): string {
  const [first] = reviews;
  if (first === undefined) return 'Nothing was decided.';
  const what = reviews.length === 1 ? first.column_name : formatQuantity(reviews.length, 'column');
  return `${what}: ${DECISION_WORDS[first.decision].done}.`;
}

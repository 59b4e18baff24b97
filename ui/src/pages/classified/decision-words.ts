import type { ReviewDecision } from '../../lib/api/classification.ts';

/** Decisions of people: as a button, its key, and as something that is done. */
export const DECISION_WORDS: Readonly<Record<ReviewDecision, { verb: string; done: string; key: string }>> = {
  accept: { verb: 'Accept', done: 'accepted', key: 'a' },
  correct: { verb: 'Correct', done: 'corrected', key: 'c' },
  reject: { verb: 'Reject', done: 'rejected', key: 'r' },
  none: { verb: 'None of these', done: 'none of these', key: 'n' },
};

/** One column's result beside what a person calls it: all that an evaluation needs of it. */

export interface Judgement {
  /** Code of the right term; null: no term of the vocabulary is right, and none should be predicted. */
  label: string | null;
  /** Code of the leaf that was predicted; null: none. */
  predicted: string | null;
  /** Code of the deepest node that is believed enough; null: none. */
  cautious: string | null;
  /** Of the prediction, as it was given out. */
  probability: number;
  needsReview: boolean;
  /** Its header says something. */
  isHeaderKnown?: boolean | undefined;
}

export const isRight = ({ label, predicted }: Judgement): boolean => predicted === label;

/** null for nothing: no share of none is known. */
export const shareOf = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

export const countOf = <T>(list: readonly T[], holds: (each: T) => boolean): number =>
  list.reduce((count, each) => count + (holds(each) ? 1 : 0), 0);

/** How good a run was, where its source has labels: one shape for rows, REST and pages. */

import { z } from 'zod';

const count = z.number().int();
const share = z.number();

const figures = {
  /** Columns that have a label. */
  columns: count,
  exact_accuracy: share,
  micro_f1: share,
  macro_f1: share,
  /** A term above the right one, or below it, is right too. */
  hierarchical_accuracy: share,
  /** Mean difference between probability and share of right ones, over ten bins; null where nothing was predicted. */
  calibration_error: share.nullable(),
  /** What sending columns to a person is good for; a share of none is null. */
  review: z.object({
    reviewed_share: share,
    errors_caught: share.nullable(),
    accuracy_of_rest: share.nullable(),
  }),
};

/** The main figures of some of the columns. */
const PartEvaluationSchema = z.object(figures);
export type PartEvaluation = z.infer<typeof PartEvaluationSchema>;

export const EvaluationSchema = z.object({
  ...figures,
  reliability: z.array(
    z.object({
      ...{ from: share, to: share, columns: count },
      ...{ mean_probability: share.nullable(), accuracy: share.nullable() },
    }),
  ),
  /** By term, those that are a label. */
  categories: z.array(
    z.object({
      ...{ code: z.string(), labelled: count, predicted: count },
      ...{ precision: share.nullable(), recall: share, f1: share },
    }),
  ),
  /** What was taken for what, the most frequent first. */
  confusion: z.array(
    z.object({ label: z.string().nullable(), predicted: z.string().nullable(), columns: count }),
  ),
  /** The largest share of columns, the surest first, of which so many are right. */
  coverage: z.array(z.object({ accuracy: share, coverage: share })),
  /** Columns whose header says something, and those whose header does not; null where there is none. */
  headers: z
    .object({ known: PartEvaluationSchema.nullable(), hidden: PartEvaluationSchema.nullable() })
    .optional(),
  sensitive: z.object({ labelled: count, recall: share.nullable(), precision: share.nullable() }),
});
export type EvaluationRecord = z.infer<typeof EvaluationSchema>;

/** Settings of a run. A snapshot, with every default written out, stays with the run. */

import { z } from 'zod';
import { DECISION_DEFAULTS } from '../evidence/belief.ts';
import { RULES } from '../evidence/combine.ts';

const share = z.number().min(0).max(1);

export const ClassificationSettingsSchema = z.strictObject({
  /** Non-null values that are looked at of a column. */
  sample_size: z.int().min(1).max(50).default(50),
  /** provider/model; null: no model is asked. */
  model: z.string().min(3).max(200).nullable().default(null),
  /** false: of a column only its name and type go to the model. */
  share_values: z.boolean().default(true),
  rule: z.enum(RULES).default('dempster'),
  /** A node that is believed so is told as the cautious answer. */
  threshold: share.default(DECISION_DEFAULTS.threshold),
  /** Nothing believed so: no answer. */
  floor: share.default(DECISION_DEFAULTS.floor),
  review_belief: share.default(DECISION_DEFAULTS.reviewBelief),
  review_gap: share.default(DECISION_DEFAULTS.reviewGap),
  /** Learn from people's decisions and the model's labels. */
  trained_members: z.boolean().default(true),
  /** Rounds in which the model is asked again. */
  rounds: z.int().min(0).max(5).default(5),
  /** Converged when so many columns have an answer, ... */
  coverage: share.default(0.95),
  /** ... the mean of what is not known of them is below this, ... */
  mean_gap: share.default(0.15),
  /** ... and so few are left to a person. */
  unclear_share: share.default(0.2),
  /** Dollars for the model; 0 asks it nothing. */
  max_cost: z.number().min(0).max(10_000).default(20),
  max_model_calls: z.int().min(0).max(100_000).default(2_000),
  /** Columns beyond so many are not looked at, which is said. */
  max_columns: z.int().min(1).max(1_000_000).default(200_000),
  /** Pieces of work that are done side by side. */
  parallel: z.int().min(1).max(16).default(2),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
});
export type ClassificationSettings = z.infer<typeof ClassificationSettingsSchema>;

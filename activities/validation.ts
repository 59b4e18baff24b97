/** What validate_stage returned, read with care: it describes files that an agent wrote. */

import { z } from 'zod';
import { type ValidationOutput, ValidationOutputSchema } from '../core/step-output.ts';

export function toValidation(value: unknown): ValidationOutput {
  return ValidationOutputSchema.parse(value ?? {});
}

const count = z.coerce.number().int().min(0);
const FactsSchema = z.object({
  columns: z.array(z.unknown()),
  feature_columns: z.array(z.string()),
  target_column: z.string(),
  total_rows: count,
  train_rows: count,
  val_rows: count,
  test_rows: count,
  quality_stats: z.record(z.string(), z.unknown()).default({}),
});

/** The row of processed_dataset_meta, or null when the facts do not say enough. */
export function processedDataset(sessionId: string, experimentId: string, facts: Record<string, unknown>) {
  const parsed = FactsSchema.safeParse(facts);
  if (!parsed.success) return null;
  return { session_id: sessionId, experiment_id: experimentId, ...parsed.data, s3_synced: true };
}

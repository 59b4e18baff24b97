/** What the CLI reads of the API's answers. */

import { z } from 'zod';
import { DecisionSchema } from '../core/decisions.ts';
import { ExperimentSchema, SessionSchema, StepSchema, UsageSchema } from '../core/records.ts';

export const Session = SessionSchema;
export const Experiment = ExperimentSchema;
export const Sessions = z.object({ items: z.array(SessionSchema), next_cursor: z.string().nullable() });
export const Steps = z.object({ items: z.array(StepSchema) });
export const Events = z.object({
  items: z.array(
    z.looseObject({ seq: z.number(), type: z.string(), data: z.record(z.string(), z.unknown()) }),
  ),
});
export const Ledger = z.object({ items: z.array(DecisionSchema), queued: z.array(DecisionSchema) });
export const Decided = z.object({
  session: z.string(),
  how: z.string(),
  queued: z.boolean(),
  changes: z.array(
    z.object({ key: z.string(), from: z.unknown(), to: z.unknown(), withdraw: z.boolean().optional() }),
  ),
  stage: z.string().nullable(),
  anew: z.array(z.string()),
  adopted: z.array(z.object({ stage: z.string(), run: z.number(), of: z.number() })),
  dry_run: z.boolean(),
});
export type Decided = z.infer<typeof Decided>;
/** What `again` would keep and asks. */
export const Refitted = z.object({
  inherited: z.array(
    z.object({ key: z.string(), value: z.unknown(), by: z.string(), to_confirm: z.boolean() }),
  ),
  unfit: z.array(z.object({ key: z.string(), value: z.unknown(), by: z.string() })),
  questions: z.array(
    z.object({
      id: z.string(),
      text: z.string(),
      choices: z.array(z.object({ answer: z.string(), consequence: z.string() })),
      answer: z.string().nullable(),
      safe: z.string().nullable(),
    }),
  ),
  missing_columns: z.array(z.string()),
  new_columns: z.array(z.string()),
});
export type Refitted = z.infer<typeof Refitted>;
export const Usage = UsageSchema;
export const Files = z.looseObject({
  entries: z.array(
    z.looseObject({ path: z.string(), kind: z.string(), size: z.number(), type: z.string().nullable() }),
  ),
  truncated: z.boolean(),
});
export const QueryAnswer = z.looseObject({
  columns: z.array(z.union([z.string(), z.looseObject({ name: z.string() })])),
  rows: z.array(z.array(z.unknown())),
  truncated: z.boolean(),
  cut_cells: z.array(z.looseObject({ row: z.number(), column: z.number() })).default([]),
});
/** As far as `run` reads /api/status. */
export const Providers = z.looseObject({
  models: z.object({ default: z.string(), providers: z.array(z.string()) }),
});
export const Anything = z.record(z.string(), z.unknown());

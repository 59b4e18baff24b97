/** What the CLI reads of the API's answers. */

import { z } from 'zod';
import { STANDINGS_OF_SCORES } from '../core/comparable-scores.ts';
import { DecisionSchema } from '../core/decisions.ts';
import { UNPAIRED } from '../core/paired-difference.ts';
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
/** Sessions side by side, as far as their table shows them; other forms print all that the api says. */
export const Compared = z.looseObject({
  items: z.array(
    z.looseObject({
      ...{ id: z.string(), name: z.string(), title: z.string(), state: z.string() },
      learner: z.string().nullable(),
      score: z
        .looseObject({
          ...{ metric: z.string(), value: z.number(), spread: z.number().nullable(), best: z.boolean() },
          standing: z.enum(STANDINGS_OF_SCORES),
        })
        .nullable(),
      decisions: z.record(
        z.string(),
        z.looseObject({ value: z.unknown(), by: z.string().nullable() }).nullable(),
      ),
      difference: z
        .looseObject({
          ...{ metric: z.string(), folds: z.number(), mean: z.number(), low: z.number(), high: z.number() },
          shows: z.enum(['better', 'worse', 'nothing']),
        })
        .nullable(),
      unpaired: z.enum(UNPAIRED).nullable(),
    }),
  ),
  differing: z.array(z.looseObject({ key: z.string() })),
  more_differing: z.number(),
  reference: z.string().nullable(),
});
export type Compared = z.infer<typeof Compared>;
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

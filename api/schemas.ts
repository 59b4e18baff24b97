/** What requests may carry. Unknown fields are refused; answers use the records of core. */

import { z } from 'zod';
import { DECIDERS, LARGEST_VALUE, LONGEST_KEY, LONGEST_REASON } from '../core/decisions.ts';
import { LimitsSchema } from '../core/limits.ts';
import { ARTIFACT_TYPES, DATA_SHARING, MetricSchema, PROBLEM_TYPES, SESSION_MODES } from '../core/records.ts';
import { SESSION_STATES } from '../core/session-state.ts';
import { STAGES } from '../core/stages.ts';
import { DECIDE_WAYS } from '../workflows/contract/messages.ts';
import { OUTPUT_STREAMS } from './services/step-output.ts';

/** Changes of one request: every column of a wide table. */
const MOST_CHANGES = 10_000;
const name = z.string().trim().min(1).max(200);
const column = z.string().min(1).max(500);

const experimentFields = {
  name: name.optional(),
  description: z.string().max(10_000).optional(),
  instructions: z.string().max(16_000).optional(),
  target: column.optional(),
  problem_type: z.enum(PROBLEM_TYPES).optional(),
  metric: z.string().min(1).max(100).optional(),
  seed: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional(),
  excluded_columns: z.array(column).max(1_000).optional(),
  test_file: name.optional(),
  split_column: column.optional(),
  data_sharing: z.enum(DATA_SHARING).optional(),
};

const storedFile = { upload_id: z.string().optional(), dataset_ref: z.string().max(2_000).optional() };
const ONE_FILE = { message: 'give either upload_id or dataset_ref' };
function isOneFile(body: { upload_id?: string | undefined; dataset_ref?: string | undefined }): boolean {
  return (body.upload_id === undefined) !== (body.dataset_ref === undefined);
}

/** Fields of a form that come beside its files. */
export const ExperimentFieldsSchema = z.strictObject(experimentFields);
export type ExperimentFields = z.infer<typeof ExperimentFieldsSchema>;

/** A JSON creation: from an upload, or from what lies in the object store. */
export const ExperimentBodySchema = z
  .strictObject({ ...experimentFields, ...storedFile })
  .refine(isOneFile, ONE_FILE);

export const ExperimentPatchSchema = z.strictObject({
  name: name.optional(),
  description: experimentFields.description,
  instructions: experimentFields.instructions,
  target: column.nullable().optional(),
  problem_type: z.enum(PROBLEM_TYPES).nullable().optional(),
  metric: z.string().min(1).max(100).nullable().optional(),
  excluded_columns: experimentFields.excluded_columns,
  data_sharing: experimentFields.data_sharing,
});
export type ExperimentPatch = z.infer<typeof ExperimentPatchSchema>;

/** Some of a session's limits; those left out keep their value. */
export const LimitsPatchSchema = z.strictObject({
  turns: LimitsSchema.shape.turns.unwrap().optional(),
  tokens: LimitsSchema.shape.tokens.unwrap().optional(),
  cost: LimitsSchema.shape.cost.unwrap().optional(),
  time: LimitsSchema.shape.time.unwrap().optional(),
});
export type LimitsPatch = z.infer<typeof LimitsPatchSchema>;

const model = z
  .string()
  .regex(/^[a-z][a-z0-9-]*(\/[\w.:@-]+)?$/i, 'give provider/model')
  .max(200);

const value = z.unknown().refine((given) => given !== undefined && isSmall(given), {
  message: `give a value of at most ${LARGEST_VALUE} bytes of JSON`,
});
function isSmall(given: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(given)) <= LARGEST_VALUE;
}
const change = z.strictObject({ key: z.string().max(LONGEST_KEY), value });
function isEachOnce(list: readonly { key: string }[]): boolean {
  return new Set(list.map(({ key }) => key)).size === list.length;
}

/** Who had decided it counts with the session that it was kept from; else it is the caller who decides it now. */
const started = change.extend({
  by: z.enum(DECIDERS).optional(),
  stage: z.enum(STAGES).nullable().optional(),
  reason: z.string().max(LONGEST_REASON).optional(),
  inherited_from: z.guid().nullable().optional(),
  to_confirm: z.boolean().optional(),
});

export const SessionBodySchema = z.strictObject({
  mode: z.enum(SESSION_MODES).default('manual'),
  model: model.optional(),
  limits: LimitsPatchSchema.default({}),
  /** What the person decides from the start, e.g. what another session decided. */
  decisions: z
    .array(started)
    .max(MOST_CHANGES)
    .refine(isEachOnce, { message: 'name each key once' })
    .optional(),
});
export type SessionBody = z.infer<typeof SessionBodySchema>;

const againFields = {
  name: name.optional(),
  /** Default: as in the session whose decisions are kept. */
  mode: z.enum(SESSION_MODES).optional(),
  model: model.optional(),
  /** To what does not fit the new table, by the question's id. */
  answers: z.record(z.string().max(300), z.string().max(500)).default({}),
  test_file: name.optional(),
  /** Tells what is kept and asked, and does nothing. */
  dry_run: z.boolean().default(false),
};
/** Fields of a form that come beside the new table. */
export const AgainFieldsSchema = z.strictObject(againFields);
export type AgainFields = z.infer<typeof AgainFieldsSchema>;
export const AgainBodySchema = z.strictObject({ ...againFields, ...storedFile }).refine(isOneFile, ONE_FILE);

export const EmptyBodySchema = z.strictObject({});
/** With another model, where the session's own does not answer. */
export const ResumeSchema = z.strictObject({ model: model.optional() });
export const AnswerBodySchema = z.strictObject({ text: z.string().min(1).max(16_000) });
export const ApprovalBodySchema = z.strictObject({
  approved: z.boolean(),
  note: z.string().max(16_000).optional(),
});
export const messageBodySchema = (maxCharacters: number) =>
  z.strictObject({ text: z.string().trim().min(1).max(maxCharacters) });
export const sqlBodySchema = (maxRows: number) =>
  z.strictObject({
    sql: z.string().min(1).max(100_000),
    limit: z.number().int().min(1).max(maxRows).default(1_000),
  });

export const IdParams = z.strictObject({ id: z.string() });
export const StageParams = z.strictObject({ id: z.string(), stage: z.enum(STAGES) });
export const StepParams = z.strictObject({ id: z.string(), step: z.string() });
export const StepOutputParams = StepParams.extend({ stream: z.enum(OUTPUT_STREAMS) });
export const AnswerParams = z.strictObject({ id: z.string(), questionId: z.string() });
export const ApprovalParams = z.strictObject({ id: z.string(), approvalId: z.string() });
export const FileParams = z.strictObject({ id: z.string(), '*': z.string() });
export const TableParams = z.strictObject({ id: z.string(), table: z.string().min(1).max(500) });

const limit = (most: number, usual: number) => z.coerce.number().int().min(1).max(most).default(usual);
/** As many as the column of its number holds. */
const HIGHEST_RUN = 2 ** 31 - 1;
const run = z.coerce.number().int().min(1).max(HIGHEST_RUN).optional();
const stage = z.enum(STAGES).optional();

export const PageQuery = z.strictObject({ cursor: z.string().max(500).optional(), limit: limit(200, 50) });
/** With `last_session`, each experiment comes with what its last session came to. */
export const ExperimentsQuery = PageQuery.extend({ include: z.literal('last_session').optional() });
/** Messages are read as a conversation too, oldest first. */
export const MessagesQuery = PageQuery.extend({ order: z.enum(['newest', 'oldest']).optional() });
export const SessionsQuery = z.strictObject({
  cursor: z.string().max(500).optional(),
  limit: limit(200, 50),
  experiment_id: z.string().optional(),
  state: z.enum(SESSION_STATES).optional(),
  /** With `outcome`, each session comes with its cost, score and curve. */
  include: z.literal('outcome').optional(),
});
export const EventsQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
  limit: limit(1_000, 500),
  /** event types that are left out, separated by commas */
  except: z.string().max(500).optional(),
});
export const StreamQuery = z.strictObject({ after: z.coerce.number().int().min(0).optional() });

/** Sessions that one stream follows beside the overview. */
const FOLLOWED_SESSIONS = 64;
const FOLLOWED = /^[0-9a-f-]{36}:\d{1,15}$/;
/** `ID:SEQ,ID:SEQ`: sessions with the number of the last event that is known of each. */
const followed = z
  .string()
  .transform((text) => text.split(',').filter((word) => word !== ''))
  .pipe(
    z.array(z.string().regex(FOLLOWED, 'give ID:SEQ, with commas between several')).max(FOLLOWED_SESSIONS),
  )
  .transform((words) => words.map((word) => ({ session: word.slice(0, 36), after: Number(word.slice(37)) })));
export const OverviewStreamQuery = z.strictObject({ follow: followed.optional() });
export type Followed = z.output<typeof followed>;

export const StepsQuery = z.strictObject({ stage, run });
/** `dry_run` says what would happen and changes nothing. */
const withdrawal = z.strictObject({ key: z.string().max(LONGEST_KEY), withdraw: z.literal(true) });
export const DecideBodySchema = z.strictObject({
  /** Each with a value, or to be left to the agent again. */
  changes: z
    .array(z.union([change, withdrawal]))
    .max(MOST_CHANGES)
    .refine(isEachOnce, { message: 'name each key once' })
    .refine((list) => list.length > 0, { message: 'name a change' }),
  how: z.enum(DECIDE_WAYS).default('fork'),
  dry_run: z.boolean().default(false),
});
export type DecideBody = z.infer<typeof DecideBodySchema>;

/** With `history`, rows that are in force no more, or never were, are listed too. */
export const DecisionsQuery = z.strictObject({ history: z.enum(['true', 'false']).optional() });
export const ArtifactsQuery = z.strictObject({ stage, run, type: z.enum(ARTIFACT_TYPES).optional() });
export const MetricsQuery = z.strictObject({
  name: z.string().optional(),
  stage,
  run,
  run_tag: z.string().optional(),
  from_step: z.coerce.number().int().optional(),
  to_step: z.coerce.number().int().optional(),
  max_points: z.coerce.number().int().min(4).max(100_000).default(2_000),
  /** `columns`: two arrays of each series in place of a record of each point. */
  form: z.enum(['points', 'columns']).default('points'),
});
/**
 * `after` is the last path of an answer that was cut: the next one goes on behind it. `checkpoint` reads a kept
 * workspace instead of the last one.
 */
const checkpoint = z.string().max(100).optional();
export const FilesQuery = z.strictObject({
  path: z.string().default(''),
  after: z.string().default(''),
  checkpoint,
});
export const FileQuery = z.strictObject({ checkpoint });

/** A page of a list, newest first. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() });

const SeriesSchema = z.object({
  ...{ stage: z.enum(STAGES), run: z.number(), run_tag: z.string(), name: z.string() },
  /** Points of the whole series, of which these may be some. */
  count: z.number(),
  steps: z.array(z.number()),
  /** null where a value was not finite */
  values: z.array(z.number().nullable()),
});

export const MetricsAnswerSchema = z.object({
  /** Empty with `?form=columns`. */
  items: z.array(MetricSchema),
  /** With `?form=columns` alone. */
  series: z.array(SeriesSchema).optional(),
  summaries: z.array(z.record(z.string(), z.unknown())),
});

/** The records of the platform: one shape for rows, REST and events. Names are the tables' column names. */

import { z } from 'zod';
import { LimitsSchema } from './limits.ts';
import { SESSION_STATES, WAITING_REASONS } from './session-state.ts';
import { STAGES } from './stages.ts';

const id = z.string();
const time = z.string();
const stage = z.enum(STAGES);
const json = z.record(z.string(), z.unknown());

export const DATA_SHARING = ['values', 'aggregates', 'none'] as const;
export const PROBLEM_TYPES = ['binary', 'multiclass', 'regression'] as const;
export type ProblemType = (typeof PROBLEM_TYPES)[number];

export const DatasetFileSchema = z.object({
  name: z.string(),
  /** key in the object store */
  s3_path: z.string(),
  size: z.number(),
  sha256: z.string(),
});
export type DatasetFile = z.infer<typeof DatasetFileSchema>;

export const ExperimentSchema = z.object({
  id,
  owner: z.string(),
  name: z.string(),
  description: z.string(),
  instructions: z.string(),
  dataset_ref: z.string(),
  dataset: z.object({ files: z.array(DatasetFileSchema), profile: json.nullable() }),
  target: z.string().nullable(),
  problem_type: z.enum(PROBLEM_TYPES).nullable(),
  metric: z.string().nullable(),
  seed: z.number().int(),
  excluded_columns: z.array(z.string()),
  test_file: z.string().nullable(),
  split_column: z.string().nullable(),
  data_sharing: z.enum(DATA_SHARING),
  created_at: time,
});
export type Experiment = z.infer<typeof ExperimentSchema>;

/** As lists show it: of a table its extent, for a profile tells of every column and a list is read whole. */
export const ListedExperimentSchema = ExperimentSchema.extend({
  dataset: z.object({
    files: z.array(DatasetFileSchema),
    shape: z.object({ rows: z.number(), columns: z.number() }).nullable(),
  }),
});
export type ListedExperiment = z.infer<typeof ListedExperimentSchema>;

export const WaitingSchema = z.object({
  reason: z.enum(WAITING_REASONS),
  /** when the next try is made, or the wait ends */
  until: z.string().optional(),
  /** the question, approval or limit; of a provider: why it does not answer */
  subject: z.string().optional(),
  since: z.string().optional(),
  tries: z.number().int().optional(),
  /** the provider's own words */
  said: z.string().optional(),
  /** what holds it and what lets it go on */
  message: z.string().optional(),
});

/** A talk after the last stage: turns of that stage's run from `first_turn` on, numbered 1, 2, 3 … in a session. */
export const FollowUpSchema = z.object({
  n: z.number().int(),
  stage,
  run: z.number().int(),
  first_turn: z.number().int(),
});
export type FollowUp = z.infer<typeof FollowUpSchema>;

/** What a person said to a question, or decided on what approval was asked for. */
export const AnswerSchema = z.union([
  z.object({ text: z.string() }),
  z.object({ approved: z.boolean(), note: z.string().optional() }),
]);
export type Answer = z.infer<typeof AnswerSchema>;

export const SESSION_MODES = ['manual', 'auto'] as const;

export const SessionSchema = z.object({
  id,
  owner: z.string(),
  experiment_id: id,
  state: z.enum(SESSION_STATES),
  failed_stage: stage.nullable(),
  waiting: WaitingSchema.nullable(),
  mode: z.enum(SESSION_MODES),
  /** provider/model */
  model: z.string(),
  limits: LimitsSchema,
  stop_after_step: z.boolean(),
  /** step: null for one that begins anew with other decisions */
  forked_from: z.object({ session: id, step: id.nullable() }).nullable(),
  /** the follow-up that is open; null when none is */
  follow_up: FollowUpSchema.nullable(),
  created_at: time,
  updated_at: time,
});
export type Session = z.infer<typeof SessionSchema>;

export const StageRunSchema = z.object({
  session_id: id,
  stage,
  run: z.number().int(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  reason: z.string().nullable(),
  stale: z.boolean(),
  prompt_version: z.string(),
  base: id.nullable(),
  checkpoint: id.nullable(),
  started_at: time,
  ended_at: time.nullable(),
});
export type StageRun = z.infer<typeof StageRunSchema>;

export const StepSchema = z.object({
  id,
  session_id: id,
  stage,
  run: z.number().int(),
  turn: z.number().int(),
  call: z.string(),
  kind: z.enum(['model', 'tool', 'validation']),
  tool: z.string().nullable(),
  title: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  epoch: z.number(),
  execution: z.number().int(),
  base: id.nullable(),
  checkpoint: id.nullable(),
  input: json,
  output: json.nullable(),
  output_offset: z.number(),
  metrics_offset: z.number(),
  usage: json.nullable(),
  cost: z.number(),
  started_at: time,
  ended_at: time.nullable(),
});
export type Step = z.infer<typeof StepSchema>;

export const MessageSchema = z.object({
  id,
  session_id: id,
  stage: stage.nullable(),
  run: z.number().int().nullable(),
  turn: z.number().int().nullable(),
  role: z.enum(['user', 'assistant', 'tool', 'system']),
  /** blocks in the Messages API's form */
  content: z.array(json),
  metadata: json,
  created_at: time,
});
export type Message = z.infer<typeof MessageSchema>;

export const ARTIFACT_TYPES = ['report', 'chart', 'dataset', 'model', 'script', 'metadata', 'file'] as const;

export const ArtifactSchema = z.object({
  id,
  session_id: id,
  stage,
  run: z.number().int(),
  step_id: id.nullable(),
  stale: z.boolean(),
  type: z.enum(ARTIFACT_TYPES),
  name: z.string(),
  path: z.string(),
  s3_path: z.string(),
  size: z.number(),
  sha256: z.string(),
  metadata: json,
  created_at: time,
});
export type Artifact = z.infer<typeof ArtifactSchema>;

export const MetricSchema = z.object({
  stage,
  run: z.number().int(),
  run_tag: z.string(),
  name: z.string(),
  step: z.number(),
  value: z.number().nullable(),
  flag: z.string().nullable(),
  step_id: id,
  execution: z.number().int(),
  created_at: time,
});
export type Metric = z.infer<typeof MetricSchema>;

export const ManifestEntrySchema = z.object({
  path: z.string(),
  kind: z.enum(['file', 'directory', 'link']),
  size: z.number(),
  sha256: z.string(),
  mode: z.number(),
  target: z.string(),
  allocated: z.number().optional(),
});
/**
 * One entry of a checkpoint's tree; names are escaped where a reader would not see them (sandbox.proto says how).
 * `allocated` is there where the file has holes: the bytes that it takes.
 * `sha256` is '' for what is no file, `target` '' for what is no link.
 */
export type ManifestEntry = z.infer<typeof ManifestEntrySchema>;

/** Bytes that an entry takes where it is kept: its holes take none. */
export const bytesTaken = ({ size, allocated }: Pick<ManifestEntry, 'size' | 'allocated'>): number =>
  Math.min(allocated ?? size, size);

export const UsageSchema = z.object({
  turns: z.number(),
  model_calls: z.number(),
  /** requests sent to the provider: more than model_calls when one in flight at a crash was repeated */
  requests: z.number(),
  tokens: z.number(),
  cost: z.number(),
  by_stage: z.array(
    z.object({ stage, run: z.number(), turns: z.number(), tokens: z.number(), cost: z.number() }),
  ),
});
export type SessionUsage = z.infer<typeof UsageSchema>;

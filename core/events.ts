/**
 * Every event of a session's stream, declared once. `seq` numbers a stream's events 1, 2, 3 … without a gap;
 * `key` is unique in the stream, so that a repeated append changes nothing.
 */

import { z } from 'zod';
import { ProgressSchema } from './classification/records.ts';
import { CLASSIFICATION_STATES } from './classification/states.ts';
import { DECIDERS } from './decisions.ts';
import { AnswerSchema } from './records.ts';
import { SESSION_STATES, WAITING_REASONS } from './session-state.ts';
import { STAGES } from './stages.ts';

const stage = z.enum(STAGES);
const id = z.string();

/** Files that are named as not kept, at most. */
export const MAX_REFUSED_NAMED = 20;

/** What a follow-up does to be told of. */
export const FOLLOW_UP_CHANGES = ['opened', 'done', 'failed', 'cancelled'] as const;

export const EVENT_SCHEMAS = {
  state_change: z.object({
    state: z.enum(SESSION_STATES),
    /** In words, for people; what it comes from is in the fields below. */
    reason: z.string().optional(),
    /** The state stays what it is: a follow-up after the last stage was opened, or has ended. */
    follow_up: z.object({ n: z.number(), change: z.enum(FOLLOW_UP_CHANGES) }).optional(),
    /** The session begins here, with what the other one had up to the step. */
    forked_from: z.object({ session: id, step: id }).optional(),
  }),
  agent_message: z.object({ message: id, text: z.string() }),
  /** What the model thought before or between what it said; the message keeps the blocks as the provider gave them. */
  agent_thinking: z.object({
    message: id,
    /** At most MAX_THINKING_CHARACTERS; empty where the provider tells nothing of it. */
    text: z.string(),
    /** True where the provider withholds some of it. */
    withheld: z.boolean(),
    /** Null where nobody listened while it was thought. */
    duration_ms: z.number().nullable(),
  }),
  user_message: z.object({ message: id, text: z.string() }),
  tool_start: z.object({
    step: id,
    tool: z.string(),
    title: z.string(),
    input: z.record(z.string(), z.unknown()),
  }),
  tool_end: z.object({
    step: id,
    tool: z.string(),
    ok: z.boolean(),
    /** Head and tail of what the agent sees. */
    output: z.string(),
    duration_ms: z.number(),
  }),
  code_output: z.object({
    step: id,
    execution: z.number(),
    stream: z.enum(['stdout', 'stderr']),
    offset: z.number(),
    text: z.string(),
  }),
  file_created: z.object({
    path: z.string(),
    name: z.string(),
    stage,
    size: z.number(),
    /** Whose script wrote it. */
    step: id.optional(),
  }),
  report_ready: z.object({ content: z.string(), stage }),
  files_ready: z.object({ files: z.array(z.string()), stage }),
  metrics_batch: z.object({
    items: z.array(
      z.object({
        step: z.number(),
        name: z.string(),
        /** null where the script logged NaN or an infinity */
        value: z.number().nullable(),
        stage,
        run_tag: z.string(),
        /** set when the value was not finite: NaN, Infinity, -Infinity */
        flag: z.string().optional(),
      }),
    ),
  }),
  chart_config: z.object({
    charts: z.array(z.object({ title: z.string(), metrics: z.array(z.string()), type: z.string() })),
  }),
  /** What was decided, in the order in which it was; a script's counts once its step is done. */
  decisions: z.object({
    items: z.array(
      z.object({
        id,
        key: z.string(),
        value: z.unknown(),
        by: z.enum(DECIDERS),
        reason: z.string(),
        /** True where another's decision held: this one never counts. */
        yields: z.boolean(),
        /** True where it waits for the end of the stage that runs. */
        queued: z.boolean(),
      }),
    ),
  }),
  rich_log: z.object({
    kind: z.enum(['table', 'image', 'confusion_matrix']),
    name: z.string(),
    artifact: id.nullable(),
    /** Where the file lies in the session; an image is shown from there. */
    path: z.string().optional(),
    data: z.unknown().optional(),
  }),
  validation_result: z.object({
    stage,
    passed: z.array(z.string()),
    warnings: z.array(z.string()),
    errors: z.array(z.string()),
  }),
  s3_sync_complete: z.object({ files_synced: z.number(), s3_prefix: z.string(), stage }),
  attempt_started: z.object({
    step_id: id,
    execution: z.number(),
    epoch: z.number(),
    reason: z.literal('out_of_memory').optional(),
    peak_memory_bytes: z.number().optional(),
    memory_bytes: z.number().optional(),
  }),
  /** As the session's `waiting` stands; a reason of null ends it. */
  waiting: z.object({
    reason: z.enum(WAITING_REASONS).nullable(),
    until: z.string().optional(),
    subject: z.string().optional(),
    since: z.string().optional(),
    tries: z.number().optional(),
    said: z.string().optional(),
    message: z.string().optional(),
    /** It stands where it was forked: nobody stopped it. */
    forked: z.boolean().optional(),
    /** What ended it: the answer to a question, or the decision on what approval was asked for. */
    answers: z
      .object({ question: id, answer: AnswerSchema, by: z.string().nullable(), at: z.string() })
      .optional(),
  }),
  /** The conversation did not fit the model: from now on it goes out shorter. Rows and files keep everything. */
  context_shortened: z.object({
    turn: z.number(),
    /** exchanges whose results are cut, and those that a summary stands for, counted from the stage's first */
    shortened: z.number(),
    summarised: z.number(),
    message: z.string(),
  }),
  stale: z.object({ stages: z.array(stage) }),
  limit_reached: z.object({ limit: z.string(), message: z.string() }),
  usage: z.object({
    turn: z.number(),
    tokens: z.number(),
    cost: z.number(),
    /** True of an answer that came, wholly or in part, and could not be kept; its cost is an estimate. */
    lost: z.boolean().optional(),
  }),
  tasks: z.object({
    items: z.array(z.object({ title: z.string(), state: z.enum(['pending', 'in_progress', 'done']) })),
  }),
  question: z.object({ id, text: z.string(), choices: z.array(z.string()) }),
  approval: z.object({ id, action: z.string() }),
  checkpoint: z.object({
    step: id,
    checkpoint: id,
    files: z.number(),
    bytes: z.number(),
    /** Files that no checkpoint can hold, each with the reason; at most MAX_REFUSED_NAMED. */
    refused: z.array(z.string()).optional(),
  }),
  error: z.object({ code: z.string(), message: z.string() }),
  /** Of a classification's stream: where the run stands, whenever that changes. */
  classification: z.object({
    state: z.enum(CLASSIFICATION_STATES),
    progress: ProgressSchema,
    /** What is to be known of it, that came with this. */
    notes: z.array(z.string()).optional(),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
  }),
} as const;

export type EventType = keyof typeof EVENT_SCHEMAS;
export type EventData<T extends EventType> = z.infer<(typeof EVENT_SCHEMAS)[T]>;

/** An event to append. `key` makes the append idempotent within its stream. */
export type NewEvent = {
  [T in EventType]: {
    key: string;
    type: T;
    stage?: (typeof STAGES)[number];
    run?: number;
    data: EventData<T>;
  };
}[EventType];

/** An event as it is stored, whichever version wrote it. */
export interface StoredEvent {
  seq: number;
  type: EventType;
  stage: (typeof STAGES)[number] | null;
  run: number | null;
  data: Record<string, unknown>;
  created_at: string;
}

const served = (type: EventType) =>
  z.object({
    seq: z.number(),
    type: z.literal(type),
    stage: stage.nullable(),
    run: z.number().nullable(),
    data: EVENT_SCHEMAS[type],
    created_at: z.string(),
  });
// one boundary cast: there are event types
const FORMS = (Object.keys(EVENT_SCHEMAS) as EventType[]).map(served) as [ReturnType<typeof served>];

/** An event as it is served: a form of its own for each type, from which the types of the web UI are generated. */
export const StoredEventSchema: z.ZodType<StoredEvent> = z.discriminatedUnion('type', FORMS);

/** Checks an event's data against its type's schema. @throws z.ZodError naming the field. */
export function parseEvent(event: NewEvent): NewEvent {
  EVENT_SCHEMAS[event.type].parse(event.data);
  return event;
}

/** The boundary to the conversation's text: what the brief states and what scripts print, checked by schema. */

import { z } from 'zod';

/** The facts block of a stage's opening message; fields that this model does not use are ignored. */
export const FACTS = z.object({
  stage: z.enum(['eda', 'prep', 'train']),
  session_id: z.string().default(''),
  files: z.array(z.string()).min(1),
  target: z.string().nullish(),
  /** What the upload's profile takes for the target; the reason completes "because …". */
  suggested_target: z.object({ name: z.string(), reason: z.string().nullish() }).nullish(),
  problem_type: z.enum(['binary', 'multiclass', 'regression']).nullish(),
  metric: z.string().nullish(),
  instructions: z.string().nullish(),
  experiment_name: z.string().nullish(),
  description: z.string().nullish(),
  seed: z.number().int().nullish(),
  excluded_columns: z.array(z.string()).nullish(),
  split_column: z.string().nullish(),
  test_file: z.string().nullish(),
  data_sharing: z.enum(['values', 'aggregates', 'none']).nullish(),
  /** Whether a sandbox host has a GPU slot. */
  gpu: z.boolean().nullish(),
  /** What was decided and holds now. */
  decisions: z
    .array(
      z.object({
        key: z.string(),
        value: z.unknown(),
        by: z.string(),
        inherited: z.boolean().optional(),
        /** The person has left it to the agent again. */
        withdrawn: z.boolean().optional(),
      }),
    )
    .nullish(),
});
export type Facts = z.infer<typeof FACTS>;
export type ProblemType = 'binary' | 'multiclass' | 'regression';

const COLUMN = z.object({
  name: z.string(),
  kind: z.enum(['number', 'category', 'text', 'date', 'constant']),
  /** The kind that the plan gives, finer than `kind`. */
  is: z.string().default(''),
  distinct: z.number(),
  missing: z.number().optional(),
  disguised: z.number().optional(),
  whole: z.boolean().optional(),
  flags: z.array(z.string()),
});
export type Column = z.infer<typeof COLUMN>;

/** How rows are dealt, measured or as the person said. */
const SPLIT = z.object({
  strategy: z.string(),
  by: z.string().nullable(),
  /** Completes "because …". */
  because: z.string().default(''),
  /** True for the safe choice between two that the table cannot settle. */
  confirm: z.boolean().default(false),
});
export type Split = z.infer<typeof SPLIT>;

/** What candidates reached on the same folds. */
const COMPARED = {
  metric: z.string(),
  best: z.string(),
  within_one_se: z.array(z.string()),
  /** Whether the best is better than the dummy by more than one standard error. */
  beats_dummy: z.boolean(),
  failed: z.array(z.string()),
  candidates: z
    .array(
      z.object({ name: z.string(), title: z.string(), mean: z.number(), sd: z.number(), se: z.number() }),
    )
    .optional(),
};

/** What each playbook prints. Counts and statistics are absent when `data_sharing` is `none`. */
export const FINDINGS = {
  eda_profile: z.object({
    read: z.object({ file: z.string(), format: z.string(), header: z.boolean() }).loose(),
    rows: z.number().optional(),
    duplicates: z.number().optional(),
    column_count: z.number(),
    too_few_rows: z.boolean().default(false),
    /** The likeliest targets, best first; each reason completes "because …". */
    candidates: z.array(z.object({ name: z.string(), because: z.string() })).default([]),
    columns: z.array(COLUMN),
  }),
  eda_relations: z.object({
    leaks: z.record(z.string(), z.string()),
    suspects: z.array(z.string()),
    strongest: z.array(z.union([z.string(), z.tuple([z.string(), z.number().nullable()])])),
    continuous: z.number(),
    /** True when so few values are possible that as many equal rows are to be expected. */
    repeats_by_chance: z.boolean().default(false),
    /** True for a number that is the same in half of the rows or more, such as a count that is mostly 0. */
    one_value_in_half: z.boolean().default(false),
    problem_type: z.enum(['binary', 'multiclass', 'regression']),
    /** What predicting the target means, finer than its problem type: count, ordinal, censored … */
    meaning: z.string(),
    meaning_because: z.string(),
    split: SPLIT,
    /** Columns that are not used, with the true reason, beside those that give the target away. */
    left_out: z.record(z.string(), z.string()).default({}),
    /** What the table cannot settle: the safe choice holds until a person says otherwise. */
    to_confirm: z.array(z.string()).default([]),
    /** What is to be known before training, a sentence each. */
    warnings: z.array(z.string()).default([]),
    /** Whether the test file that was given has answers; absent where none was. */
    test_file_can_judge: z.boolean().optional(),
    /** Labels of a target whose cells hold several at once. */
    several_labels: z.array(z.string()).default([]),
    target: z
      .object({
        missing: z.number(),
        /** Rows that have a class. */
        counted: z.number().optional(),
        classes: z.number().optional(),
        smallest: z.number().optional(),
        largest_share: z.number().optional(),
      })
      .loose()
      .optional(),
  }),
  eda_report: z.object({ figures: z.array(z.string()), columns_used: z.number() }),
  prep_audit: z.object({
    target: z.string(),
    problem_type: z.enum(['binary', 'multiclass', 'regression']),
    metric: z.string(),
    features: z.array(z.string()),
    feature_count: z.number(),
    drop: z.record(z.string(), z.string()),
    leaks: z.record(z.string(), z.string()),
    high_cardinality: z.array(z.string()),
    with_missing: z.array(z.string()),
    drop_duplicates: z.boolean(),
    split: SPLIT,
    /** Columns that can order rows. */
    dates: z.array(z.string()).default([]),
    rows: z.number().optional(),
    missing_target: z.number().optional(),
    repeated: z.number().optional(),
    rarest: z.number().optional(),
  }),
  prep_build: z.object({
    rows: z.record(z.string(), z.number()),
    features: z.number(),
    transformed: z.number(),
    dropped_rows: z.record(z.string(), z.number()),
    equal_rows: z.enum(['apart', 'mixed']).nullish(),
  }),
  prep_check: z.object({ problems: z.array(z.string()), raw_rows_differ: z.boolean() }).loose(),
  train_look: z.object({
    problem_type: z.enum(['binary', 'multiclass', 'regression']),
    target: z.string(),
    metric: z.string(),
    features: z.number(),
    feature_names: z.array(z.string()).default([]),
    /** Columns that preparation left out. */
    dropped_names: z.array(z.string()).default([]),
    /** What the splits were prepared for; null when their metadata does not say. */
    settled_metric: z.string().nullish(),
    transformed: z.number(),
    by_time: z.boolean(),
    /** A number target with a few very large values and none below zero. */
    long_tail: z.boolean().default(false),
    size: z.enum(['small', 'medium', 'large']),
    rows: z.number().optional(),
    classes: z.number().optional(),
    largest_share: z.number().optional(),
  }),
  train_compare: z.object(COMPARED),
  train_network: z.object({
    /** False where torch is not installed: the comparison is as it was. */
    tried: z.boolean(),
    device: z.string().nullable(),
    ...COMPARED,
  }),
  train_final: z.object({
    chosen: z.string(),
    title: z.string(),
    inside: z.boolean(),
    beats_dummy: z.boolean(),
    /** What the score may hide, one sentence each. */
    beware: z.array(z.string()).default([]),
    metric: z.string().optional(),
    cv_mean: z.number().optional(),
    cv_sd: z.number().optional(),
    folds: z.number().optional(),
    test: z.record(z.string(), z.number()).optional(),
    baseline: z.number().optional(),
    low: z.number().nullable().optional(),
    high: z.number().nullable().optional(),
    importance: z.array(z.string()).optional(),
  }),
} as const;

export type PlaybookName = keyof typeof FINDINGS;
export type Findings<Name extends PlaybookName> = z.infer<(typeof FINDINGS)[Name]>;

/** What became of an order of the person's, as the ledger answers. */
const ORDERED = z.object({
  decided: z.array(
    z.object({
      key: z.string(),
      value: z.unknown(),
      withdrawn: z.boolean().default(false),
      /** `later`: once the stage that runs has ended. */
      holds: z.enum(['now', 'later']),
    }),
  ),
  refused: z.array(z.object({ key: z.string(), why: z.string() })),
  /** Stages that run again for what holds later. */
  anew: z.array(z.enum(['eda', 'prep', 'train'])),
  /** Whether there was a change to take back; null where none was to be. */
  undone: z.boolean().nullable(),
});
export type Ordered = z.infer<typeof ORDERED>;

/** Null for what is no answer of the ledger's. */
export function readOrdered(content: string): Ordered | null {
  const parsed = ORDERED.safeParse(parseJson(content.slice(0, content.lastIndexOf('}') + 1)));
  return parsed.success ? parsed.data : null;
}

/** The findings that a script printed, or null when there are none of the right form. */
export function readFindings<Name extends PlaybookName>(name: Name, output: string): Findings<Name> | null {
  const line = /=== findings ===\r?\n(.*)\r?\n=== end of findings ===/.exec(output)?.[1];
  if (line === undefined) return null;
  const parsed = FINDINGS[name].safeParse(parseJson(line));
  return parsed.success ? (parsed.data as Findings<Name>) : null;
}

/** The facts block of a brief, or null when the text has none (a follow-up, a question). */
export function readFacts(text: string): Facts | null {
  const block = /```json facts\n([\s\S]*?)\n```/.exec(text)?.[1];
  if (block === undefined) return null;
  const parsed = FACTS.safeParse(parseJson(block));
  return parsed.success ? parsed.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Cut-off output: the schema then refuses it and the caller sees no findings.
  }
}

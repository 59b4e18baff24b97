/**
 * The first user message of a stage: prose for the model and one fenced JSON block of facts. Providers are given the
 * same text; the offline model reads the block.
 */

import { z } from 'zod';
import { DECIDERS } from '../core/decisions.ts';
import { DATA_SHARING, PROBLEM_TYPES } from '../core/records.ts';
import { STAGES, type Stage } from '../core/stages.ts';

/** What an experiment's row and its upload's profile say, in the form in which an agent is told. */
export const STAGE_FACTS = z.object({
  stage: z.enum(STAGES),
  session_id: z.string(),
  experiment_id: z.string(),
  experiment_name: z.string().default(''),
  description: z.string().default(''),
  /** Names of the files in the experiment's dataset folder, the table first. */
  files: z.array(z.string()).min(1),
  /** The column to predict, as given by the person; null: to be chosen. */
  target: z.string().nullable().default(null),
  /** What the upload's profile takes for the target, for when none is given; null: it suggests none. */
  suggested_target: z.object({ name: z.string(), reason: z.string().optional() }).nullable().default(null),
  problem_type: z.enum(PROBLEM_TYPES).nullable().default(null),
  metric: z.string().nullable().default(null),
  /** What the person wants, in their words. */
  instructions: z.string().default(''),
  seed: z.int().default(42),
  excluded_columns: z.array(z.string()).default([]),
  split_column: z.string().nullable().default(null),
  test_file: z.string().nullable().default(null),
  data_sharing: z.enum(DATA_SHARING).default('values'),
  /** Whether a sandbox host has a GPU slot: `gpu: true` of execute_code waits for it. */
  gpu: z.boolean().default(false),
  /** What was decided and holds now: follow the person's, what was kept, and an earlier stage's. */
  decisions: z
    .array(
      z.object({
        ...{ key: z.string(), value: z.unknown(), by: z.enum(DECIDERS) },
        /** True for what was kept from another session. */
        inherited: z.boolean().optional(),
        /** True where the person has left it to the agent again. */
        withdrawn: z.literal(true).optional(),
      }),
    )
    .default([]),
});

export interface StageBriefInput {
  stage: Stage;
  facts: Omit<z.input<typeof STAGE_FACTS>, 'stage'>;
  /** What earlier stages handed to `finish`, oldest first. */
  previousSummaries?: { stage: Stage; summary: string }[];
  /** Messages that the person sent while no stage was open, oldest first. */
  pendingMessages?: string[];
}

const TASKS: Record<Stage, string> = {
  eda: 'Explore the table and write eda/report.md with its figures.',
  prep: 'Prepare leak-free splits and the preprocessing pipeline in prep/.',
  train: 'Train, compare and evaluate models on the splits and write train/report.md.',
};

/** Said to the agent before the first message of a follow-up. The offline model knows a follow-up by its first line. */
export const FOLLOW_UP_BRIEF = `# Follow-up

The stage is done and its outputs are validated. The person goes on talking about it: answer what they say next, with
tools where the files must be looked at or something new is to be made. Nothing is validated now: leave the model, the
splits and the reports as they are unless they ask for a change, and put new files beside them. End with your answer in
plain words, without a tool call.`;

/** The opening message of a stage. Values of the table never enter it, whatever `data_sharing` says. */
export function stageBrief(input: StageBriefInput): string {
  const facts = STAGE_FACTS.parse({ ...input.facts, stage: input.stage });
  // its reason tells counts of the column
  if (facts.data_sharing === 'none' && facts.suggested_target)
    facts.suggested_target = { name: facts.suggested_target.name };
  const parts = [
    `# Stage: ${input.stage}`,
    TASKS[input.stage],
    `The upload lies in /data/datasets/${facts.experiment_id}/ (tempera.paths.dataset), read only; ` +
      'the working directory is the session folder.',
    `\`\`\`json facts\n${JSON.stringify(facts, null, 2)}\n\`\`\``,
  ];
  for (const { stage, summary } of input.previousSummaries ?? []) {
    parts.push(`## What the ${stage} stage handed over\n\n${summary}`);
  }
  const messages = input.pendingMessages ?? [];
  if (messages.length > 0)
    parts.push(`## Said by the person since\n\n${messages.map((text) => `- ${text}`).join('\n')}`);
  return parts.join('\n\n');
}

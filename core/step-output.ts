/**
 * What a step leaves in its row (`steps.output`), by the kind of step. Written in these forms only; read with care,
 * because rows are older than the code that reads them: what is not there, or not of its form, is left out.
 */

import { z } from 'zod';
import { STOP_REASONS } from './ports/model.ts';
import type { Step } from './records.ts';

const ToolCallReferenceSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['workspace', 'read', 'control']),
  /** It asks for a GPU: it goes by the queue of those that may wait for one. */
  gpu: z.boolean().optional(),
});
/** A call that a model made: what the loop that drives it needs to know. */
export type ToolCallReference = z.infer<typeof ToolCallReferenceSchema>;

/** Of a model's turn. */
const ModelOutputSchema = z.object({
  stopReason: z.enum(STOP_REASONS),
  calls: z.array(ToolCallReferenceSchema),
});
export type ModelOutput = z.infer<typeof ModelOutputSchema>;

/** Of a script that has ended. */
const ScriptOutputSchema = z.object({
  status: z.string(),
  code: z.number(),
  signal: z.number(),
  duration_us: z.number(),
  cpu_us: z.number(),
  peak_memory_bytes: z.number(),
  error_name: z.string(),
  error_value: z.string(),
  message: z.string(),
  files_changed: z.array(z.string()),
  /** The kept file, e.g. eda/scripts/step_01_profile.py. */
  script_path: z.string(),
  /** What it printed, where the row holds it; bytes that it does not hold are a blob. */
  stdout: z.string().optional(),
  stderr: z.string().optional(),
  stdout_blob: z.string().optional(),
  stderr_blob: z.string().optional(),
  stdout_characters: z.number().optional(),
  stderr_characters: z.number().optional(),
});
export type ScriptOutput = z.infer<typeof ScriptOutputSchema>;

/** Of a script that ran out of memory, while it runs once more. */
const MemoryRetrySchema = z.object({
  reason: z.literal('out_of_memory'),
  /** Of the run that ran out. */
  peak_memory_bytes: z.number(),
  /** Limit of the run that follows; a host gives no more than its own. */
  memory_bytes: z.number(),
});
export type MemoryRetry = z.infer<typeof MemoryRetrySchema>;

/** Of a call that only reads. */
export interface ReadOutput {
  content: string;
}

/** Of a stage's outputs as validate_stage judges them. */
export const ValidationOutputSchema = z.object({
  passed: z.array(z.string()).default([]),
  warnings: z.array(z.string()).default([]),
  errors: z.array(z.string()).default([]),
  facts: z.record(z.string(), z.unknown()).default({}),
});
export type ValidationOutput = z.infer<typeof ValidationOutputSchema>;

interface Outputs {
  model: ModelOutput;
  tool: ScriptOutput | ReadOutput | MemoryRetry;
  validation: ValidationOutput;
}
export type StepOutput<Kind extends Step['kind'] = Step['kind']> = Outputs[Kind];

type WithOutput = Pick<Step, 'output'>;

/** @throws z.ZodError where the step is no turn that has ended */
export const modelOutput = ({ output }: WithOutput): ModelOutput => ModelOutputSchema.parse(output);

/** What is known of a script; of what is no script, nothing. */
export function scriptOutput({ output }: WithOutput): Partial<ScriptOutput> {
  const fields = Object.entries(ScriptOutputSchema.shape).flatMap(([name, form]) => {
    const read = form.safeParse(output?.[name]);
    return read.success && read.data !== undefined ? [[name, read.data] as const] : [];
  });
  // one boundary cast: each field has just been read by its own form
  return Object.fromEntries(fields) as Partial<ScriptOutput>;
}

/** Null where the step's code runs for the first time, or has ended. */
export const memoryRetry = ({ output }: WithOutput): MemoryRetry | null =>
  MemoryRetrySchema.safeParse(output).data ?? null;

export const validationOutput = ({ output }: WithOutput): ValidationOutput =>
  ValidationOutputSchema.parse(output ?? {});

/**
 * The tools an agent may call. One zod schema a tool; the JSON Schema that a model sees is derived from it, and the
 * worker parses a call's input with the same schema.
 *
 * `touches` decides how the loop schedules calls of one turn: `workspace` calls run in order and end with a
 * checkpoint, `read` calls may run beside each other, `control` calls act on the session and run no code.
 */

import { z } from 'zod';
import { LONGEST_KEY, LONGEST_REASON, MOST_ALTERNATIVES } from '../core/decisions.ts';
import { MOST_ORDERED } from '../core/ordered-changes.ts';

export const TOOL_NAMES = [
  'execute_code',
  'read_file',
  'list_files',
  'query_sql',
  'ask_user',
  'request_approval',
  'update_tasks',
  'record_decision',
  'change_decision',
  'finish',
] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

export type ToolTouch = 'workspace' | 'read' | 'control';

export const TASK_STATES = ['pending', 'in_progress', 'done'] as const;

const path = z
  .string()
  .min(1)
  .max(1024)
  .describe('Relative to the session folder, e.g. "eda/report.md"; "/data/datasets/…" reads the upload.');

/** Characters of a title, by the tool in whose input it stands; a longer one is cut (mended-input.ts). */
export const TITLE_CHARACTERS = { execute_code: 120, update_tasks: 200 } as const;

const TASK_ITEM = z.strictObject({
  title: z.string().min(1).max(TITLE_CHARACTERS.update_tasks),
  state: z.enum(TASK_STATES),
});

/** A decision's value, as far as a call of a tool can say it: a script's `decide` takes any JSON. */
const DECIDED = z.union([
  z.string().max(1_000),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string().max(500)).max(200),
]);

const KEY = z
  .string()
  .max(LONGEST_KEY)
  .regex(/^[a-z][a-z0-9_]*(\.[^\s.]+)*$/);

/** The input of each tool. Unknown fields are refused, so that a misspelt one is told to the model. */
export const TOOL_INPUTS = {
  execute_code: z.strictObject({
    code: z
      .string()
      .min(1)
      .max(400_000)
      .describe('A whole Python script; nothing is kept between scripts but files.'),
    title: z
      .string()
      .min(1)
      .max(TITLE_CHARACTERS.execute_code)
      .describe('What the script does, in a few words; it names the kept file.'),
    gpu: z
      .boolean()
      .optional()
      .describe(
        'True for a script that trains on a GPU: it waits for one and sees only that. Refused where no host has any.',
      ),
  }),
  read_file: z.strictObject({
    path,
    offset: z.int().min(0).optional().describe('Where to start: bytes of a file, characters of an output.'),
    limit: z.int().min(1).max(1_048_576).optional().describe('How much to read at most.'),
  }),
  list_files: z.strictObject({ path: path.default('.') }),
  query_sql: z.strictObject({
    sql: z.string().min(1).max(20_000).describe('One read-only DuckDB statement.'),
    limit: z.int().min(1).max(1000).default(100).describe('Most rows to return.'),
  }),
  ask_user: z.strictObject({
    question: z.string().min(1).max(2000),
    choices: z.array(z.string().min(1).max(200)).max(20).optional(),
  }),
  request_approval: z.strictObject({
    action: z.string().min(1).max(500).describe('What would be done.'),
    reason: z.string().min(1).max(2000).describe('Why it needs a person’s consent.'),
  }),
  update_tasks: z.strictObject({
    items: z.array(TASK_ITEM).min(1).max(30).describe('The whole to-do list; it replaces the former one.'),
  }),
  record_decision: z.strictObject({
    key: KEY.describe(
      'Dotted: target, problem, metric, split.strategy, split.by, column.age.use, model.choice, …',
    ),
    value: DECIDED.describe('What you choose.'),
    reason: z.string().min(1).max(LONGEST_REASON).describe('One sentence.'),
    alternatives: z
      .array(z.strictObject({ value: DECIDED, changes: z.string().max(LONGEST_REASON) }))
      .max(MOST_ALTERNATIVES)
      .optional()
      .describe('What else could be chosen, each with what it would change.'),
    evidence: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .optional()
      .describe('The numbers, figure or query that it rests on.'),
    confidence: z.number().min(0).max(1).optional(),
  }),
  change_decision: z.strictObject({
    spoken: z
      .string()
      .min(1)
      .max(LONGEST_REASON)
      .describe('The person’s own words that order it, as they stand in their message.'),
    changes: z
      .array(
        z.strictObject({
          key: KEY,
          value: DECIDED.optional(),
          withdraw: z
            .literal(true)
            .optional()
            .describe('Instead of a value: the person leaves it to you again.'),
        }),
      )
      .max(MOST_ORDERED)
      .default([]),
    undo: z.literal(true).optional().describe('The person takes their last change back.'),
  }),
  finish: z.strictObject({
    summary: z
      .string()
      .min(1)
      .max(20_000)
      .describe('What was found and decided, for the person and the next stage.'),
    unable: z
      .string()
      .min(1)
      .max(2_000)
      .optional()
      .describe(
        'Only where no work on this table can end the stage well: one sentence that says why and ' +
          'what the person can do. The stage then fails with it.',
      ),
  }),
} as const satisfies Record<ToolName, z.ZodType>;

export interface Tool {
  name: ToolName;
  /** What the model is told. */
  description: string;
  touches: ToolTouch;
}

/** Every tool by name, in the order in which models see them. */
export const TOOLS: Readonly<Record<ToolName, Tool>> = {
  execute_code: {
    name: 'execute_code',
    touches: 'workspace',
    description:
      'Runs a Python script in the session folder and gives its exit state, output and changed files. ' +
      'The script is kept under {stage}/scripts. There is no network. A script may run for 600 s.',
  },
  read_file: {
    name: 'read_file',
    touches: 'read',
    description: 'Gives the text of a file of the session (long files: head and tail).',
  },
  list_files: {
    name: 'list_files',
    touches: 'read',
    description: 'Lists the files below a folder of the session with their sizes.',
  },
  query_sql: {
    name: 'query_sql',
    touches: 'read',
    description: 'Runs one read-only DuckDB query over the session’s data files and splits as views.',
  },
  ask_user: {
    name: 'ask_user',
    touches: 'control',
    description: 'Asks the person a question and waits for the answer. Only for what the data cannot tell.',
  },
  request_approval: {
    name: 'request_approval',
    touches: 'control',
    description: 'Asks the person to approve an action before it is done.',
  },
  update_tasks: {
    name: 'update_tasks',
    touches: 'control',
    description: 'Replaces the visible to-do list of the stage.',
  },
  record_decision: {
    name: 'record_decision',
    touches: 'control',
    description:
      'Records what you choose among real alternatives, so that the person sees it and can change it. Its result is ' +
      'the value in force: follow that, for the person or an earlier stage may have decided. In scripts call ' +
      '`tempera.decide` instead.',
  },
  change_decision: {
    name: 'change_decision',
    touches: 'control',
    description:
      'Puts what the person has ordered in words into the ledger as their decision, with those words: a column left ' +
      'out or used, the target, the metric, the split, a column’s kind, repeats, the model. Only for what they ' +
      'order, never for a question or what they suppose. Its result says what holds now and what later.',
  },
  finish: {
    name: 'finish',
    touches: 'control',
    description: 'Ends the stage. Its outputs are then validated; errors come back to be repaired.',
  },
};

/** True when `value` names a tool. */
export function isToolName(value: string): value is ToolName {
  return (TOOL_NAMES as readonly string[]).includes(value);
}

/** The JSON Schema of a tool's input, as a model is given it. */
export function toolSchema(name: ToolName): Record<string, unknown> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(TOOL_INPUTS[name], { io: 'input' });
  return schema;
}

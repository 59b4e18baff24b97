/** What the commands over runs of a classification read, and which run they are about. */

import { z } from 'zod';
import { QueuedColumnSchema, RunStatusSchema } from '../../core/classification/answers.ts';
import {
  ClassificationRunSchema,
  ClassifiedColumnSchema,
  ReviewSchema,
} from '../../core/classification/records.ts';
import type { ApiClient } from '../api-client.ts';
import { type Command, text, type Values } from '../command.ts';
import { CommandError, EXIT } from '../exit-code.ts';

export const Run = ClassificationRunSchema;
export type Run = z.infer<typeof Run>;
export const Runs = z.object({ items: z.array(Run), next_cursor: z.string().nullable() });
export const RunStatus = RunStatusSchema;
export const Started = z.object({ run_id: z.string(), state: z.string() });
export const Result = ClassifiedColumnSchema.extend({ id: z.string() });
export type Result = z.infer<typeof Result>;
export const Results = z.object({ items: z.array(Result), next_cursor: z.string().nullable() });
export const Queue = z.object({
  items: z.array(QueuedColumnSchema),
  undecided: z.number(),
  grouped: z.number(),
});
export const Similar = z.object({ items: z.array(z.object({ id: z.string() })) });
export const Reviews = z.object({ items: z.array(ReviewSchema) });

/** Options of every command about one run. */
export const RUN_OPTIONS: NonNullable<Command['options']> = {
  run: { type: 'string' },
  source: { type: 'string' },
};
export const RUN_USAGE = '[--run ID | --source ID]';

/** That of --run, else the last one of --source, else of the sample source. @throws CommandError notFound */
export async function chosenRun(client: ApiClient, values: Values): Promise<string> {
  const named = text(values, 'run');
  if (named !== undefined) return encodeURIComponent(named);
  const { run_id, source_id } = await client.request(RunStatus, statusPath(values));
  if (run_id !== '') return run_id;
  const command = `npm start -- classify start --source ${source_id}`;
  const message = `The source ${source_id} has no run yet. Start one with: ${command}`;
  throw new CommandError(EXIT.notFound, message);
}

/** Of the source that is named. */
export function statusPath(values: Values): string {
  const source = text(values, 'source');
  return source === undefined
    ? '/api/fsm/status'
    : `/api/fsm/status?${new URLSearchParams({ source_id: source })}`;
}

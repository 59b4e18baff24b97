/** What a run has under way, kept beside the platform's state: a run that is broken off goes on with it. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomic } from '../../platform/setup/digest.mjs';
import { OutcomeSchema } from './outcome.ts';

const BegunSchema = z.object({
  /** Names its requests, so that a repeated one makes nothing twice. */
  key: z.string(),
  model: z.string(),
  /** Kills that had been made when it began. */
  since: z.number(),
});
export type Begun = z.infer<typeof BegunSchema>;

const JournalSchema = z.object({
  /** By model: what a pipeline comes to that nothing disturbs. */
  undisturbed: z.record(z.string(), OutcomeSchema),
  /** Pipelines whose end was not checked yet. */
  open: z.array(BegunSchema),
  /** How many were begun in all. */
  begun: z.number(),
});
export type Journal = z.infer<typeof JournalSchema>;

const fileIn = (home: string): string => join(home, 'soak.json');

export function readJournal(home: string): Journal {
  const file = fileIn(home);
  if (!existsSync(file)) return { undisturbed: {}, open: [], begun: 0 };
  return JournalSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

export function keepJournal(home: string, journal: Journal): void {
  writeAtomic(fileIn(home), JSON.stringify(journal));
}

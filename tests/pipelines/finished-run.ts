/**
 * The penguins with their target given, by the README's command and the platform's own model: one run for all files
 * that share a platform, made by the first that asks. Whoever asks looks at it, or says something after its end.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestPlatform } from '../platform/platform.ts';
import { makeClone, type } from './clone.ts';
import type { Ended } from './command-line.ts';
import { RUN_COMMAND } from './run-as-written.ts';

export const PENGUINS = join(process.cwd(), 'examples', 'penguins.csv');

export interface FinishedRun {
  /** How the program ended, and what it said. */
  ended: Ended;
  session: string;
  /** The folder that its files are in: one for each run. */
  out: string;
}

/** @throws when it does not end well; the next that asks tries again */
export async function finishedRun({ home }: Pick<TestPlatform, 'home'>): Promise<FinishedRun> {
  const folder = join(home, 'finished-run');
  const file = join(folder, 'run.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const clone = join(folder, 'clone');
  if (!existsSync(clone)) makeClone(clone);
  const ended = await type(RUN_COMMAND, {
    folder: clone,
    environment: { ...process.env, TEMPERA_HOME: home },
  });
  const session = /Session +([0-9a-f-]{36}) \(train_done\)/.exec(ended.out)?.[1];
  if (ended.code !== 0 || session === undefined) throw new Error(`the run ended ${JSON.stringify(ended)}`);
  const run: FinishedRun = { ended, session, out: join(clone, 'tempera-out') };
  writeFileSync(file, JSON.stringify(run));
  return run;
}

/**
 * The penguins with their target given, by `tempera run` and the platform's own model: one run for all files that share
 * a platform, made by the first that asks. Whoever asks looks at it, or says something after its end.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestPlatform } from '../platform/platform.ts';
import { type Ended, tempera } from './command-line.ts';

export const PENGUINS = join(process.cwd(), 'examples', 'penguins.csv');

export interface FinishedRun {
  /** How the program ended, and what it said. */
  ended: Ended;
  session: string;
  /** Where its files are: below the folder that it was told. */
  out: string;
}

/** @throws when it does not end well; the next that asks tries again */
export async function finishedRun({ home }: Pick<TestPlatform, 'home'>): Promise<FinishedRun> {
  const folder = join(home, 'finished-run');
  const file = join(folder, 'run.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  mkdirSync(folder, { recursive: true });
  const out = join(folder, 'out');
  const ended = await tempera(['run', PENGUINS, '--target', 'species', '--out', out], { home, folder });
  const session = /Session +([0-9a-f-]{36}) \(train_done\)/.exec(ended.out)?.[1];
  if (ended.code !== 0 || session === undefined) throw new Error(`the run ended ${JSON.stringify(ended)}`);
  const run: FinishedRun = { ended, session, out };
  writeFileSync(file, JSON.stringify(run));
  return run;
}

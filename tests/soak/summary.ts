/**
 * What seeded runs came to, each and all together, in one file: written after every kill, so that a break loses
 * none.
 */

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { writeAtomic } from '../../platform/setup/digest.mjs';
import { VICTIMS } from './plan.ts';

const CountSchema = z.number().int().nonnegative();
const FaultSchema = z.object({
  /** The session it was found in; null: on the whole platform. */
  session: z.string().nullable(),
  /** How many kills had been made when it was found. */
  kill: CountSchema,
  what: z.string(),
});
export type Fault = z.infer<typeof FaultSchema>;

const RunSchema = z.object({
  seed: CountSchema,
  kills: z.partialRecord(z.enum(VICTIMS), CountSchema),
  /** Pipelines that ended and were found sound. */
  sound: CountSchema,
  faults: z.array(FaultSchema),
  /** Seconds that its kills took. */
  seconds: z.number(),
  /** False while it is under way or broken off. */
  finished: z.boolean(),
});
export type SoakRun = z.infer<typeof RunSchema>;

const SummarySchema = z.object({ runs: z.array(RunSchema) });
export type Summary = z.infer<typeof SummarySchema>;

export interface Totals {
  runs: number;
  kills: number;
  sound: number;
  faults: number;
}

export const newRun = (seed: number): SoakRun => ({
  seed,
  kills: {},
  sound: 0,
  faults: [],
  seconds: 0,
  finished: false,
});

/** @throws when the file is there and is none of ours */
export function readSummary(file: string): Summary {
  return existsSync(file) ? SummarySchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : { runs: [] };
}

/** Puts the run in the place of the one of its seed and leaves the others as they are. */
export function keepRun(file: string, run: SoakRun): void {
  const others = readSummary(file).runs.filter(({ seed }) => seed !== run.seed);
  const runs = [...others, run].sort((left, right) => left.seed - right.seed);
  mkdirSync(dirname(file), { recursive: true });
  writeAtomic(file, `${JSON.stringify({ totals: totalsOf({ runs }), runs }, null, 2)}\n`);
}

export const killsOf = (run: SoakRun): number =>
  Object.values(run.kills).reduce((sum, count) => sum + count, 0);

export function totalsOf({ runs }: Summary): Totals {
  const sum = (count: (run: SoakRun) => number) => runs.reduce((total, run) => total + count(run), 0);
  return {
    runs: runs.length,
    kills: sum(killsOf),
    sound: sum((run) => run.sound),
    faults: sum((run) => run.faults.length),
  };
}

/** Which process a kill takes and how long the platform has before it: the same for the same seed. Pure. */

import { randomOf, shuffled } from '../platform/moments.ts';
import type { Part } from '../platform/platform.ts';

/** `guard`: the process that stands between the supervisor and one of its servers, whichever it is. */
export type Victim = Part | 'zygote' | 'guard' | 'supervisor';

/**
 * How often each dies in a round. A dead supervisor takes everything with it, and its successor starts everything:
 * one in each round leaves time for the others.
 */
const ROUND: Record<Victim, number> = {
  worker: 3,
  api: 2,
  sandbox: 2,
  zygote: 2,
  postgres: 2,
  temporal: 2,
  s3: 2,
  guard: 2,
  supervisor: 1,
};
export const VICTIMS = Object.keys(ROUND) as Victim[];

/** The longest time between two kills, in milliseconds. */
const LONGEST_PAUSE = 5_000;

export interface PlannedKill {
  /** 1, 2 … of its seed. */
  number: number;
  victim: Victim;
  /** Milliseconds from the time at which the victim is seen well. */
  pause: number;
  /** From 0 to 1: which one of several, where the victim is one of several. */
  which: number;
}

/** The kills of a seed, without an end: every round takes each victim as often as it is due, in another order. */
export function* plannedKills(seed: number): Generator<PlannedKill, never> {
  const random = randomOf(seed);
  const round = VICTIMS.flatMap((victim) => Array<Victim>(ROUND[victim]).fill(victim));
  for (let number = 0; ; ) {
    for (const victim of shuffled(round, random)) {
      number += 1;
      yield { number, victim, pause: random() * LONGEST_PAUSE, which: random() };
    }
  }
}

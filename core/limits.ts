/** The limits of a session: each has a name, a default and a message. */

import { z } from 'zod';

export const LimitsSchema = z
  .object({
    /** Turns of the model in one stage run. */
    turns: z.number().int().min(1).max(200).default(30),
    /** Tokens of the whole session, input and output. */
    tokens: z.number().int().min(1).default(2_000_000),
    /** US dollars of the whole session. */
    cost: z.number().min(0).default(20),
    /** Seconds that one stage run may take, waiting for people left out. */
    time: z.number().min(1).default(7_200),
  })
  .strict();

export type Limits = z.infer<typeof LimitsSchema>;
export type LimitName = keyof Limits;

export const DEFAULT_LIMITS: Limits = LimitsSchema.parse({});

/** What a session has used of its limits. */
export interface Spent {
  turns: number;
  tokens: number;
  cost: number;
  seconds: number;
}

/** The first limit that `spent` has reached, with a sentence for people, or null. */
export function reachedLimit(limits: Limits, spent: Spent): { limit: LimitName; message: string } | null {
  const used = { turns: spent.turns, tokens: spent.tokens, cost: spent.cost, time: spent.seconds };
  for (const limit of ['turns', 'tokens', 'cost', 'time'] as const) {
    const exhausted =
      limit === 'cost' ? used.cost > 0 && used.cost >= limits.cost : used[limit] >= limits[limit];
    if (exhausted) {
      const message =
        `The limit of ${limits[limit]} ${UNITS[limit]} is reached. Raise limits.${limit} and ` +
        'resume to go on from here.';
      return { limit, message };
    }
  }
  return null;
}

const UNITS: Record<LimitName, string> = {
  turns: 'turns a stage',
  tokens: 'tokens',
  cost: 'US dollars',
  time: 'seconds a stage',
};

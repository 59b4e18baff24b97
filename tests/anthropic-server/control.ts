/**
 * What another process may order from a running server: `PUT /control` with JSON. Orders stand until the next one.
 */

import { z } from 'zod';
import { fail, type Reply, type Script } from './script.ts';

export const ControlSchema = z.strictObject({
  /** HTTP statuses with which the next calls fail, in order; 0 cuts that call's answer in the middle. */
  failures: z.array(z.number()).default([]),
  /** The retry-after header of failures with status 429. */
  retryAfter: z.string().optional(),
  /** Milliseconds between two events of an answer. */
  pause: z.number().default(0),
});
export type Control = z.infer<typeof ControlSchema>;

/** Puts orders over a script. `order` replaces the orders that stand. */
export function controlled(script: Script): { script: Script; order: (control: Control) => void } {
  let standing: Control = ControlSchema.parse({});
  return {
    order: (control) => {
      standing = { ...control, failures: [...control.failures] };
    },
    script: async (request, call): Promise<Reply> => {
      const status = standing.failures.shift();
      if (status) return fail(status, status === 429 ? standing.retryAfter : undefined);
      const reply = await script(request, call);
      if (reply.kind !== 'answer') return reply;
      const pause = standing.pause || (reply.pause ?? 0);
      return { ...reply, pause, ...(status === 0 ? { cutAfter: 5 } : {}) };
    },
  };
}

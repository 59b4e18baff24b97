/** What is done once beside the requests, and tried again for as long as something is away: nothing waits for it. */

import { setTimeout as delay } from 'node:timers/promises';
import { TemperaError } from '../../../core/errors.ts';
import type { Principal } from '../../../core/principal.ts';

/** The platform itself. */
export const SYSTEM: Principal = { id: 'system', role: 'admin' };

export type Tell = (event: Record<string, unknown>) => void;

const PAUSE_MILLISECONDS = 2_000;
const LONGEST_PAUSE_MILLISECONDS = 60_000;

/** Ends when it is done, when trying again cannot help, or with the signal. What is away is told once a change. */
export async function atStart(
  what: string,
  { signal, tell }: { signal: AbortSignal; tell: Tell },
  work: () => Promise<void>,
): Promise<void> {
  let last = '';
  for (
    let pause = PAUSE_MILLISECONDS;
    !signal.aborted;
    pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS)
  ) {
    try {
      return await work();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== last) tell({ what, message });
      last = message;
      if (!isPassing(error)) return;
    }
    // an abort only ends the pause: the loop looks at the signal itself
    await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** What time mends; the database that has yet to be migrated, too. */
const isPassing = (error: unknown): boolean =>
  !(error instanceof TemperaError) || error.kind.retry !== 'never' || error.code === 'ALREADY_RUNNING';

/** Work beside the workers: what is tried until it succeeds, and what is done again and again. */

import { setTimeout as delay } from 'node:timers/promises';
import { logLine } from '../core/redaction.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 3_000;

/** Tries `work` with growing pauses until it succeeds; the parts of a platform come up in any order. */
export async function untilDone<T>(what: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw error;
      report(what, error);
      await delay(pause, undefined, { signal });
    }
  }
}

/** Does `work` now and then every `seconds`, until `signal`; a failure is reported and does not end it. */
export async function repeatEvery(
  seconds: number,
  signal: AbortSignal,
  work: () => Promise<unknown>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      report('repeated work', error);
    }
    // an abort only ends the pause
    await delay(seconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}

function report(what: string, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  console.error(logLine({ level: 'warn', what, message }));
}

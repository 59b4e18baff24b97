/** Waiting for something to become true: by asking again until a deadline, never by a fixed sleep. */

import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds between questions: few at first, more for what takes long, so that asking does not slow it down. */
const FIRST_PAUSE = 20;
const LONGEST_PAUSE = 150;
const GROWTH = 1.2;

/**
 * Asks until `ask` gives something other than null, undefined or false. @throws after `seconds`, with the last
 * error
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown = null;
  for (let wait = FIRST_PAUSE; ; wait = Math.min(LONGEST_PAUSE, wait * GROWTH)) {
    try {
      const answer = await ask();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
      last = null;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`, { cause: last });
    await pause(wait);
  }
}

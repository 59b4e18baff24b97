/** A command that reaches the platform although it was away when the command was given. */

import { ApiError, onRestored } from './client.ts';

interface Options {
  /** Gives it up. */
  signal: AbortSignal;
  /** Called once, when the first try got no answer. */
  onwait: () => void;
  /** For tests. Calls its listener when the platform answers again. */
  restored?: (listener: () => void) => () => void;
}

/** The longest pause between two tries, where nothing else tells that the platform is back. */
const PAUSE_MS = 5_000;

/**
 * Runs `attempt`, and again whenever the platform is back, until an answer comes: a refusal is one too, a part that
 * is away (502 to 504) is none. `attempt` must
 * carry one Idempotency-Key, since a try without an answer may have been carried out.
 * @throws what the last try threw
 */
export async function afterOutage<T>(
  attempt: () => Promise<T>,
  { signal, onwait, restored = onRestored }: Options,
): Promise<T> {
  for (let first = true; ; first = false) {
    // listened to before the try: the platform may be back before the try has failed
    const back = whenBack(restored, signal);
    try {
      return await attempt();
    } catch (error) {
      if (!isAway(error) || signal.aborted) throw error;
      if (first) onwait();
      await back.promise;
      if (signal.aborted) throw error;
    } finally {
      back.stop();
    }
  }
}

/** No answer, or the word of a part that is on its way down or up: neither says what became of the command. */
const isAway = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || [502, 503, 504].includes(error.status));

function whenBack(restored: (listener: () => void) => () => void, signal: AbortSignal) {
  let end = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    end = resolve;
  });
  const unlisten = restored(end);
  const timer = setTimeout(end, PAUSE_MS);
  signal.addEventListener('abort', end, { once: true });
  const stop = (): void => {
    unlisten();
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  };
  return { promise, stop };
}

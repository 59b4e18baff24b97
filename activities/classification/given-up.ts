/** Work that knows no signal, given up when its activity is cancelled: its answer is dropped, and it ends by itself. */

import { heard } from '../../core/heard.ts';

/** @throws the signal's reason when it is aborted first */
export async function orGivenUp<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  heard(work);
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** When the upload of what a call left has to end: at once with its worker, a while after its session's cancel. */

import { cancelRequests } from './cancellation.ts';

export interface UploadEnd {
  signal: AbortSignal;
  /** True once people's cancel has ended it, and not the worker's own end. */
  isCancelled(): boolean;
  dispose(): void;
}

/**
 * @param cancelled the activity's signal, which may be aborted already: files written so far are then kept in
 * `graceMs`
 */
export function uploadEnd(cancelled: AbortSignal, graceMs: number): UploadEnd {
  const isCancelRequested = cancelRequests();
  const ending = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  function onAbort(): void {
    if (isCancelRequested()) timer ??= setTimeout(() => ending.abort(), graceMs);
    else ending.abort();
  }
  cancelled.addEventListener('abort', onAbort);
  if (cancelled.aborted) onAbort();
  return {
    signal: ending.signal,
    isCancelled: () => ending.signal.aborted && isCancelRequested(),
    dispose() {
      cancelled.removeEventListener('abort', onAbort);
      if (timer !== null) clearTimeout(timer);
    },
  };
}

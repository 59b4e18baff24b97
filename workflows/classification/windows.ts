/**
 * A phase over all tables of a run, window by window, several side by side. Windows are told in their order, so that
 * what is told is the same however long each took, and the phase can go on in a new run of the workflow.
 */

import { workflowInfo } from '@temporalio/workflow';
import type { LoadedRun } from '../contract/classification.ts';

export interface Windows<Done> {
  /** The table at which the phase begins. */
  from: number;
  loaded: LoadedRun;
  /** The window that begins at `from`; null behind the last. */
  next: (from: number) => Promise<{ from: number; to: number } | null>;
  work: (window: { from: number; to: number }) => Promise<Done>;
  /** Told of each window in order. */
  done: (done: Done, to: number) => Promise<void>;
}

/** @returns the table at which a new run of the workflow goes on; null when every window is done */
export async function overWindows<Done>(windows: Windows<Done>): Promise<number | null> {
  const { loaded, next, work, done } = windows;
  const running: { to: number; result: Promise<Done> }[] = [];
  let { from } = windows;
  let isEnd = false;
  for (;;) {
    while (!isEnd && running.length < loaded.parallel && !isLong(loaded)) {
      const window = await next(from);
      if (window === null) isEnd = true;
      else {
        const result = work(window);
        // it is awaited below, in its turn
        result.catch(() => undefined);
        running.push({ to: window.to, result });
        from = window.to;
      }
    }
    const first = running.shift();
    if (first === undefined) return isEnd ? null : from;
    await done(await first.result, first.to);
  }
}

function isLong({ continueAfterEvents }: LoadedRun): boolean {
  const info = workflowInfo();
  return info.continueAsNewSuggested || info.historyLength >= continueAfterEvents;
}

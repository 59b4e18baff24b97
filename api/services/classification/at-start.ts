/** What is done once beside the requests, and tried again for as long as something is away: nothing waits for it. */

import { setTimeout as delay } from 'node:timers/promises';
import { TemperaError } from '../../../core/errors.ts';
import type { Principal } from '../../../core/principal.ts';
import type { StartProblem, StartProblems } from '../../start-problems.ts';

/** The platform itself. */
export const SYSTEM: Principal = { id: 'system', role: 'admin' };

export type Tell = (event: Record<string, unknown>) => void;

const PAUSE_MILLISECONDS = 2_000;
const LONGEST_PAUSE_MILLISECONDS = 60_000;

/** A part that cannot be done, whatever becomes of the rest. */
export type ReportPart = (what: string, message: string) => void;

export interface StartTask {
  signal: AbortSignal;
  tell: Tell;
  /** Where it stands what is wrong with the task. */
  problems: StartProblems;
}

/** Ends when it is done, when trying again cannot help, or with the signal. What is away is told once a change. */
export async function atStart(
  what: string,
  { signal, tell, problems }: StartTask,
  work: (report: ReportPart) => Promise<void>,
): Promise<void> {
  let last = '';
  for (
    let pause = PAUSE_MILLISECONDS;
    !signal.aborted;
    pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS)
  ) {
    const parts: Omit<StartProblem, 'at'>[] = [];
    try {
      await work((part, message) => parts.push({ what: part, message, is_retried: false }));
      return problems.replace(what, parts);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const is_retried = isPassing(error);
      problems.replace(what, [{ what, message, is_retried }, ...parts]);
      if (message !== last) tell({ what, message });
      last = message;
      if (!is_retried) return;
    }
    // an abort only ends the pause: the loop looks at the signal itself
    await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** What time mends; the database that has yet to be migrated, too. */
const isPassing = (error: unknown): boolean =>
  !(error instanceof TemperaError) || error.kind.retry !== 'never' || error.code === 'ALREADY_RUNNING';

/** How a loop ends: by what failure, with the workspace freed, and how a follow-up is closed. */

import { ActivityFailure, ApplicationFailure, isCancellation, log, patched } from '@temporalio/workflow';
import type { SessionInput } from '../contract/messages.ts';
import { records } from './activities.ts';
import type { StageContext } from './stage-context.ts';

/** The failure that an activity ended with. @throws a bug as it is: the task is retried until it is mended */
export function failureOf(error: unknown): ApplicationFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) return cause;
  throw error;
}

/** Frees the host's workspace. What was in it stands in its last checkpoint, so that a failure here costs nothing. */
export async function release(
  input: SessionInput,
  { releaseWorkspace }: Pick<StageContext['remote'], 'releaseWorkspace'>,
): Promise<void> {
  try {
    await releaseWorkspace(input);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the workspace could not be released', { error });
  }
}

/**
 * Decisions that a person changed meanwhile take force, before anything else begins.
 * @param ended names what has ended
 * @returns true when the first stage that they concern runs again
 */
export async function beginQueued({ session }: StageContext, ended: string): Promise<boolean> {
  if (!patched('2026-11-queued-decisions')) return false;
  const { sessionId, owner } = session.input;
  const { open } = await records.beginQueued({ sessionId, owner, key: `queued/${sessionId}/${ended}` });
  if (open && !session.view.open) session.view.stageOpened(open, new Date().toISOString());
  return open !== null;
}

/** @returns false when the person has said more meanwhile: the follow-up goes on */
export async function finishFollowUp(context: StageContext, n: number): Promise<boolean> {
  const { remote, key, loop, session } = context;
  const { pending } = await remote.finishFollowUp({ ...key, n, base: loop.base });
  if (pending) {
    loop.goOn();
    return false;
  }
  session.view.followUpEnded(new Date().toISOString(), 'done');
  if (!(await beginQueued(context, `follow-up/${n}`))) await release(session.input, remote);
  return true;
}

/** Cancelled or failed: only the follow-up ends, the session's state stays. */
export async function stopFollowUp(context: StageContext, n: number, error: unknown): Promise<void> {
  const { key, session, remote } = context;
  const cancelled = isCancellation(error);
  if (cancelled) await records.stopFollowUp({ ...key, n, state: 'cancelled' });
  else {
    const { type, message } = failureOf(error);
    await records.stopFollowUp({ ...key, n, state: 'failed', error: { code: type ?? 'INTERNAL', message } });
  }
  session.view.followUpEnded(new Date().toISOString(), cancelled ? 'cancelled' : 'failed');
  session.cancelRequested = false;
  if (!(await beginQueued(context, `follow-up/${n}`))) await release(session.input, remote);
}

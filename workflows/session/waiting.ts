/** What a stage waits for, written where everybody sees it: rows, event, status and details. */

import { condition, patched } from '@temporalio/workflow';
import type { Waiting } from '../../core/session-state.ts';
import { records } from './activities.ts';
import { mustContinue } from './session-context.ts';
import { note, type StageContext } from './stage-context.ts';

/** Waits for `ready` or for a history so long that the wait must go on in a new run. */
export async function wait(
  context: StageContext,
  waiting: Waiting,
  { ready, message }: { ready: () => boolean; message?: string },
): Promise<void> {
  await changeWaiting(context, waiting, message);
  await condition(() => ready() || mustContinue(context.loaded));
  if (ready()) await changeWaiting(context, null);
}

/** What an earlier run of the workflow waited for may have come before this one looked for it. */
export async function endOldWait(context: StageContext): Promise<void> {
  if (context.session.view.waiting && patched('end-old-wait')) await changeWaiting(context, null);
}

export async function changeWaiting(
  context: StageContext,
  waiting: Waiting | null,
  message?: string,
): Promise<void> {
  const { key, loop, session, show } = context;
  await records.setWaiting({
    ...key,
    turn: loop.currentTurn,
    waiting,
    wakeups: session.view.wakeups,
    message,
  });
  session.view.waiting = waiting;
  note(context, waiting ? `waiting: ${inWords(waiting)}` : 'going on');
  show();
}

const inWords = ({ reason, subject }: Waiting): string =>
  subject === undefined || reason === 'question' || reason === 'approval' ? reason : `${reason} (${subject})`;

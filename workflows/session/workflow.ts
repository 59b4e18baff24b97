/**
 * One workflow a session: it drives, the rows remember. It may be started from the rows at any time: an open
 * stage goes on at its first turn that may not be complete, every step of which is idempotent by its key.
 */

import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { LoadedSession } from '../contract/activities.ts';
import type { SessionInput } from '../contract/messages.ts';
import { sessionSearchAttributes } from '../contract/search-attributes.ts';
import { records, remoteActivities } from './activities.ts';
import { registerHandlers } from './handlers.ts';
import { mustContinue, type SessionContext } from './session-context.ts';
import { runStage } from './stage.ts';
import { release } from './stage-end.ts';
import { SessionView } from './state.ts';

export async function SessionWorkflow(input: SessionInput): Promise<void> {
  const session: SessionContext = {
    input,
    view: new SessionView(),
    loaded: null,
    scope: null,
    cancelRequested: false,
    shown: '',
  };
  registerHandlers(session);
  const loaded = await records.loadSession({ sessionId: input.sessionId, owner: input.owner });
  session.view.load(loaded);
  session.loaded = loaded;
  show(session);
  try {
    await drive(session, loaded);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => cancelRows(session));
  }
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
}

async function drive(session: SessionContext, loaded: LoadedSession): Promise<void> {
  const { view, input } = session;
  const idle = loaded.idleHours * 3_600_000;
  for (;;) {
    // final: a command that woke the workflow up has been refused by its handler
    if (view.state === 'cancelled') return;
    if (view.open) {
      await runStage(session, loaded, () => show(session));
      show(session);
    } else {
      const busy = await condition(
        () => view.open !== null || session.cancelRequested || mustContinue(loaded),
        idle,
      );
      if (session.cancelRequested) await cancelRows(session);
      if (!busy) return;
    }
    if (mustContinue(loaded)) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof SessionWorkflow>({ sessionId: input.sessionId, owner: input.owner });
    }
  }
}

/** Writes the cancelled state once the stage's own work has ended and committed. */
async function cancelRows(session: SessionContext): Promise<void> {
  const { sessionId, owner } = session.input;
  if (session.view.state !== 'cancelled' && session.view.state !== 'train_done') {
    await records.finishCancel({ sessionId, owner });
    session.view.cancelled(new Date().toISOString());
    session.cancelRequested = false;
    if (session.loaded) await release(session.input, remoteActivities(session.loaded.heartbeatSeconds));
  }
  session.cancelRequested = false;
  show(session);
}

/** Keeps the Temporal UI true; a search attribute that has not changed would only lengthen the history. */
function show(session: SessionContext): void {
  const { view, loaded, input } = session;
  if (!loaded) return;
  setCurrentDetails(view.details(loaded.experimentName));
  const { state, stage } = view.status;
  const shown = `${state}/${stage}`;
  if (shown === session.shown) return;
  session.shown = shown;
  upsertSearchAttributes(sessionSearchAttributes(input.sessionId, loaded.experimentId, view.status));
}

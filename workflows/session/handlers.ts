/**
 * The commands and queries of a session. A handler waits until the rows are loaded, writes through one local
 * activity (with the Idempotency-Key in the same transaction) and then tells the loop. Whatever goes wrong leaves as
 * an ApplicationFailure: a plain Error would leave the caller hanging.
 */

import { ActivityFailure, ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import type { DecisionChange } from '../../core/decision-changes.ts';
import type { SessionState } from '../../core/session-state.ts';
import type { OpenStage, SessionCommand } from '../contract/activities.ts';
import {
  answerUpdate,
  approveUpdate,
  type Command,
  cancelUpdate,
  type DecideResult,
  type DecideWay,
  decideUpdate,
  forkUpdate,
  resumeUpdate,
  sendMessageUpdate,
  setLimitsUpdate,
  startStageUpdate,
  statusQuery,
  stopAfterStepUpdate,
  timelineQuery,
} from '../contract/messages.ts';
import { records, remoteActivities } from './activities.ts';
import type { SessionContext } from './session-context.ts';

/** Only where rows are not loaded, which `send` waits for. */
const HEARTBEAT_SECONDS = 10;

export function registerHandlers(session: SessionContext): void {
  const { view } = session;
  setHandler(statusQuery, () => view.status);
  setHandler(timelineQuery, () => view.timeline);

  setHandler(startStageUpdate, async (command) => {
    const begun = await send(session, command, records.beginStage);
    // a repeated key answers with the run that it began, which may be over
    if (begun.open && !view.open) reopen(session, begun.open);
    return begun.result;
  });
  setHandler(sendMessageUpdate, async (command) => {
    const sent = await send(session, command, records.sendMessage);
    view.note(now(), 'message from the user');
    view.heard += 1;
    if (sent.open && !view.open) reopen(session, sent.open);
    return sent.result;
  });
  setHandler(answerUpdate, async (command) => {
    const answered = await send(session, command, records.answerQuestion);
    view.wakeups += 1;
    return answered;
  });
  setHandler(approveUpdate, async (command) => {
    const decided = await send(session, command, records.decideApproval);
    view.wakeups += 1;
    return decided;
  });
  setHandler(cancelUpdate, (command) => cancel(session, command));
  setHandler(stopAfterStepUpdate, async (command) => {
    const stopping = await send(session, command, records.stopAfterStep);
    view.stopAfterStep = true;
    return stopping;
  });
  setHandler(setLimitsUpdate, async (command) => {
    const changed = await send(session, command, records.setLimits);
    view.limits = changed.limits;
    view.wakeups += 1;
    return changed;
  });
  setHandler(forkUpdate, (command) =>
    send(session, { ...command, at: Date.now() }, (request) => {
      // reads and copies files: an ordinary activity, with the rows that are loaded by now
      const remote = remoteActivities(session.loaded?.heartbeatSeconds ?? HEARTBEAT_SECONDS);
      return remote.forkSession(request);
    }),
  );
  setHandler(decideUpdate, (command) => decide(session, command));
  setHandler(resumeUpdate, async (command) => {
    const resumed = await send(session, command, records.resume);
    view.stopAfterStep = false;
    view.wakeups += 1;
    return resumed;
  });
}

/** Sets the loop going at what the rows say is open. */
function reopen({ view }: SessionContext, open: OpenStage): void {
  if (open.followUp === null) view.stageOpened(open, now());
  else view.followUpOpened(open, now());
}

/** By a fork this session only is read; else what is concerned runs again here, or waits for the stage that runs. */
async function decide(
  session: SessionContext,
  command: Command & { changes: DecisionChange[]; how?: DecideWay },
): Promise<DecideResult> {
  const { view } = session;
  const { how = 'fork', ...request } = command;
  if (how === 'fork') {
    const at = Date.now();
    return send(session, { ...request, at }, (asked) => {
      const remote = remoteActivities(session.loaded?.heartbeatSeconds ?? HEARTBEAT_SECONDS);
      return remote.decideByFork(asked);
    });
  }
  const decided = await send(session, request, records.decide);
  const budget = decided.result.changes.filter(({ key }) => key.startsWith('budget.'));
  if (view.limits && budget.length > 0) {
    const limits = budget.map(({ key, to }) => [key.slice('budget.'.length), to]);
    view.limits = { ...view.limits, ...Object.fromEntries(limits) };
    view.wakeups += 1;
  }
  for (const { stage, run } of decided.result.adopted) view.stageAdopted(stage, run, now());
  if (decided.open && !view.open) reopen(session, decided.open);
  return decided.result;
}

async function cancel(session: SessionContext, command: Command): Promise<{ state: SessionState }> {
  await send(session, command, records.requestCancel);
  session.cancelRequested = true;
  session.scope?.cancel();
  // of a follow-up only that ends, and the state stays
  await condition(() => !session.cancelRequested);
  return { state: session.view.state };
}

/** Waits for the rows, then runs the local activity; its refusal becomes the update's. */
async function send<C extends object, R>(
  session: SessionContext,
  command: C,
  write: (command: C & SessionCommand) => Promise<R>,
): Promise<R> {
  await condition(() => session.loaded !== null);
  const { sessionId, owner } = session.input;
  try {
    return await write({ ...command, sessionId, owner });
  } catch (error) {
    throw toRefusal(error);
  }
}

function toRefusal(error: unknown): ApplicationFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    return ApplicationFailure.create({
      message: cause.message,
      type: cause.type ?? 'INTERNAL',
      nonRetryable: true,
      details: cause.details ?? [],
      category: 'BENIGN',
    });
  }
  return ApplicationFailure.create({
    message: 'The command could not be carried out.',
    type: 'INTERNAL',
    nonRetryable: true,
  });
}

function now(): string {
  return new Date().toISOString();
}

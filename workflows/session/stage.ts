/** Runs the open stage: asks the loop what to do and does it by activities, until the stage ends or must continue as new. */

import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  patched,
  sleep,
} from '@temporalio/workflow';
import type { Waiting } from '../../core/session-state.ts';
import { stageAfter } from '../../core/stages.ts';
import type { LoadedSession, OpenStage, StageRunKey, TurnKey } from '../contract/activities.ts';
import { records, remoteActivities } from './activities.ts';
import { mustContinue, type SessionRun } from './run.ts';
import { failureOf, finishFollowUp, release, stopFollowUp } from './stage-end.ts';
import { type Action, StageLoop } from './stage-loop.ts';

/** The parts that one open stage, or follow-up, works with. */
export interface StageContext {
  session: SessionRun;
  loaded: LoadedSession;
  open: OpenStage;
  key: StageRunKey;
  loop: StageLoop;
  remote: ReturnType<typeof remoteActivities>;
  show: () => void;
}

/** Why a stage's loop was left: it ended, or its history must go on in a new run. */
type Left = 'ended' | 'continue';

export async function runStage(session: SessionRun, loaded: LoadedSession, show: () => void): Promise<void> {
  const { open, limits } = session.view;
  if (!open || !limits) return;
  const { sessionId, owner } = session.input;
  const context: StageContext = {
    session,
    loaded,
    open,
    key: { sessionId, owner, stage: open.stage, run: open.run },
    loop: new StageLoop(open, limits),
    remote: remoteActivities(loaded.heartbeatSeconds),
    show,
  };
  const scope = new CancellationScope();
  session.scope = scope;
  if (session.cancelRequested) scope.cancel();
  try {
    const left = await scope.run(() => walk(context));
    if (left === 'continue') session.view.open = { ...open, turn: context.loop.currentTurn };
  } catch (error) {
    await CancellationScope.nonCancellable(() => endEarly(context, error));
  } finally {
    session.scope = null;
  }
}

async function walk(context: StageContext): Promise<Left> {
  const { loop, session, loaded, show } = context;
  for (;;) {
    if (session.view.limits) loop.setLimits(session.view.limits);
    session.view.turn = loop.currentTurn;
    if (loop.atTurnBoundary && mustContinue(loaded)) return 'continue';
    if (session.view.stopAfterStep) {
      await wait(context, { reason: 'stopped' }, () => !session.view.stopAfterStep);
      if (mustContinue(loaded)) return 'continue';
      continue;
    }
    const action = loop.next();
    const { reason } = session.view.waiting ?? {};
    if (action.do !== 'wait' && (reason === 'limit' || reason === 'stopped')) await endOldWait(context);
    show();
    if (action.do === 'fail') throw ApplicationFailure.nonRetryable(action.message, action.code);
    if (action.do === 'done') {
      if (await closeLoop(context)) return 'ended';
      continue;
    }
    const started = Date.now();
    const left = await perform(context, action);
    if (left) return left;
    if (action.do !== 'wait' && action.do !== 'ask') loop.worked((Date.now() - started) / 1000);
  }
}

async function perform(
  context: StageContext,
  action: Exclude<Action, { do: 'fail' | 'done' }>,
): Promise<Left | undefined> {
  const { key, loop, remote, session, loaded } = context;
  switch (action.do) {
    case 'model':
      await callModel(context, { ...key, turn: action.turn });
      return;
    case 'tools': {
      const { turn, base } = action;
      const calls = action.calls.map((call) => {
        const runTool = call.gpu === true ? remote.runGpuTool : remote.runTool;
        return runTool({ ...key, turn, call, base });
      });
      loop.toolsEnded(await Promise.all(calls));
      note(context, `turn ${turn}: ${action.calls.map((call) => call.name).join(', ')} ended`);
      return;
    }
    case 'control':
      await records.recordControl({ ...key, turn: action.turn, call: action.call, base: null });
      loop.controlEnded();
      return;
    case 'ask':
      return ask(context, action);
    case 'finish': {
      const { turn, call, base, lastTry } = action;
      const outcome = await remote.finishStage({ ...key, turn, call, base, lastTry });
      loop.finishEnded(outcome);
      note(
        context,
        outcome.done
          ? `turn ${turn}: outputs validate`
          : `turn ${turn}: ${outcome.errors.length} validation errors`,
      );
      return;
    }
    case 'nudge':
      await records.nudge({ ...key, turn: action.turn, text: action.text });
      loop.nudged();
      return;
    case 'wait': {
      const seen = session.view.wakeups;
      await wait(context, action.waiting, () => session.view.wakeups > seen, action.message);
      return mustContinue(loaded) ? 'continue' : undefined;
    }
  }
}

/** A rate limit is waited for by a durable timer, in sight of everybody; all else is the retry policy's. */
async function callModel(context: StageContext, key: TurnKey): Promise<void> {
  for (;;) {
    try {
      const answer = await context.remote.callModel(key);
      context.loop.modelAnswered(answer);
      note(
        context,
        `turn ${key.turn}: the model called ${answer.calls.map((call) => call.name).join(', ') || 'nothing'}`,
      );
      return;
    } catch (error) {
      const seconds = quotaSeconds(error);
      if (seconds === null) throw error;
      const until = new Date(Date.now() + seconds * 1000).toISOString();
      await changeWaiting(context, { reason: 'quota', until });
      await sleep(seconds * 1000);
      await changeWaiting(context, null);
    }
  }
}

function quotaSeconds(error: unknown): number | null {
  const cause = error instanceof ActivityFailure ? error.cause : null;
  if (!(cause instanceof ApplicationFailure) || cause.type !== 'MODEL_QUOTA') return null;
  const [details] = cause.details ?? [];
  const after =
    typeof details === 'object' && details !== null && 'retryAfter' in details
      ? Number(details.retryAfter)
      : 60;
  return Math.max(1, Number.isFinite(after) ? after : 60);
}

async function ask(context: StageContext, action: Extract<Action, { do: 'ask' }>): Promise<Left | undefined> {
  const { key, loop, session, loaded } = context;
  const call = { ...key, turn: action.turn, call: action.call, base: null };
  const before = session.view.wakeups;
  const opened = await records.openQuestion(call);
  if (opened.invalid) {
    loop.controlEnded();
    return;
  }
  if (opened.answered) {
    await endOldWait(context);
  } else {
    const reason = action.call.name === 'ask_user' ? 'question' : 'approval';
    const heard = session.view.wakeups !== before && patched('2026-11-answer-while-asking');
    const seen = heard ? before : session.view.wakeups;
    await wait(context, { reason, subject: opened.question }, () => session.view.wakeups > seen);
    if (mustContinue(loaded)) return 'continue';
  }
  const recorded = await records.recordAnswer({ ...call, question: opened.question });
  if (recorded.answered) loop.controlEnded();
}

/** Waits for `ready` or for a history so long that the wait must go on in a new run. */
async function wait(
  context: StageContext,
  waiting: Waiting,
  ready: () => boolean,
  message?: string,
): Promise<void> {
  await changeWaiting(context, waiting, message);
  await condition(() => ready() || mustContinue(context.loaded));
  if (ready()) await changeWaiting(context, null);
}

/** What an earlier run of the workflow waited for may have come before this one looked for it. */
async function endOldWait(context: StageContext): Promise<void> {
  if (context.session.view.waiting && patched('end-old-wait')) await changeWaiting(context, null);
}

async function changeWaiting(
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
  session.view.note(new Date().toISOString(), waiting ? `waiting: ${waiting.reason}` : 'going on');
  show();
}

function note({ session }: StageContext, what: string): void {
  session.view.note(new Date().toISOString(), what);
}

/** False when a follow-up goes on, because the person has said more. */
async function closeLoop(context: StageContext): Promise<boolean> {
  if (context.open.followUp !== null) return finishFollowUp(context, context.open.followUp);
  await stageDone(context);
  return true;
}

async function stageDone(context: StageContext): Promise<void> {
  const { session, loaded, open } = context;
  session.view.stageDone(new Date().toISOString());
  const following = stageAfter(open.stage);
  if (loaded.mode !== 'auto' || following === null) {
    if (following === null) await release(session.input, context.remote);
    return;
  }
  const { sessionId, owner } = session.input;
  try {
    const begun = await records.beginStage({
      sessionId,
      owner,
      stage: following,
      key: `auto/${sessionId}/${open.stage}/${open.run}`,
    });
    if (begun.open && !session.view.open) session.view.stageOpened(begun.open, new Date().toISOString());
  } catch (error) {
    // a person was quicker and started a stage: theirs goes on
    if (
      !(
        error instanceof ActivityFailure &&
        error.cause instanceof ApplicationFailure &&
        error.cause.type === 'STAGE_NOT_READY'
      )
    )
      throw error;
  }
}

async function endEarly(context: StageContext, error: unknown): Promise<void> {
  const { session, key, open } = context;
  if (open.followUp !== null) return stopFollowUp(context, open.followUp, error);
  if (isCancellation(error)) {
    await records.finishCancel({ sessionId: key.sessionId, owner: key.owner });
    session.view.cancelled(new Date().toISOString());
    session.cancelRequested = false;
    await release(session.input, context.remote);
    return;
  }
  const failure = failureOf(error);
  await records.failStage({ ...key, code: failure.type ?? 'INTERNAL', message: failure.message });
  session.view.stageFailed(new Date().toISOString(), failure.message);
}

/**
 * Runs the open stage: asks the loop what to do and does it by activities, until the stage ends or must continue as
 * new.
 */

import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  patched,
} from '@temporalio/workflow';
import { stageAfter } from '../../core/stages.ts';
import type { LoadedSession } from '../contract/activities.ts';
import { records, remoteActivities } from './activities.ts';
import { callModel, type ProviderFailure, waitForProvider } from './model-turn.ts';
import { mustContinue, type SessionContext } from './session-context.ts';
import { type Left, note, type StageContext } from './stage-context.ts';
import { beginQueued, failureOf, finishFollowUp, release, stopFollowUp } from './stage-end.ts';
import { type Action, StageLoop } from './stage-loop.ts';
import { endOldWait, wait } from './waiting.ts';

export async function runStage(
  session: SessionContext,
  loaded: LoadedSession,
  show: () => void,
): Promise<void> {
  const { open, limits } = session.view;
  if (!open || !limits) return;
  const { sessionId, owner } = session.input;
  const context: StageContext = {
    session,
    loaded,
    open,
    key: { sessionId, owner, stage: open.stage, run: open.run },
    loop: new StageLoop(open, limits, {
      goesOnCut: () => patched('2026-11-context-shortened'),
      guardsLoops: () => patched('2026-11-loop-guard'),
    }),
    remote: remoteActivities(loaded.heartbeatSeconds),
    show,
    heard: session.view.heard,
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
      await wait(context, { reason: 'stopped' }, { ready: () => !session.view.stopAfterStep });
      if (mustContinue(loaded)) return 'continue';
      continue;
    }
    const action = loop.next();
    const { reason } = session.view.waiting ?? {};
    // a turn that is walked again shows anew what it repeats
    const over = reason === 'loop' && loop.currentTurn > context.open.turn;
    if (action.do !== 'wait' && (reason === 'limit' || reason === 'stopped' || over))
      await endOldWait(context);
    show();
    if (action.do === 'fail') throw ApplicationFailure.nonRetryable(action.message, action.code);
    if (action.do === 'done') {
      if (await closeLoop(context)) return 'ended';
      continue;
    }
    const started = Date.now();
    const { wakeups } = session.view;
    const done = await perform(context, action);
    if (done === 'continue') return done;
    if (action.do !== 'wait' && action.do !== 'ask') loop.worked((Date.now() - started) / 1000);
    // the loop is at the same turn: stops, limits and a long history are looked at before the next try
    if (done) await waitForProvider(context, done, wakeups);
  }
}

async function perform(
  context: StageContext,
  action: Exclude<Action, { do: 'fail' | 'done' }>,
): Promise<'continue' | ProviderFailure | undefined> {
  const { key, loop, remote, session, loaded } = context;
  switch (action.do) {
    case 'model':
      context.heard = session.view.heard;
      return (await callModel(context, { ...key, turn: action.turn })) ?? undefined;
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
    case 'control': {
      const recorded = await records.recordControl({
        ...key,
        turn: action.turn,
        call: action.call,
        base: null,
      });
      // one that an earlier release recorded tells nothing
      loop.controlEnded(recorded?.repeated);
      return;
    }
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
      if (action.waiting.reason === 'loop') return waitForWord(context, action);
      const seen = session.view.wakeups;
      await wait(context, action.waiting, {
        ready: () => session.view.wakeups > seen,
        message: action.message,
      });
      return mustContinue(loaded) ? 'continue' : undefined;
    }
  }
}

/** An agent that repeats itself waits for a person's word, by a message or by resume; one may have come meanwhile. */
async function waitForWord(
  context: StageContext,
  { waiting }: Extract<Action, { do: 'wait' }>,
): Promise<'continue' | undefined> {
  const { session, loop, loaded, heard } = context;
  const seen = session.view.wakeups;
  const ready = () => session.view.wakeups > seen || session.view.heard > heard;
  if (!ready()) await wait(context, { ...waiting, since: new Date().toISOString() }, { ready });
  if (ready()) loop.letRepeat();
  return mustContinue(loaded) ? 'continue' : undefined;
}

async function ask(
  context: StageContext,
  action: Extract<Action, { do: 'ask' }>,
): Promise<'continue' | undefined> {
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
    await wait(context, { reason, subject: opened.question }, { ready: () => session.view.wakeups > seen });
    if (mustContinue(loaded)) return 'continue';
  }
  const recorded = await records.recordAnswer({ ...call, question: opened.question });
  if (recorded.answered) loop.controlEnded();
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
  if (await beginQueued(context, `${open.stage}/${open.run}`)) return;
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

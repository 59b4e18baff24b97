/** The rows and events with which a run of a stage, or a follow-up after the last one, begins. */

import { TemperaError } from '../core/errors.ts';
import type { FOLLOW_UP_CHANGES, NewEvent } from '../core/events.ts';
import { experimentAsDecided } from '../core/given-decisions.ts';
import { derivedId } from '../core/ids.ts';
import type { FollowUp, Session } from '../core/records.ts';
import { lastDoneStage, runningState, type SessionState } from '../core/session-state.ts';
import { sharedDecisions } from '../core/shared-decisions.ts';
import { type Stage, stageBefore, stagesAfter } from '../core/stages.ts';
import {
  getExperiment,
  hasGpuSlot,
  insertMessage,
  insertStageRun,
  latestStageRun,
  listSteps,
  markStale,
  nextFollowUp,
  nextRun,
  sessionLedger,
  sessionUsage,
  stageSummaries,
  type Transaction,
  updateSession,
} from '../db/index.ts';
import type { OpenStage } from '../workflows/contract/activities.ts';
import type { CommandTransaction } from './command-handler.ts';
import { briefMessageId, ownerOf } from './keys.ts';
import type { ActivityPorts } from './ports.ts';
import { toOpenStage } from './session-loading.ts';

/** Writes a new run of `stage`: rows, brief, stale marks and event. */
export async function openStageRun(
  ports: ActivityPorts,
  { tx, tell, session }: CommandTransaction,
  stage: Stage,
): Promise<OpenStage> {
  const { agents } = ports;
  const run = await nextRun(tx, session.id, stage);
  const before = stageBefore(stage);
  const previous = before ? await latestStageRun(tx, session.id, before) : null;
  const base = previous?.checkpoint ?? null;
  const stale = await markStale(tx, session.id, stagesAfter(stage));
  const promptVersion = agents.stage(stage).promptVersion;
  const stageRun = {
    session_id: session.id,
    stage,
    run,
    state: 'running' as const,
    reason: null,
    stale: false,
    prompt_version: promptVersion,
    base,
    checkpoint: null,
  };
  await insertStageRun(tx, stageRun);
  await updateSession(tx, session.id, {
    state: runningState(stage),
    failed_stage: null,
    waiting: null,
    stop_after_step: false,
  });
  await writeBrief(ports, tx, { session, stage, run });
  const list: NewEvent[] = [
    {
      key: `${stage}/${run}/running`,
      type: 'state_change',
      stage,
      run,
      data: { state: runningState(stage) },
    },
  ];
  if (stale.length > 0)
    list.push({ key: `${stage}/${run}/stale`, type: 'stale', stage, run, data: { stages: stale } });
  await tell(...list);
  const usage = await sessionUsage(tx, session.id);
  const started = { ...stageRun, started_at: new Date().toISOString(), ended_at: null };
  return toOpenStage(started, [], { usage, followUp: null });
}

async function writeBrief(
  ports: ActivityPorts,
  tx: Transaction,
  { session, stage, run }: { session: Session; stage: Stage; run: number },
): Promise<void> {
  const { agents } = ports;
  const principal = ownerOf(session);
  const experiment = await getExperiment(tx, principal, session.experiment_id);
  if (!experiment)
    throw new TemperaError('NOT_FOUND', `The experiment [${session.experiment_id}] of the session is gone.`);
  const summaries = await stageSummaries(tx, session.id, stage);
  const gpu = await hasGpuSlot(tx);
  const ledger = await sessionLedger(tx, session.id);
  const decided = experimentAsDecided(experiment, ledger);
  const decisions = sharedDecisions(ledger, experiment);
  const text = agents.brief({ stage, sessionId: session.id, experiment: decided, decisions, summaries, gpu });
  await insertMessage(tx, {
    id: briefMessageId({ sessionId: session.id, owner: session.owner, stage, run }),
    session_id: session.id,
    stage,
    run,
    turn: 1,
    role: 'user',
    content: [{ type: 'text', text }],
    metadata: { kind: 'brief' },
  });
}

/** Tells that a follow-up was opened or has ended: the state stays what it is, the session's row says which is open. */
export function followUpEvent(
  { n, stage, run }: Pick<FollowUp, 'n' | 'stage' | 'run'>,
  state: SessionState,
  change: (typeof FOLLOW_UP_CHANGES)[number],
): NewEvent {
  const data = { state, reason: `follow-up ${n} ${change}`, follow_up: { n, change } };
  return { key: `follow-up/${n}/${change}`, type: 'state_change', stage, run, data };
}

/**
 * Opens a follow-up: further turns of the last stage's run, whose state and outputs stay as they are. The message that
 * opens it waits among the pending ones for its first turn.
 */
export async function openFollowUp(
  ports: ActivityPorts,
  { tx, tell, session }: CommandTransaction,
): Promise<OpenStage> {
  const { agents } = ports;
  const stage = lastDoneStage(session.state, session.failed_stage) ?? 'train';
  const stageRun = await latestStageRun(tx, session.id, stage);
  if (!stageRun) throw new TemperaError('NOT_FOUND', `Stage ${stage} of session [${session.id}] has no run.`);
  const { run } = stageRun;
  const steps = (await listSteps(tx, ownerOf(session), { session: session.id, stage, run })) ?? [];
  const n = await nextFollowUp(tx, session.id);
  const firstTurn = Math.max(0, ...steps.map((step) => step.turn)) + 1;
  const followUp: FollowUp = { n, stage, run, first_turn: firstTurn };
  await updateSession(tx, session.id, {
    follow_up: followUp,
    waiting: null,
    stop_after_step: false,
  });
  await insertMessage(tx, {
    id: derivedId('message', session.id, 'follow-up', n),
    session_id: session.id,
    stage,
    run,
    turn: firstTurn,
    role: 'user',
    content: [{ type: 'text', text: agents.followUpBrief() }],
    metadata: { kind: 'follow_up' },
  });
  await tell(followUpEvent(followUp, session.state, 'opened'));
  const usage = await sessionUsage(tx, session.id);
  return toOpenStage(stageRun, steps, { usage, followUp });
}

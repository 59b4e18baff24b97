/** Reads from the rows where a session stands. */

import { TemperaError } from '../core/errors.ts';
import type { FollowUp, Session, StageRun, Step } from '../core/records.ts';
import { openStage } from '../core/session-rules.ts';
import { getExperiment, getSession, latestStageRun, listSteps, sessionUsage } from '../db/index.ts';
import type { LoadedSession, OpenStage, SessionKey } from '../workflows/contract/activities.ts';
import { ownerOf } from './keys.ts';
import type { ActivityPorts } from './ports.ts';

export function createSessionLoading(ports: ActivityPorts) {
  const { database, settings } = ports;
  return {
    /** @throws TemperaError NOT_FOUND when there is no such session */
    async loadSession({ sessionId, owner }: SessionKey): Promise<LoadedSession> {
      const principal = ownerOf({ owner });
      const session = await getSession(database, principal, sessionId);
      if (!session) throw new TemperaError('NOT_FOUND', `There is no session [${sessionId}].`);
      const experiment = await getExperiment(database, principal, session.experiment_id);
      return {
        state: session.state,
        failedStage: session.failed_stage,
        mode: session.mode,
        limits: session.limits,
        waiting: session.waiting,
        stopAfterStep: session.stop_after_step,
        experimentId: session.experiment_id,
        experimentName: experiment?.name ?? session.experiment_id,
        open: await readOpenStage(ports, session),
        heartbeatSeconds: settings.heartbeatSeconds,
        idleHours: settings.idleHours,
        continueAfterEvents: settings.continueAfterEvents,
        providerPauses: settings.providerPauses,
      };
    },
  };
}

/** The stage run or follow-up that is open by the rows, or null. */
export async function readOpenStage(
  { database }: ActivityPorts,
  session: Session,
): Promise<OpenStage | null> {
  const { id, follow_up } = session;
  const stage = openStage(session);
  const stageRun = stage ? await latestStageRun(database, id, stage) : null;
  if (!stageRun || (follow_up === null && stageRun.state !== 'running')) return null;
  const { stage: name, run } = stageRun;
  const steps = await listSteps(database, ownerOf(session), { session: id, stage: name, run });
  const usage = await sessionUsage(database, id);
  return toOpenStage(stageRun, steps ?? [], { usage, followUp: follow_up });
}

/** Where an open stage or follow-up goes on: at its last turn, which is walked again from its start. */
export function toOpenStage(
  stageRun: StageRun,
  allSteps: Step[],
  { usage, followUp }: { usage: { tokens: number; cost: number }; followUp: FollowUp | null },
): OpenStage {
  const firstTurn = followUp?.first_turn ?? 1;
  const steps = allSteps.filter((step) => step.turn >= firstTurn);
  const turn = Math.max(firstTurn, ...steps.map((step) => step.turn));
  const seconds = steps.reduce((sum, step) => sum + duration(step), 0);
  const repairs = steps.filter(
    (step) => step.kind === 'validation' && step.turn < turn && step.state === 'failed',
  ).length;
  return {
    stage: stageRun.stage,
    run: stageRun.run,
    turn,
    checkpoint: stageRun.checkpoint ?? stageRun.base,
    spent: { turns: turn - firstTurn, tokens: usage.tokens, cost: usage.cost, seconds },
    repairs,
    firstTurn,
    followUp: followUp?.n ?? null,
  };
}

function duration(step: Step): number {
  return step.ended_at ? Math.max(0, Date.parse(step.ended_at) - Date.parse(step.started_at)) / 1000 : 0;
}

/** Reads from the rows where a session stands. */

import { TemperaError } from '../core/errors.ts';
import type { StageRun, Step } from '../core/records.ts';
import { runningStage } from '../core/session-state.ts';
import type { LoadedSession, OpenStage, SessionKey } from '../workflows/contract/activities.ts';
import { ownerOf } from './keys.ts';
import type { ActivityPorts } from './ports.ts';

export function createSessionLoading({ database, repositories, settings }: ActivityPorts) {
  return {
    /** @throws TemperaError NOT_FOUND when there is no such session */
    async loadSession({ sessionId, owner }: SessionKey): Promise<LoadedSession> {
      const principal = ownerOf({ owner });
      const session = await repositories.getSession(database, principal, sessionId);
      if (!session) throw new TemperaError('NOT_FOUND', `There is no session [${sessionId}].`);
      const experiment = await repositories.getExperiment(database, principal, session.experiment_id);
      return {
        state: session.state,
        failedStage: session.failed_stage,
        mode: session.mode,
        limits: session.limits,
        waiting: session.waiting,
        stopAfterStep: session.stop_after_step,
        experimentId: session.experiment_id,
        experimentName: experiment?.name ?? session.experiment_id,
        open: await openStage(sessionId),
        heartbeatSeconds: settings.heartbeatSeconds,
        idleHours: settings.idleHours,
        continueAfterEvents: settings.continueAfterEvents,
      };

      async function openStage(id: string): Promise<OpenStage | null> {
        const stage = session && runningStage(session.state);
        const stageRun = stage ? await repositories.latestStageRun(database, id, stage) : null;
        if (stageRun?.state !== 'running') return null;
        const { stage: name, run } = stageRun;
        const steps = await repositories.listSteps(database, principal, id, { stage: name, run });
        const usage = await repositories.sessionUsage(database, id);
        return toOpenStage(stageRun, steps ?? [], usage);
      }
    },
  };
}

/** Where an open stage goes on: at its last turn, which is walked again from its start. */
export function toOpenStage(
  stageRun: StageRun,
  steps: Step[],
  usage: { tokens: number; cost: number },
): OpenStage {
  const turn = Math.max(1, ...steps.map((step) => step.turn));
  const seconds = steps.reduce((sum, step) => sum + duration(step), 0);
  const repairs = steps.filter(
    (step) => step.kind === 'validation' && step.turn < turn && step.state === 'failed',
  ).length;
  return {
    stage: stageRun.stage,
    run: stageRun.run,
    turn,
    checkpoint: stageRun.checkpoint ?? stageRun.base,
    startedAtMs: Date.parse(stageRun.started_at),
    spent: { turns: turn - 1, tokens: usage.tokens, cost: usage.cost, seconds },
    repairs,
  };
}

function duration(step: Step): number {
  return step.ended_at ? Math.max(0, Date.parse(step.ended_at) - Date.parse(step.started_at)) / 1000 : 0;
}

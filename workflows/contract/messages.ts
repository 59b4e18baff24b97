/**
 * The messages a session's workflow takes. Every command is an update sent with update-with-start; its `key` is the
 * Idempotency-Key (the update's id is derived from it), its `principal` is who asks.
 */

import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { ChangePlan, DecisionChange } from '../../core/decision-changes.ts';
import type { Limits } from '../../core/limits.ts';
import type { Principal } from '../../core/principal.ts';
import type { SessionState, Waiting } from '../../core/session-state.ts';
import type { Stage } from '../../core/stages.ts';

/** Common to every command. Both are optional so that the `temporal` CLI can send `{}`: operator access is admin. */
export interface Command {
  key?: string;
  principal?: Principal;
}

export interface SessionInput {
  sessionId: string;
  owner: string;
}

export interface StartStageResult {
  stage: Stage;
  run: number;
  state: SessionState;
}

export const startStageUpdate = defineUpdate<StartStageResult, [Command & { stage: Stage }]>('startStage');
export const sendMessageUpdate = defineUpdate<{ message: string }, [Command & { text: string }]>(
  'sendMessage',
);
export const answerUpdate = defineUpdate<
  { question: string },
  [Command & { question: string; text: string }]
>('answer');
export const approveUpdate = defineUpdate<
  { approval: string; approved: boolean },
  [Command & { approval: string; approved: boolean; note?: string }]
>('approve');
export const cancelUpdate = defineUpdate<{ state: SessionState }, [Command]>('cancel');
export const stopAfterStepUpdate = defineUpdate<{ state: SessionState }, [Command]>('stopAfterStep');
export const setLimitsUpdate = defineUpdate<{ limits: Limits }, [Command & { limits: Partial<Limits> }]>(
  'setLimits',
);
/** Makes a new session of what this one had up to a step; this one stays as it is. */
export const forkUpdate = defineUpdate<{ session: string }, [Command & { step: string }]>('fork');
/** `model` (provider/model) is what the session goes on with; without one it keeps its own. */
export const resumeUpdate = defineUpdate<{ state: SessionState }, [Command & { model?: string }]>('resume');

/** How changed decisions take force: in a session that goes on from before them, or by running the stage again. */
export const DECIDE_WAYS = ['fork', 'rerun'] as const;
export type DecideWay = (typeof DECIDE_WAYS)[number];

export interface DecideResult extends ChangePlan {
  /** Where they hold: this session, or the fork. */
  session: string;
  /** `here`: nothing had to be made anew, so that they hold in this session from its next stage on. */
  how: DecideWay | 'here';
  /** They wait for the end of the stage that runs. */
  queued: boolean;
  /** Runs that took over what a former one had made under the same decisions. */
  adopted: { stage: Stage; run: number; of: number }[];
}
export const decideUpdate = defineUpdate<
  DecideResult,
  [Command & { changes: DecisionChange[]; how?: DecideWay }]
>('decide');

export interface SessionStatus {
  state: SessionState;
  stage: Stage | null;
  run: number;
  turn: number;
  waiting: Waiting | null;
  /** The number of the follow-up that is open, or null. */
  followUp: number | null;
}
export interface TimelineEntry {
  at: string;
  what: string;
}
export const statusQuery = defineQuery<SessionStatus>('status');
export const timelineQuery = defineQuery<TimelineEntry[]>('timeline');

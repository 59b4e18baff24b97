/** What the workflow and its activities hand to each other. Small: references, never data. */

import type { Limits, Spent } from '../../core/limits.ts';
import type { StopReason } from '../../core/ports/model.ts';
import type { Principal } from '../../core/principal.ts';
import type { ProviderPauses } from '../../core/provider-wait.ts';
import type { SessionState, Waiting } from '../../core/session-state.ts';
import type { Stage } from '../../core/stages.ts';
import type { ToolCallReference } from '../../core/step-output.ts';
import type { Command } from './messages.ts';

/** Names one stage run; part of the key of everything that it writes. */
export interface StageRunKey {
  sessionId: string;
  owner: string;
  stage: Stage;
  run: number;
}

export interface TurnKey extends StageRunKey {
  turn: number;
}

/** What a workflow needs from the rows to go on from where they stand. */
export interface LoadedSession {
  state: SessionState;
  failedStage: Stage | null;
  mode: 'manual' | 'auto';
  limits: Limits;
  waiting: Waiting | null;
  stopAfterStep: boolean;
  experimentId: string;
  experimentName: string;
  /** The stage run that is open, or null. */
  open: OpenStage | null;
  /** Heartbeat timeout of activities, seconds (a setting). */
  heartbeatSeconds: number;
  /**
   * Events of history after which the workflow continues as new even where the server does not suggest it (a
   * setting).
   */
  continueAfterEvents: number;
  /** Hours without work after which an idle workflow completes (a setting). */
  idleHours: number;
  /** Pauses between tries at a provider that does not answer (settings). Default: DEFAULT_PAUSES. */
  providerPauses?: ProviderPauses;
}

export interface OpenStage {
  stage: Stage;
  run: number;
  /** The first turn that may not be complete. */
  turn: number;
  /** Checkpoint at which the workspace stands; null = empty. */
  checkpoint: string | null;
  spent: Spent;
  /** Validation failures so far: each sends the agent back once. */
  repairs: number;
  /** The turn from which the limit of turns counts: 1, or a follow-up's first. */
  firstTurn: number;
  /** The number of the follow-up that is open in a done stage; null while the stage itself runs. */
  followUp: number | null;
}

export interface SessionCommand extends Command {
  sessionId: string;
  owner: string;
}

export type { ToolCallReference };

export interface ModelTurn {
  stopReason: StopReason;
  calls: ToolCallReference[];
  /** Tokens and dollars of the whole session so far. */
  tokens: number;
  cost: number;
}

export interface ToolCall extends TurnKey {
  call: ToolCallReference;
  base: string | null;
}

export interface ToolOutcome {
  ok: boolean;
  /** Checkpoint after the call: the next call's base. */
  checkpoint: string | null;
  /** Set when the call has given the same result before. */
  repeated?: Repetition;
}

/** A call that gives the same result again and again. */
export interface Repetition {
  /** How often, since a person last said something. */
  times: number;
  /** What repeats, in words for people. */
  what: string;
}

export interface OpenedQuestion {
  question: string;
  /** Already answered (a turn that is walked again). */
  answered: boolean;
}

export interface FinishOutcome {
  done: boolean;
  errors: string[];
  /** Why no repair can help, in the agent's words; the stage fails with it. */
  unable?: string;
}

export interface WaitingChange {
  sessionId: string;
  owner: string;
  stage: Stage;
  run: number;
  turn: number;
  waiting: Waiting | null;
  /** Counts what ended waits in this run; part of the event key, so that each wait has its own. */
  wakeups: number;
  /** Sentence for limit_reached. */
  message?: string;
}

export interface StageEnd extends StageRunKey {
  code: string;
  message: string;
}

/** The end of a follow-up, in the stage run in which it was held. */
export interface FollowUpEnd extends StageRunKey {
  n: number;
}

export interface SessionKey {
  sessionId: string;
  owner: string;
}

export type CommandOf<T> = SessionCommand & T;
export type { Principal };

/**
 * The state machine of a session, as one table.
 *
 * Invariants: only `cancelled` is final; `failed` remembers its stage, which may start again; a stage starts
 * only when the one before it is done. Waiting (for a person, a quota, a slot) is not a state.
 */

import { TemperaError } from './errors.ts';
import { STAGES, type Stage, stageBefore } from './stages.ts';

export const SESSION_STATES = [
  'created',
  'eda_running',
  'eda_done',
  'prep_running',
  'prep_done',
  'train_running',
  'train_done',
  'failed',
  'cancelled',
] as const;
export type SessionState = (typeof SESSION_STATES)[number];

export const WAITING_REASONS = ['question', 'approval', 'limit', 'stopped', 'quota', 'slot'] as const;
export type WaitingReason = (typeof WAITING_REASONS)[number];

export interface Waiting {
  reason: WaitingReason;
  /** ISO time until which the wait lasts, where it is known (quota). */
  until?: string;
  /** The question or approval that is open, or the limit that was reached. */
  subject?: string;
}

export const runningState = (stage: Stage): SessionState => `${stage}_running`;
export const doneState = (stage: Stage): SessionState => `${stage}_done`;

/** The stage that is running in `state`, or null. */
export function runningStage(state: SessionState): Stage | null {
  return STAGES.find((stage) => runningState(stage) === state) ?? null;
}

/** The last stage that is done in `state`; for `failed` the one before the failed stage. */
export function lastDoneStage(state: SessionState, failedStage: Stage | null): Stage | null {
  if (state === 'failed') return failedStage ? stageBefore(failedStage) : null;
  const running = runningStage(state);
  if (running) return stageBefore(running);
  return STAGES.find((stage) => doneState(stage) === state) ?? null;
}

/**
 * Checks that `stage` may start.
 * @throws TemperaError `STAGE_NOT_READY` (409) with a sentence that names what is missing.
 */
export function assertStageMayStart(stage: Stage, state: SessionState, failedStage: Stage | null): void {
  const running = runningStage(state);
  if (state === 'cancelled') refuse(`The session is cancelled; nothing can start in it. Make a new session.`);
  if (running) refuse(`Stage ${running} is running. Wait until it ends or cancel it, then start ${stage}.`);
  const done = lastDoneStage(state, failedStage);
  const reached = done === null ? -1 : STAGES.indexOf(done);
  const before = stageBefore(stage);
  if (before && STAGES.indexOf(before) > reached) {
    refuse(`Stage ${stage} needs ${before} to be done first. Start ${before}.`);
  }
}

/**
 * Checks that a session may be cancelled.
 * @throws TemperaError `NOT_CANCELLABLE` (409).
 */
export function assertMayCancel(state: SessionState): void {
  if (state === 'train_done' || state === 'cancelled') {
    throw new TemperaError(
      'NOT_CANCELLABLE',
      `A session in state ${state} cannot be cancelled: nothing runs in it.`,
    );
  }
}

function refuse(message: string): never {
  throw new TemperaError('STAGE_NOT_READY', message);
}

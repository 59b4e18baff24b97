/**
 * What may be done to a session, one function a command, and the one word on whether an agent is at work in it. Each
 * refuses with a sentence that names what is missing. session-state.ts has the states that they speak of.
 */

import { TemperaError } from './errors.ts';
import type { Session } from './records.ts';
import {
  endsByResume,
  lastDoneStage,
  runningStage,
  runningState,
  type SessionState,
} from './session-state.ts';
import { STAGES, type Stage, stageBefore } from './stages.ts';

/** The states in which a stage runs. */
export const RUNNING_STATES: readonly SessionState[] = STAGES.map(runningState);

type Standing = Pick<Session, 'state' | 'follow_up'>;

/** True while an agent is at work or waits in it: in a stage, or in a follow-up after the last one. */
export function isBusy({ state, follow_up }: Standing): boolean {
  return runningStage(state) !== null || follow_up !== null;
}

/** The stage in which its agent is at work; null where none is. */
export function openStage({ state, follow_up }: Standing): Stage | null {
  return follow_up?.stage ?? runningStage(state);
}

/** True where nothing runs and nothing more comes by itself. */
export function isAtRest(session: Standing & Pick<Session, 'mode'>): boolean {
  if (isBusy(session)) return false;
  return session.mode === 'manual' || ['failed', 'cancelled', 'train_done'].includes(session.state);
}

/** True where a message opens a follow-up; in every other state an open or a later turn reads it. */
export function opensFollowUp({ state, follow_up }: Standing): boolean {
  return state === 'train_done' && follow_up === null;
}

/** @throws TemperaError STAGE_NOT_READY (409) */
export function assertStageMayStart(
  stage: Stage,
  { state, failed_stage, follow_up }: Standing & Pick<Session, 'failed_stage'>,
): void {
  if (follow_up !== null)
    refuse(
      `Follow-up ${follow_up.n} is being answered. Wait until it ends or cancel it, then start ${stage}.`,
    );
  const running = runningStage(state);
  if (state === 'cancelled') refuse(`The session is cancelled; nothing can start in it. Make a new session.`);
  if (running) refuse(`Stage ${running} is running. Wait until it ends or cancel it, then start ${stage}.`);
  const done = lastDoneStage(state, failed_stage);
  const reached = done === null ? -1 : STAGES.indexOf(done);
  const before = stageBefore(stage);
  if (before && STAGES.indexOf(before) > reached) {
    refuse(`Stage ${stage} needs ${before} to be done first. Start ${before}.`);
  }
}

function refuse(message: string): never {
  throw new TemperaError('STAGE_NOT_READY', message);
}

/**
 * While a follow-up is open only that is cancelled, whatever the state.
 * @throws TemperaError NOT_CANCELLABLE (409)
 */
export function assertMayCancel({ state, follow_up }: Standing): void {
  if (follow_up !== null || (state !== 'train_done' && state !== 'cancelled')) return;
  throw new TemperaError(
    'NOT_CANCELLABLE',
    `A session in state ${state} cannot be cancelled: nothing runs in it.`,
  );
}

/**
 * A message outside a stage waits for the next one; only after a cancellation none comes.
 * @throws TemperaError CONFLICT (409)
 */
export function assertMayTell({ state }: Pick<Session, 'state'>): void {
  if (state !== 'cancelled') return;
  throw new TemperaError(
    'CONFLICT',
    'The session is cancelled: no agent reads messages in it any more. Fork it at one of its ' +
      'steps, or make a new session of its experiment.',
  );
}

/** @throws TemperaError NOT_WAITING (409) */
export function assertMayStop(session: Standing): void {
  if (isBusy(session)) return;
  throw new TemperaError('NOT_WAITING', `No stage runs in state ${session.state}: there is nothing to stop.`);
}

/** @throws TemperaError NOT_WAITING (409) */
export function assertMayResume({
  stop_after_step,
  waiting,
}: Pick<Session, 'stop_after_step' | 'waiting'>): void {
  if (stop_after_step || (waiting !== null && endsByResume(waiting))) return;
  throw new TemperaError(
    'NOT_WAITING',
    'The session is not stopped and waits for no limit, no provider and no word on what it ' +
      'repeats: there is nothing to resume.',
  );
}

/** @throws TemperaError CONFLICT (409), with the session in its details */
export function assertMayDelete(
  { id, ...standing }: Standing & Pick<Session, 'id'>,
  what: 'session' | 'experiment' = 'session',
): void {
  if (!isBusy(standing)) return;
  const does = standing.follow_up === null ? 'is running' : 'answers a follow-up';
  const message = `Session ${id} ${does}. Cancel it, then delete the ${what}.`;
  throw new TemperaError('CONFLICT', message, { details: { session: id } });
}

/**
 * The state machine of a session, as one table.
 *
 * Invariants: only `cancelled` is final; `failed` remembers its stage, which may start again; a stage starts
 * only when the one before it is done. Waiting (for a person, a quota, a slot) is not a state.
 */

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

export const WAITING_REASONS = [
  'question',
  'approval',
  'limit',
  'stopped',
  'quota',
  'slot',
  'provider',
  'loop',
] as const;
export type WaitingReason = (typeof WAITING_REASONS)[number];

export interface Waiting {
  reason: WaitingReason;
  /** ISO time of the next try, where there is one (quota, provider). */
  until?: string;
  /** The question or approval that is open, the limit that was reached, or why the provider does not answer. */
  subject?: string;
  /** ISO time at which it began, over all tries (quota, provider, loop). */
  since?: string;
  /** Tries so far (quota, provider). */
  tries?: number;
  /** The provider's own words (quota, provider). */
  said?: string;
  /** What holds it and what lets it go on, for people (quota, provider, loop). */
  message?: string;
}

/** Why a provider does not answer, by what mends it. */
export const PROVIDER_CAUSES = [
  // mended by time
  'down',
  'quota',
  'answer',
  // mended by a person
  'credit',
  'key',
  'address',
  'model',
  'context',
  'repeated',
] as const;
export type ProviderCause = (typeof PROVIDER_CAUSES)[number];

const MENDED_BY_TIME: readonly string[] = ['down', 'quota', 'answer'];
const ENDED_BY_A_PERSON: readonly WaitingReason[] = ['question', 'approval', 'limit', 'loop'];

/** True for a wait that ends only when a person does something. */
export function needsPerson({ reason, subject = 'down' }: Waiting): boolean {
  if (reason === 'provider') return !MENDED_BY_TIME.includes(subject);
  return ENDED_BY_A_PERSON.includes(reason);
}

/** True for a wait that the command `resume` ends, or tries to end at once. */
export function endsByResume({ reason }: Waiting): boolean {
  return ['limit', 'stopped', 'quota', 'provider', 'loop'].includes(reason);
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

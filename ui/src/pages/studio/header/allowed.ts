/**
 * What a session's state allows, and the sentence for what it does not. The server decides; this only shows it
 * early.
 */

import { endsByResume, lastDoneStage, runningStage } from '../../../../../core/session-state.ts';
import {
  type SessionState,
  STAGE_NAMES,
  STAGES,
  type Stage,
  type WaitingReason,
} from '../../../lib/api/types.ts';
import { isForPerson, isPassing, longWait } from '../../../lib/live/waits.ts';

export interface SessionSituation {
  state: SessionState;
  failedStage: Stage | null;
  waiting: WaitingReason | null;
  /** what the wait is about; of a provider: why it does not answer */
  waitSubject: string | null;
  stopAfterStep: boolean;
  /** it stands where it was forked: nobody stopped it */
  forked: boolean;
  /** a talk after the last stage is open */
  followUp: boolean;
  /** its state is not known yet, or it goes on by itself in a moment: there is nothing to start by hand */
  starting: boolean;
  /** why one's role may not steer it; without one, or empty, it may */
  forbidden?: string;
}

/** A session that goes on by itself has this long until its next stage can be started by hand. */
export const STARTS_ITSELF_MS = 20_000;

/** A session of mode `auto` between two stages, which nothing holds, starts the next one without a person. */
export const startsItself = (
  mode: string | null,
  { state, waiting }: Pick<SessionSituation, 'state' | 'waiting'>,
): boolean => mode === 'auto' && waiting === null && ['created', 'eda_done', 'prep_done'].includes(state);

export interface Allowance {
  allowed: boolean;
  /** why not; '' where it is */
  reason: string;
}

const YES: Allowance = { allowed: true, reason: '' };
const no = (reason: string): Allowance => ({ allowed: false, reason });

/** How many stages are done. */
export function stagesDone({ state, failedStage }: Pick<SessionSituation, 'state' | 'failedStage'>): number {
  const last = lastDoneStage(state, failedStage);
  return last === null ? 0 : STAGES.indexOf(last) + 1;
}

export function mayStart(stage: Stage, situation: SessionSituation): Allowance {
  const { state, followUp, forbidden } = situation;
  if (forbidden) return no(forbidden);
  if (state === 'cancelled') return no('The session is cancelled; nothing starts in it again.');
  const running = runningStage(state);
  if (running)
    return no(`${STAGE_NAMES[running]} is ${situation.waiting === null ? 'running' : 'not done'}.`);
  if (followUp) return no('The agent is answering; wait for it.');
  if (situation.starting) return no('It starts by itself.');
  const missing = STAGES[STAGES.indexOf(stage) - 1];
  if (missing && STAGES.indexOf(missing) >= stagesDone(situation))
    return no(`Needs ${STAGE_NAMES[missing]} first.`);
  return YES;
}

/** What stands under a stage that has not begun: its turn, or that it is next. */
export function idleWords(stage: Stage, situation: SessionSituation): string {
  const before = STAGES[STAGES.indexOf(stage) - 1];
  if (situation.state !== 'cancelled' && before && STAGES.indexOf(before) >= stagesDone(situation))
    return `after ${STAGE_NAMES[before]}`;
  return situation.starting && mayBeNext(stage, situation) ? 'starting' : 'not started';
}

const mayBeNext = (stage: Stage, situation: SessionSituation): boolean =>
  STAGES.indexOf(stage) === stagesDone(situation) && runningStage(situation.state) === null;

/** Start, Run again or Try again. */
export function startWord(stage: Stage, situation: SessionSituation): string {
  if (situation.state === 'failed' && situation.failedStage === stage) return 'Try again';
  return STAGES.indexOf(stage) < stagesDone(situation) ? 'Run again' : `Start ${STAGE_NAMES[stage]}`;
}

/** The stage that comes next: its start is the one primary button. */
export function nextStage(situation: SessionSituation): Stage | null {
  return (
    STAGES.find((stage, place) => place >= stagesDone(situation) && mayStart(stage, situation).allowed) ??
    null
  );
}

export function mayCancel({ state, forbidden }: SessionSituation): Allowance {
  if (forbidden) return no(forbidden);
  if (state === 'cancelled') return no('The session is cancelled already.');
  return state === 'train_done' ? no('All stages are done; there is nothing to cancel.') : YES;
}

/** It was told to stop and has not yet: the wish stays written while it stands still, and after a cancellation. */
export function isStopping(situation: SessionSituation): boolean {
  const { state, stopAfterStep, followUp } = situation;
  const working = runningStage(state) !== null || (followUp && state !== 'cancelled');
  return stopAfterStep && working && goesOnByItself(situation);
}

/** Its wait for the provider ends at a stop as well, whoever could mend it. */
function goesOnByItself({ waiting, waitSubject }: SessionSituation): boolean {
  return waiting === null || waiting === 'provider' || isPassing({ reason: waiting, subject: waitSubject });
}

export function mayStop(situation: SessionSituation): Allowance {
  const { state, forbidden } = situation;
  if (forbidden) return no(forbidden);
  if (!runningStage(state)) return no('Nothing is running.');
  if (isStopping(situation)) return no('It stops when the present step is done.');
  return goesOnByItself(situation) ? YES : no('It waits already.');
}

export function mayResume({ waiting, forbidden }: SessionSituation): Allowance {
  if (forbidden) return no(forbidden);
  return waiting !== null && endsByResume({ reason: waiting }) ? YES : no('It is not stopped.');
}

/** What resuming does: a provider is asked once more, at once. */
export const resumeWord = ({ waiting }: SessionSituation): string =>
  waiting === 'provider' || waiting === 'quota' ? 'Try now' : 'Resume';

export function maySend({ state, forbidden }: Pick<SessionSituation, 'state' | 'forbidden'>): Allowance {
  if (forbidden) return no(forbidden);
  return state === 'cancelled'
    ? no('The session is cancelled; its agent reads no more. Start a new session to go on.')
    : YES;
}

/** What a message does now, for the composer. */
export function messageHint({ state, followUp }: Pick<SessionSituation, 'state' | 'followUp'>): string {
  if (runningStage(state)) return 'Message the agent. It reads it at its next turn';
  if (state === 'train_done')
    return followUp ? 'Message the agent' : 'Ask about the results, or ask for more';
  return 'Message the agent. It reads it when the next stage starts';
}

/** Why it waits, of a session that may be a fork. */
export function waitingWords({ waiting, waitSubject, forked }: SessionSituation): string {
  if (waiting === null) return '';
  return forked && waiting === 'stopped'
    ? 'Stands where it was forked'
    : longWait({ reason: waiting, subject: waitSubject });
}

/** Its wait ends only by a person. */
export const needsPerson = ({ waiting, waitSubject }: SessionSituation): boolean =>
  waiting !== null && isForPerson({ reason: waiting, subject: waitSubject });

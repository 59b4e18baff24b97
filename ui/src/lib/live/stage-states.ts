/** What a session's one state says about each of its three stages, and in words. */

import { runningStage as stageRunningIn } from '../../../../core/session-state.ts';
import { type Session, STAGE_NAMES, STAGES, type Stage } from '../api/types.ts';
import { isForPerson, isPassing, shortWait } from './waits.ts';

/** waiting: for a person; stopped: as a person wished. */
export type StageMark = 'todo' | 'running' | 'waiting' | 'stopped' | 'done' | 'failed' | 'cancelled';
type Stated = Pick<Session, 'state' | 'failed_stage' | 'waiting'>;

/** A person is asked. */
export const needsPerson = ({ waiting }: Pick<Session, 'waiting'>): boolean =>
  waiting !== null && isForPerson(waiting);

/** The stage at work, or null. */
export function runningStage({ state }: Pick<Session, 'state'>): Stage | null {
  return stageRunningIn(state);
}

/** A stage runs and waits for nothing but the machine. */
export const isWorking = (session: Stated): boolean =>
  runningStage(session) !== null && !needsPerson(session) && session.waiting?.reason !== 'stopped';

/** How far each stage is. */
export function stageMarks(session: Stated): Record<Stage, StageMark> {
  const marks: Record<Stage, StageMark> = { eda: 'todo', prep: 'todo', train: 'todo' };
  const at = session.failed_stage ?? STAGES.find((stage) => session.state.startsWith(stage));
  if (at === undefined) return marks;
  for (const stage of STAGES.slice(0, STAGES.indexOf(at))) marks[stage] = 'done';
  marks[at] = markOf(session);
  return marks;
}

function markOf(session: Stated): StageMark {
  if (session.state === 'failed') return 'failed';
  if (session.state === 'cancelled') return 'cancelled';
  if (session.state.endsWith('_done')) return 'done';
  if (session.waiting?.reason === 'stopped') return 'stopped';
  return session.waiting && !isPassing(session.waiting) ? 'waiting' : 'running';
}

/** The state in a few words: `Prep running`, `EDA asks you`, `Train failed`. */
export function stateWords(session: Stated): string {
  const { state, waiting, failed_stage } = session;
  if (state === 'created') return 'Not started';
  if (state === 'cancelled') return 'Cancelled';
  if (state === 'failed') return failed_stage ? `${STAGE_NAMES[failed_stage]} failed` : 'Failed';
  if (state === 'train_done') return waiting ? `Done, ${shortWait(waiting)}` : 'Done';
  const stage = STAGES.find((each) => state.startsWith(each)) ?? 'eda';
  if (state.endsWith('_done')) return `${STAGE_NAMES[stage]} done`;
  return `${STAGE_NAMES[stage]} ${waiting ? shortWait(waiting) : 'running'}`;
}

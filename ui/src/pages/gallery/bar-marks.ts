/** What the bar of a session shows of each stage: what runs, else which result is there and whether it is valid. */

import { type Session, STAGES, type Stage } from '../../lib/api/types.ts';
import { type StageMark, stageMarks } from '../../lib/live/stage-states.ts';
import type { Results } from './facts.ts';

export type BarMark = StageMark | 'stale';

/**
 * The state's marks; where the state tells nothing of a stage (it was cancelled, or an earlier one runs again), the
 * last finished run does: a re-run that was cancelled takes no result away.
 */
export function barMarks(
  session: Pick<Session, 'state' | 'failed_stage' | 'waiting'> | null,
  results: Results,
): Record<Stage, BarMark> {
  const marks: Record<Stage, BarMark> = session
    ? stageMarks(session)
    : { eda: 'todo', prep: 'todo', train: 'todo' };
  for (const stage of STAGES) {
    const result = results[stage];
    if (result && marks[stage] === 'todo') marks[stage] = result.stale ? 'stale' : 'done';
  }
  return marks;
}

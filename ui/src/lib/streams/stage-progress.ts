/** What each stage has taken so far, from a session's events. */

import { doneState, runningStage } from '../../../../core/session-state.ts';
import { type EventOf, type LogEvent, STAGES, type Stage } from './log-event.ts';

export interface StageProgress {
  stage: Stage;
  run: number;
  state: 'idle' | 'running' | 'done' | 'failed' | 'cancelled';
  /** milliseconds since 1970; null before it started */
  startedAt: number | null;
  endedAt: number | null;
  turns: number;
  tokens: number;
  /** US dollars of all its runs */
  cost: number;
  /** made before something that it builds on was made again */
  stale: boolean;
  reason: string | null;
}

const idle = (stage: Stage): StageProgress => ({
  stage,
  run: 0,
  state: 'idle',
  startedAt: null,
  endedAt: null,
  turns: 0,
  tokens: 0,
  cost: 0,
  stale: false,
  reason: null,
});

export type Progress = Readonly<Record<Stage, StageProgress>>;

export const NO_PROGRESS: Progress = { eda: idle('eda'), prep: idle('prep'), train: idle('train') };

/** `progress` after `event`; the same object when it changes nothing. */
export function progressAfter(progress: Progress, event: LogEvent): Progress {
  const { stage } = event;
  if (event.type === 'usage' && stage !== null) {
    const { lost, tokens, cost } = event.data;
    const before = progress[stage];
    return {
      ...progress,
      [stage]: {
        ...before,
        // an answer that was lost is paid for, and none
        turns: lost === true ? before.turns : before.turns + 1,
        tokens: before.tokens + tokens,
        cost: before.cost + cost,
      },
    };
  }
  if (event.type === 'stale') return withStale(progress, event.data.stages);
  // a follow-up leaves its stage, which has long ended, as it is
  if (event.type === 'state_change' && !event.data.follow_up) return afterChange(progress, event);
  return progress;
}

function afterChange(
  progress: Progress,
  { stage, run, data, created_at }: EventOf<'state_change'>,
): Progress {
  const { state } = data;
  const at = Date.parse(created_at);
  const done = STAGES.find((each) => doneState(each) === state);
  const target = stage ?? runningStage(state) ?? done ?? runningOf(progress);
  if (target === null) return progress;
  const before = progress[target];
  if (runningStage(state) !== null) {
    const begun = { run: run ?? before.run + 1, state: 'running' as const, startedAt: at, endedAt: null };
    return { ...progress, [target]: { ...before, ...begun, stale: false, reason: null } };
  }
  const end = done !== undefined ? 'done' : state === 'failed' || state === 'cancelled' ? state : null;
  if (end === null || (end === 'cancelled' && before.state !== 'running')) return progress;
  return { ...progress, [target]: { ...before, state: end, endedAt: at, reason: data.reason ?? null } };
}

function withStale(progress: Progress, stages: readonly Stage[]): Progress {
  const marked = (each: StageProgress): StageProgress =>
    stages.includes(each.stage) && each.state !== 'idle' ? { ...each, stale: true } : each;
  return { eda: marked(progress.eda), prep: marked(progress.prep), train: marked(progress.train) };
}

const runningOf = (progress: Progress): Stage | null =>
  Object.values(progress).find((each) => each.state === 'running')?.stage ?? null;

/** A wait of a stage; `to` is null while it goes on. Times are milliseconds since 1970. */
interface Wait {
  stage: Stage | null;
  run: number | null;
  from: number;
  to: number | null;
}

/**
 * How long a stage's present run has worked and, apart from it, waited (for a person, a quota, a slot), up to `now`
 * or to its end, in milliseconds; null before it started.
 */
export function stageTimes(
  { stage, run, startedAt, endedAt }: StageProgress,
  waits: readonly Wait[],
  now: number,
): { working: number; waiting: number } | null {
  if (startedAt === null) return null;
  const end = endedAt ?? now;
  const waiting = waits
    .filter((wait) => wait.stage === stage && wait.run === run)
    .reduce(
      (sum, { from, to }) => sum + Math.max(0, Math.min(to ?? end, end) - Math.max(from, startedAt)),
      0,
    );
  return { working: Math.max(0, end - startedAt - waiting), waiting };
}

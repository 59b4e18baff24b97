/** What each stage has taken so far, from a session's events. */

import type { LogEvent, Stage } from './log-event.ts';

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
  const { type, stage, data } = event;
  if (type === 'usage' && stage !== null) {
    const before = progress[stage];
    const { turns, tokens, cost } = before;
    return {
      ...progress,
      [stage]: {
        ...before,
        // an answer that was lost is paid for, and none
        turns: data.lost === true ? turns : turns + 1,
        tokens: tokens + number(data.tokens),
        cost: cost + number(data.cost),
      },
    };
  }
  if (type === 'stale' && Array.isArray(data.stages)) return withStale(progress, data.stages);
  if (type === 'state_change') return afterChange(progress, event);
  return progress;
}

function afterChange(progress: Progress, { stage, run, data, created_at }: LogEvent): Progress {
  const state = String(data.state);
  const at = Date.parse(created_at);
  const [named, change] = state.split('_');
  const target = stage ?? stageNamed(named) ?? runningOf(progress);
  if (target === null) return progress;
  const before = progress[target];
  const reason = typeof data.reason === 'string' ? data.reason : null;
  if (change === 'running') {
    const begun = { run: run ?? before.run + 1, state: 'running' as const, startedAt: at, endedAt: null };
    return { ...progress, [target]: { ...before, ...begun, stale: false, reason: null } };
  }
  const end =
    change === 'done' ? 'done' : state === 'failed' ? 'failed' : state === 'cancelled' ? 'cancelled' : null;
  if (end === null || (end === 'cancelled' && before.state !== 'running')) return progress;
  // a follow-up tells the state of the session again when it opens and ends: the stage has long ended
  if (end === 'done' && before.state === 'done' && (run ?? before.run) === before.run) return progress;
  return { ...progress, [target]: { ...before, state: end, endedAt: at, reason } };
}

function withStale(progress: Progress, stages: unknown[]): Progress {
  const marked = (each: StageProgress): StageProgress =>
    stages.includes(each.stage) && each.state !== 'idle' ? { ...each, stale: true } : each;
  return { eda: marked(progress.eda), prep: marked(progress.prep), train: marked(progress.train) };
}

const stageNamed = (name: string | undefined): Stage | null =>
  name === 'eda' || name === 'prep' || name === 'train' ? name : null;

const runningOf = (progress: Progress): Stage | null =>
  Object.values(progress).find((each) => each.state === 'running')?.stage ?? null;

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

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

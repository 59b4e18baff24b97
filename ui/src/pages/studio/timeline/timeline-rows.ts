/** Steps as bars: each run of a stage has its own axis from its first step to its last. */

import type { Stage, Step } from '../../../lib/api/types.ts';
import type { WaitSpan } from '../../../lib/streams/session-log.ts';

export interface TimelineRow {
  step: Step;
  title: string;
  /** shares of the run's time */
  from: number;
  width: number;
  milliseconds: number;
}

export interface TimelineRun {
  stage: Stage;
  run: number;
  milliseconds: number;
  cost: number;
  rows: TimelineRow[];
  waits: { from: number; width: number; reason: string; milliseconds: number }[];
}

/** @param now end of what still runs, milliseconds since 1970 */
export function timelineRuns(steps: readonly Step[], waits: readonly WaitSpan[], now: number): TimelineRun[] {
  return [...grouped(steps).values()].flatMap((group) => runOf(group, waits, now) ?? []);
}

function runOf(steps: readonly Step[], waits: readonly WaitSpan[], now: number): TimelineRun | null {
  const [first] = steps;
  if (!first) return null;
  const begin = Math.min(...steps.map(startOf));
  const end = Math.max(begin + 1, ...steps.map((step) => endOf(step, now)));
  const share = (milliseconds: number): number => Math.min(1, Math.max(0, milliseconds / (end - begin)));
  const { stage, run } = first;
  return {
    stage,
    run,
    milliseconds: end - begin,
    cost: steps.reduce((sum, { cost }) => sum + cost, 0),
    rows: steps.map((step) => {
      const milliseconds = endOf(step, now) - startOf(step);
      const from = share(startOf(step) - begin);
      return { step, title: titleOf(step), from, width: share(milliseconds), milliseconds };
    }),
    waits: waits
      .filter((wait) => wait.stage === stage && wait.run === run)
      .map((wait) => {
        const milliseconds = (wait.to ?? now) - wait.from;
        return {
          reason: wait.reason,
          from: share(wait.from - begin),
          width: share(milliseconds),
          milliseconds,
        };
      }),
  };
}

function titleOf({ kind, title, turn }: Step): string {
  return kind === 'model' ? `Turn ${turn}: the model thinks` : title;
}

const startOf = ({ started_at }: Step): number => Date.parse(started_at);
const endOf = ({ ended_at, started_at, state }: Step, now: number): number =>
  ended_at ? Date.parse(ended_at) : state === 'running' ? now : Date.parse(started_at);

function grouped(steps: readonly Step[]): Map<string, Step[]> {
  const groups = new Map<string, Step[]>();
  for (const step of steps) {
    const key = `${step.stage}/${step.run}`;
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  return groups;
}

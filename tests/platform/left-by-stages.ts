/** What the stages of a session have left: their runs, files and steps by their ids, and what they cost. */

import type { Decision } from '../../core/decisions.ts';
import type { Artifact, SessionUsage, StageRun } from '../../core/records.ts';
import { STAGES, type Stage } from '../../core/stages.ts';
import type { Rest } from './rest.ts';

export interface Left {
  runs: StageRun[];
  artifacts: Artifact[];
  steps: { stage: Stage; id: string }[];
  usage: SessionUsage;
}

const items = async <T>(rest: Rest, path: string): Promise<T[]> =>
  (await rest.get<{ items: T[] }>(path)).items;

export async function readLeft(rest: Rest, session: string): Promise<Left> {
  const path = `/api/sessions/${session}`;
  return {
    runs: await items<StageRun>(rest, `${path}/stages`),
    artifacts: await items<Artifact>(rest, `${path}/artifacts`),
    steps: (await rest.steps(session)).map(({ stage, id }) => ({ stage, id })),
    usage: await rest.usage(session),
  };
}

/** Of all that is left what stages before this one have; null: all of it. */
export function leftBefore(stage: Stage | null, { runs, artifacts, steps, usage }: Left) {
  const earlier: string[] = stagesBefore(stage);
  const isEarlier = (row: { stage: string }) => earlier.includes(row.stage);
  return {
    runs: runs.filter(isEarlier),
    artifacts: artifacts.filter(isEarlier).map(({ id, run, sha256 }) => [id, run, sha256]),
    steps: steps.filter(isEarlier),
    calls: usage.by_stage.filter(isEarlier),
  };
}

const stagesBefore = (stage: Stage | null): Stage[] =>
  STAGES.slice(0, stage === null ? STAGES.length : STAGES.indexOf(stage));

/** Stages from this one on; none where there is none. */
export const stagesFrom = (stage: Stage | null): Stage[] =>
  stage === null ? [] : STAGES.slice(STAGES.indexOf(stage));

/** Runs that are there by now, in words. */
export const runsSince = (was: Left, now: Left): string[] =>
  now.runs
    .filter((run) => !was.runs.some((each) => each.stage === run.stage && each.run === run.run))
    .map(({ stage, state }) => `${stage} ${state}`);

/** Path and content of what the last run of each stage has left. */
export function lastContents({ runs, artifacts }: Left): string[] {
  const last = (stage: string) =>
    Math.max(...runs.filter((each) => each.stage === stage).map(({ run }) => run));
  return artifacts
    .filter(({ stage, run }) => run === last(stage))
    .map(({ path, sha256 }) => `${path} ${sha256}`)
    .sort();
}

export type Changes = { key: string; value: unknown }[];

/** What is decided, by key. */
export const readDecisions = async (rest: Rest, session: string): Promise<Changes> =>
  (await items<Decision>(rest, `/api/sessions/${session}/decisions`)).map(({ key, value }) => ({
    key,
    value,
  }));

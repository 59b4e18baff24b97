/** The numbered runs of a session's stages. Callers hold the session (lockSession) while they make one. */

import { type ContextFit, NO_FIT } from '../core/context-fit.ts';
import { TemperaError } from '../core/errors.ts';
import type { StageRun } from '../core/records.ts';
import { STAGES, type Stage } from '../core/stages.ts';
import type { Queryable, Transaction } from './database.ts';
import { assignments, type ColumnKind, only, toJson } from './sql.ts';

/** Names a run of a session's stage. */
export type RunPlace = Pick<StageRun, 'session_id' | 'stage' | 'run'>;

export type NewStageRun = RunPlace & Partial<Pick<StageRun, 'state' | 'prompt_version' | 'base'>>;

export type StageRunPatch = Partial<
  Pick<StageRun, 'state' | 'reason' | 'stale' | 'prompt_version' | 'base' | 'checkpoint' | 'ended_at'>
>;

const COLUMNS: Record<keyof StageRunPatch, ColumnKind> = {
  state: 'plain',
  reason: 'plain',
  stale: 'plain',
  prompt_version: 'plain',
  base: 'plain',
  checkpoint: 'plain',
  ended_at: 'plain',
};

const SELECT =
  'session_id, stage, run, state, reason, stale, prompt_version, base, checkpoint, started_at, ended_at';

/** Writes a run, `running` unless said otherwise. */
export async function insertStageRun(tx: Transaction, run: NewStageRun): Promise<StageRun> {
  const rows = await tx.query<StageRun>(
    `insert into stage_runs (session_id, stage, run, state, prompt_version, base)
     values ($1, $2, $3, $4, $5, $6) returning ${SELECT}`,
    [run.session_id, run.stage, run.run, run.state ?? 'running', run.prompt_version ?? '', run.base ?? null],
  );
  return only(rows);
}

/** The number of the stage's next run: 1, 2, 3 … */
export async function nextRun(tx: Transaction, session: string, stage: Stage): Promise<number> {
  const rows = await tx.query<{ next: number }>(
    'select coalesce(max(run), 0) + 1 as next from stage_runs where session_id = $1 and stage = $2',
    [session, stage],
  );
  return only(rows).next;
}

/** The stage's run with the highest number, or null when it never ran. */
export async function latestStageRun(q: Queryable, session: string, stage: Stage): Promise<StageRun | null> {
  const rows = await q.query<StageRun>(
    `select ${SELECT} from stage_runs where session_id = $1 and stage = $2 order by run desc limit 1`,
    [session, stage],
  );
  return rows[0] ?? null;
}

/** How the run's conversation is made to fit its model's context. */
export async function contextFit(q: Queryable, { session_id, stage, run }: RunPlace): Promise<ContextFit> {
  const rows = await q.query<{ context_fit: ContextFit | null }>(
    'select context_fit from stage_runs where session_id = $1 and stage = $2 and run = $3',
    [session_id, stage, run],
  );
  return rows[0]?.context_fit ?? NO_FIT;
}

/** From now on the run's conversation goes out under `fit`. */
export async function setContextFit(
  tx: Transaction,
  { session_id, stage, run }: RunPlace,
  fit: ContextFit,
): Promise<void> {
  await tx.query('update stage_runs set context_fit = $4 where session_id = $1 and stage = $2 and run = $3', [
    session_id,
    stage,
    run,
    toJson(fit),
  ]);
}

/** All runs, in the order of stages and numbers. The caller has checked who may see the session. */
export function listStageRuns(q: Queryable, session: string): Promise<StageRun[]> {
  return q.query<StageRun>(
    `select ${SELECT} from stage_runs where session_id = $1 order by array_position($2::text[], stage), run`,
    [session, STAGES],
  );
}

/**
 * Changes what `patch` names; a run that leaves `running` gets its end time unless the patch names one.
 * @throws TemperaError NOT_FOUND when there is no such run.
 */
export async function updateStageRun(
  tx: Transaction,
  { session_id, stage, run }: RunPlace,
  patch: StageRunPatch,
): Promise<StageRun> {
  const { list, parameters } = assignments(patch, COLUMNS, 4);
  const ends = patch.state !== undefined && patch.state !== 'running' && patch.ended_at === undefined;
  const changes = [...list, ends ? 'ended_at = clock_timestamp()' : 'run = run'].join(', ');
  const rows = await tx.query<StageRun>(
    `update stage_runs set ${changes} where session_id = $1 and stage = $2 and run = $3 returning ${SELECT}`,
    [session_id, stage, run, ...parameters],
  );
  const [row] = rows;
  if (row === undefined)
    throw new TemperaError('NOT_FOUND', `There is no run ${run} of stage ${stage} in ${session_id}.`);
  return row;
}

/** Marks the stages' runs and artifacts stale; returns, in order, the stages that had rows which were not. */
export async function markStale(
  tx: Transaction,
  session: string,
  stages: readonly Stage[],
): Promise<Stage[]> {
  const rows = await tx.query<{ stage: Stage }>(
    `with runs as (
       update stage_runs set stale = true
       where session_id = $1 and stage = any($2) and not stale returning stage
     ), files as (
       update artifacts set stale = true
       where session_id = $1 and stage = any($2) and not stale returning stage
     )
     select stage from runs union select stage from files`,
    [session, stages],
  );
  const marked = new Set(rows.map((row) => row.stage));
  return STAGES.filter((stage) => marked.has(stage));
}

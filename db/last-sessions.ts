/** What many sessions came to, in one statement: the last one of each experiment, or those that are named. */

import type { Principal } from '../core/principal.ts';
import { runningState, type SessionState } from '../core/session-state.ts';
import type { Stage } from '../core/stages.ts';
import type { Queryable } from './database.ts';
import { listMetricColumns } from './metric-reading.ts';
import { ownerFilter } from './sql.ts';

export interface LastSession {
  id: string;
  experiment_id: string;
  state: SessionState;
  /** Sessions of its experiment. */
  sessions: number;
  /** US dollars and tokens of its model calls. */
  cost: number;
  tokens: number;
  /** Turns of the newest run of each stage. */
  turns: Partial<Record<Stage, number>>;
  /**
   * The last finished run of each stage, which counts until a newer one is finished; stale: an earlier stage ran
   * again.
   */
  results: Partial<Record<Stage, { run: number; stale: boolean }>>;
  /** Content of train/data/metadata.json of the last finished training; null where there is none. */
  metadata_sha256: string | null;
  metadata_size: number | null;
  /** The series with the most points of that training, before it of the one that runs; null before the first. */
  series: { run: number; run_tag: string; name: string } | null;
}

/** The newest of each experiment of $1. */
const LAST = `
    select distinct on (experiment_id) id, experiment_id, state, count(*) over (partition by experiment_id) as sessions
    from sessions where experiment_id = any($1::uuid[]) and ($2::text is null or owner = $2)
    order by experiment_id, id desc`;
/** Those of $1. */
const NAMED = `
    select id, experiment_id, state, 1 as sessions
    from sessions where id = any($1::uuid[]) and ($2::text is null or owner = $2)`;

const outcomesOf = (chosen: string): string => `
  with last as (${chosen}
  ), used as (
    select c.session_id, stage, run, count(distinct turn) as turns, coalesce(sum(cost), 0) as cost,
      coalesce(sum((usage ->> 'input')::bigint + (usage ->> 'output')::bigint
        + coalesce((usage ->> 'cacheRead')::bigint, 0) + coalesce((usage ->> 'cacheWrite')::bigint, 0)), 0) as tokens
    from model_calls c join last on last.id = c.session_id group by c.session_id, stage, run
  ), costs as (
    select session_id, sum(cost)::float8 as cost, sum(tokens)::float8 as tokens from used group by session_id
  ), newest as (
    select distinct on (session_id, stage) session_id, stage, turns from used order by session_id, stage, run desc
  ), turned as (
    select session_id, jsonb_object_agg(stage, turns) as turns from newest group by session_id
  ), finished as (
    select distinct on (r.session_id, r.stage) r.session_id, r.stage, r.run, r.stale
    from stage_runs r join last on last.id = r.session_id where r.state = 'done'
    order by r.session_id, r.stage, r.run desc
  ), done as (
    select session_id, jsonb_object_agg(stage, jsonb_build_object('run', run, 'stale', stale)) as results
    from finished group by session_id
  )
  select last.id, last.experiment_id, last.state, last.sessions::integer, coalesce(costs.cost, 0) as cost,
    coalesce(costs.tokens, 0) as tokens, coalesce(turned.turns, '{}') as turns,
    coalesce(done.results, '{}') as results, told.sha256 as metadata_sha256, told.size as metadata_size, longest.series
  from last left join costs on costs.session_id = last.id left join turned on turned.session_id = last.id
    left join done on done.session_id = last.id
    left join finished trained on trained.session_id = last.id and trained.stage = 'train'
    left join artifacts told on told.session_id = last.id and told.stage = 'train' and told.run = trained.run
      and told.path = 'train/data/metadata.json'
    left join lateral (
      select jsonb_build_object('run', run, 'run_tag', run_tag, 'name', name) as series from metric_summaries m
      where m.session_id = last.id and m.stage = 'train'
        and (m.run = trained.run or trained.run is null and last.state = '${runningState('train')}')
      order by run desc, count desc, name desc, run_tag desc limit 1) longest on true`;

/** The newest session of each of the experiments that has one, only the principal's. */
export async function lastSessions(
  q: Queryable,
  principal: Principal,
  experiments: readonly string[],
): Promise<LastSession[]> {
  return q.query<LastSession>(outcomesOf(LAST), [experiments, ownerFilter(principal)]);
}

/** What a finished training of an experiment left. */
export interface FinishedTraining {
  session_id: string;
  experiment_id: string;
  /** An earlier stage has been run again since. */
  stale: boolean;
  /** Content of its train/data/metadata.json. */
  metadata_sha256: string;
  metadata_size: number;
}

/** The last finished training of each session of the experiments, newest session first; at most `most` of each. */
export async function finishedTrainings(
  q: Queryable,
  principal: Principal,
  { experiments, most }: { experiments: readonly string[]; most: number },
): Promise<FinishedTraining[]> {
  return q.query<FinishedTraining>(
    `with trained as (
       select distinct on (s.id) s.id, s.experiment_id, r.run, r.stale
       from sessions s join stage_runs r on r.session_id = s.id and r.stage = 'train' and r.state = 'done'
       where s.experiment_id = any($1::uuid[]) and ($2::text is null or s.owner = $2)
       order by s.id desc, r.run desc
     ), placed as (
       select t.id as session_id, t.experiment_id, t.stale, a.sha256 as metadata_sha256, a.size as metadata_size,
         row_number() over (partition by t.experiment_id order by t.id desc) as place
       from trained t join artifacts a on a.session_id = t.id and a.stage = 'train' and a.run = t.run
         and a.path = 'train/data/metadata.json'
     )
     select session_id, experiment_id, stale, metadata_sha256, metadata_size from placed
     where place <= $3 order by session_id desc`,
    [experiments, ownerFilter(principal), most],
  );
}

/** What sessions came to. */
export type SessionOutcome = Omit<LastSession, 'sessions'>;

/** Those of the sessions that are the principal's, in no order. */
export async function sessionOutcomes(
  q: Queryable,
  principal: Principal,
  sessions: readonly string[],
): Promise<SessionOutcome[]> {
  return q.query<SessionOutcome>(outcomesOf(NAMED), [sessions, ownerFilter(principal)]);
}

/** At most about `points` values of the session's series, in the order of steps; none without a series. */
export async function lastValues(
  q: Queryable,
  principal: Principal,
  { id, series, points }: Pick<LastSession, 'id' | 'series'> & { points: number },
): Promise<number[]> {
  if (series === null) return [];
  const filter = { session: id, ...series, stage: 'train' as const, max_points: points };
  const [columns] = (await listMetricColumns(q, principal, filter)) ?? [];
  return (columns?.values ?? []).filter((value) => value !== null);
}

/** What many sessions came to, in one statement: the last one of each experiment, or those that are named. */

import type { Principal } from '../core/principal.ts';
import type { SessionState } from '../core/session-state.ts';
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
  /** Content of train/data/metadata.json of the newest run; null where there is none. */
  metadata_sha256: string | null;
  metadata_size: number | null;
  /** The series of the newest training with the most points; null before the first. */
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
  )
  select last.id, last.experiment_id, last.state, last.sessions::integer, coalesce(costs.cost, 0) as cost,
    coalesce(costs.tokens, 0) as tokens, coalesce(turned.turns, '{}') as turns,
    told.sha256 as metadata_sha256, told.size as metadata_size, longest.series
  from last left join costs on costs.session_id = last.id left join turned on turned.session_id = last.id
    left join lateral (
      select sha256, size from artifacts a where a.session_id = last.id and last.state = 'train_done'
        and a.stage = 'train' and a.path = 'train/data/metadata.json' order by a.run desc limit 1) told on true
    left join lateral (
      select jsonb_build_object('run', run, 'run_tag', run_tag, 'name', name) as series from metric_summaries m
      where m.session_id = last.id and m.stage = 'train' and last.state like 'train\\_%'
      order by run desc, count desc, name desc, run_tag desc limit 1) longest on true`;

/** The newest session of each of the experiments that has one, only the principal's. */
export async function lastSessions(
  q: Queryable,
  principal: Principal,
  experiments: readonly string[],
): Promise<LastSession[]> {
  return q.query<LastSession>(outcomesOf(LAST), [experiments, ownerFilter(principal)]);
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
  { id, series }: Pick<LastSession, 'id' | 'series'>,
  points: number,
): Promise<number[]> {
  if (series === null) return [];
  const filter = { ...series, stage: 'train' as const, max_points: points };
  const [columns] = (await listMetricColumns(q, principal, id, filter)) ?? [];
  return (columns?.values ?? []).filter((value) => value !== null);
}

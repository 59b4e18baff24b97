/** Many sessions side by side: each with its metrics and scores, and the decisions in which any two of them differ. */

import type { Decider } from '../core/decisions.ts';
import type { Principal } from '../core/principal.ts';
import type { Experiment, Session } from '../core/records.ts';
import type { Stage } from '../core/stages.ts';
import type { Queryable } from './database.ts';
import { ownerFilter } from './sql.ts';

/** A session as it is compared: its settings, how far it is, what it was scored by, each of its metrics in short. */
export interface ComparedSession
  extends Pick<Session, 'id' | 'experiment_id' | 'state' | 'mode' | 'model' | 'limits' | 'created_at'>,
    Pick<Experiment, 'seed' | 'data_sharing'> {
  /** Its experiment's. */
  name: string;
  /**
   * The session that it was forked from, and the stage of the step; null where that is gone. `whole`: after the stage's
   * end, without a stage before the first.
   */
  forked: { session: string; stage: Stage | null; whole: boolean } | null;
  /** Stages of which a run is done that is not out of date. */
  done: Stage[];
  has_ledger: boolean;
  /** What the platform measured when the training was done, and when the splits were; null before. */
  train_facts: Record<string, unknown> | null;
  prep_facts: Record<string, unknown> | null;
  metrics: {
    stage: string;
    run: number;
    run_tag: string;
    name: string;
    last: number | null;
    min: number | null;
    max: number | null;
    count: number;
    /** Over the folds, of a metric of cross-validation that was logged for each; else null. */
    mean: number | null;
  }[];
}

/** More points than this are no folds. */
const MOST_FOLDS = 1_000;
/** Of what a stage's validation found, what scores are compared by. */
const FACTS = ['test_metrics', 'primary_metric', 'test_rows', 'test_fingerprint', 'cross_validation'];

const factsOf = (stage: Stage): string => `left join lateral (
      select (select jsonb_object_agg(fact, s.output -> 'facts' -> fact) from unnest($5::text[]) fact
        where s.output -> 'facts' ? fact) as facts
      from finished f join steps s on s.session_id = f.session_id and s.stage = f.stage and s.run = f.run
      where f.session_id = c.id and f.stage = '${stage}' and s.kind = 'validation' and s.state = 'done'
      order by s.turn desc limit 1) as ${stage}_end on true`;

// A stage is compared by its last finished run, and by its newest one before any is finished.
// Folds are read in the key's order and bounded, so that the planner takes the key: where one session has nearly all
// points it expects each series to be the whole table, and reads that once a series.
const COMPARED = `
  with chosen as (
    select s.*, e.name as experiment, e.seed, e.data_sharing
    from sessions s join experiments e on e.id = s.experiment_id
    where ($1::text is null or s.owner = $1)
      and (s.id = any($2::uuid[]) or s.experiment_id = $3::uuid)
    order by s.id desc limit $4
  ), finished as (
    select r.session_id, r.stage, max(r.run) as run, bool_or(not r.stale) as fresh
    from stage_runs r join chosen c on c.id = r.session_id where r.state = 'done' group by r.session_id, r.stage
  ), ended as (
    select session_id, jsonb_agg(stage) as stages from finished where fresh group by session_id
  ), measured as (
    select m.*, coalesce(f.run, max(m.run) over (partition by m.session_id, m.stage)) as result
    from metric_summaries m join chosen c on c.id = m.session_id
      left join finished f on f.session_id = m.session_id and f.stage = m.stage
  ), kept as (
    select measured.*, case when name like 'cv\\_%' and name not like '%\\_mean' and count between 2 and ${MOST_FOLDS}
      then (select avg(fold.value) from (select p.value from metrics p
        where p.session_id = measured.session_id and p.stage = measured.stage and p.run = measured.run
          and p.run_tag = measured.run_tag and p.name = measured.name order by p.step limit ${MOST_FOLDS}) fold)
      end as mean
    from measured where run = result
  ), summed as (
    select session_id, jsonb_agg(jsonb_build_object('stage', stage, 'run', run, 'run_tag', run_tag, 'name', name,
      'last', last, 'min', min, 'max', max, 'count', count, 'mean', mean) order by stage, name, run_tag) as metrics
    from kept group by session_id
  )
  select c.id, c.experiment_id, c.experiment as name, c.state, c.mode, c.model, c.limits, c.created_at, c.seed,
    c.data_sharing, coalesce(summed.metrics, '[]') as metrics, coalesce(ended.stages, '[]') as done,
    exists (select from decisions d where d.session_id = c.id) as has_ledger,
    case when c.forked_from is not null then jsonb_build_object('session', c.forked_from -> 'session',
      'stage', origin.stage,
      'whole', c.forked_from ->> 'step' is null or coalesce(origin.kind = 'validation', false)) end as forked,
    train_end.facts as train_facts, prep_end.facts as prep_facts
  from chosen c left join summed on summed.session_id = c.id left join ended on ended.session_id = c.id
    left join steps origin on origin.id = (c.forked_from ->> 'step')::uuid
    ${factsOf('train')}
    ${factsOf('prep')}
  order by c.id desc`;

/** The named sessions, or those of an experiment, newest first: at most `most`, only the principal's. */
export async function compareSessions(
  q: Queryable,
  principal: Principal,
  { ids, experiment, most }: { ids: readonly string[]; experiment: string | null; most: number },
): Promise<ComparedSession[]> {
  return q.query<ComparedSession>(COMPARED, [ownerFilter(principal), ids, experiment, most, FACTS]);
}

/** A decision in force, as far as sessions are compared by it. */
export interface ComparedDecision {
  value: unknown;
  by: Decider;
  stage: Stage | null;
}

export interface ComparedDecisions {
  /** By session and key: only keys in which sessions may differ, those of no column first. */
  decisions: Map<string, Record<string, ComparedDecision>>;
  /** How many keys there are; more than `most` of them are not read. */
  keys: number;
}

/** Characters of a value's JSON that are read. */
const LONGEST_VALUE = 500;

// What counts of a ledger is as readLedger (core/decisions.ts) has it; a test holds both to it. A column that is used
// is as one of which nothing was decided. Columns are those of an experiment: another one's table has others.
const DECIDED = `
  with chosen as (
    select id, experiment_id, count(*) over () as all_sessions,
      count(*) over (partition by experiment_id) as of_experiment
    from sessions where id = any($1::uuid[])
  ), runs as (
    select r.session_id, r.stage, r.run, r.stale,
      max(r.run) filter (where r.state = 'done') over (partition by r.session_id, r.stage) as last_done
    from stage_runs r join chosen c on c.id = r.session_id
  ), counting as (
    select distinct on (d.session_id, d.key) d.session_id, d.key, coalesce(d.value, 'null') as value, d.by, d.stage,
      case when d.key like 'column.%' then c.experiment_id end as scope,
      case when d.key like 'column.%' then c.of_experiment else c.all_sessions end as sessions
    from chosen c join decisions d on d.session_id = c.id left join steps s on s.id = d.step_id
      left join runs r on r.session_id = d.session_id and r.stage = d.stage and r.run = d.run
    where not d.queued and not d.yields and (s.id is null or s.state = 'done')
      and (r.run is null or not r.stale and r.run >= coalesce(r.last_done, 0))
    order by d.session_id, d.key, d.position desc
  ), different as (
    select scope, key, count(*) over () as keys from counting group by scope, key
    having count(distinct value) > 1
      or count(*) < max(sessions) and not bool_and(key like 'column.%.use' and value = '"in"')
    order by key like 'column.%', key limit $2
  )
  select c.session_id as session, max(f.keys)::integer as keys, jsonb_object_agg(c.key, jsonb_build_object(
    'value', case when length(c.value::text) <= ${LONGEST_VALUE} then c.value
      else to_jsonb(left(c.value::text, ${LONGEST_VALUE}) || '…') end,
    'by', c.by, 'stage', c.stage)) as decisions
  from counting c join different f on f.key = c.key and f.scope is not distinct from c.scope
  group by c.session_id`;

/** What is decided otherwise in any of the sessions, at most `most` keys. The caller has checked who may see them. */
export async function comparedDecisions(
  q: Queryable,
  sessions: readonly string[],
  most: number,
): Promise<ComparedDecisions> {
  const rows = await q.query<{
    session: string;
    keys: number;
    decisions: Record<string, ComparedDecision>;
  }>(DECIDED, [sessions, most]);
  return {
    decisions: new Map(rows.map(({ session, decisions }) => [session, decisions])),
    keys: rows[0]?.keys ?? 0,
  };
}

/** The columns' names of experiments, by experiment. The caller has checked who may see them. */
export async function tableColumns(
  q: Queryable,
  experiments: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await q.query<{ id: string; names: unknown[] }>(
    `select id, jsonb_path_query_array(dataset, '$.profile.columns[*].name') as names
     from experiments where id = any($1::uuid[])`,
    [experiments],
  );
  return new Map(
    rows.map(({ id, names }) => [id, names.filter((name): name is string => typeof name === 'string')]),
  );
}

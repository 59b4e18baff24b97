/** What changes in all of a principal's sessions, and many sessions side by side. */

import type { Principal } from '../core/principal.ts';
import type { Session } from '../core/records.ts';
import { sessionStream } from '../core/session-names.ts';
import { RUNNING_STATES } from '../core/session-rules.ts';
import type { Checkpoint } from './checkpoints-repository.ts';
import type { Queryable } from './database.ts';
import { SESSION_COLUMNS } from './sessions-repository.ts';
import { ownerFilter } from './sql.ts';

/** When a session last changed: its row, and its events. */
export interface SessionMark {
  id: string;
  updated_at: string;
  last_seq: number;
  /** True while its events may move without its row. */
  busy: boolean;
}

/** Marks of the principal's newest sessions, newest first. */
export async function sessionMarks(q: Queryable, principal: Principal, most: number): Promise<SessionMark[]> {
  return q.query<SessionMark>(
    `select s.id, s.updated_at, coalesce(st.last_seq, 0) as last_seq,
       s.state = any($3) or s.follow_up is not null as busy
     from sessions s left join streams st on st.stream_id = $4::text || s.id
     where $1::text is null or s.owner = $1 order by s.id desc limit $2`,
    [ownerFilter(principal), most, RUNNING_STATES, sessionStream('')],
  );
}

/** The sessions of these ids that are the principal's. */
export async function readSessions(
  q: Queryable,
  principal: Principal,
  ids: readonly string[],
): Promise<Session[]> {
  return q.query<Session>(
    `select ${SESSION_COLUMNS} from sessions
     where id = any($1::uuid[]) and ($2::text is null or owner = $2) order by id desc`,
    [ids, ownerFilter(principal)],
  );
}

/** A session as it is compared: what it was asked for, and a summary of each of its metrics. */
export interface ComparedSession {
  id: string;
  name: string;
  state: Session['state'];
  parameters: Record<string, unknown>;
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

// A stage is compared by its last finished run, and by its newest one before any is finished.
// Folds are read in the key's order and bounded, so that the planner takes the key: where one session has nearly all
// points it expects each series to be the whole table, and reads that once a series.
const COMPARED = `
  with chosen as (
    select s.*, e.name as experiment, e.target, e.problem_type, e.metric as wanted_metric, e.seed, e.excluded_columns,
      e.data_sharing
    from sessions s join experiments e on e.id = s.experiment_id
    where ($1::text is null or s.owner = $1)
      and (s.id = any($2::uuid[]) or s.experiment_id = $3::uuid)
    order by s.id desc limit $4
  ), finished as (
    select r.session_id, r.stage, max(r.run) as run
    from stage_runs r join chosen c on c.id = r.session_id where r.state = 'done' group by r.session_id, r.stage
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
  select c.id, c.experiment as name, c.state, coalesce(summed.metrics, '[]') as metrics,
    jsonb_build_object('experiment', c.experiment_id, 'target', c.target, 'problem type', c.problem_type,
      'metric', c.wanted_metric, 'seed', c.seed, 'excluded columns', c.excluded_columns,
      'data sharing', c.data_sharing, 'mode', c.mode, 'model', c.model, 'limits', c.limits,
      'forked from', c.forked_from -> 'session', 'created', c.created_at) as parameters
  from chosen c left join summed on summed.session_id = c.id order by c.id desc`;

/** The named sessions, or those of an experiment, newest first: at most `most`, only the principal's. */
export async function compareSessions(
  q: Queryable,
  principal: Principal,
  { ids, experiment, most }: { ids: readonly string[]; experiment: string | null; most: number },
): Promise<ComparedSession[]> {
  return q.query<ComparedSession>(COMPARED, [ownerFilter(principal), ids, experiment, most]);
}

/** A session's checkpoints in the order of writing. The caller has checked who may see the session. */
export function listCheckpoints(
  q: Queryable,
  session: string,
): Promise<Omit<Checkpoint, 'session_id' | 'manifest_sha256'>[]> {
  return q.query(
    `select id, stage, run, step_id, execution, base, files, bytes, live, created_at from checkpoints
     where session_id = $1 and released_at is null order by position`,
    [session],
  );
}

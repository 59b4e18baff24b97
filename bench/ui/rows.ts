/** What a platform that has worked for long holds, written straight into its database. */

import type { NewEvent } from '../../core/events.ts';
import { derivedId, newId } from '../../core/ids.ts';
import { DEFAULT_LIMITS } from '../../core/limits.ts';
import { LOCAL } from '../../core/principal.ts';
import { sessionStream } from '../../core/session-names.ts';
import type { SessionState } from '../../core/session-state.ts';
import type { Database } from '../../db/index.ts';
import { appendEvents, createStream, insertExperiment, insertSession } from '../../db/index.ts';
import { COARSE, rebuildTiers } from '../../db/metric-tiers.ts';

const MODEL = 'autopilot/standard';
const EVENTS_AT_ONCE = 500;
/** Points of one statement: whole coarse buckets, and far from the statement timeout. */
const POINTS_AT_ONCE = 16 * 2 ** COARSE;
const STATIC: SessionState = 'train_done';

export async function addExperiment(database: Database, name: string): Promise<string> {
  const id = newId();
  const row = {
    id,
    name,
    dataset_ref: `s3://tempera/datasets/${id}/`,
    dataset: { files: [], profile: null },
  };
  await database.transaction((tx) => insertExperiment(tx, LOCAL, { ...row, target: 'species' }));
  return id;
}

/** A session that has run all its stages, with these events. */
export async function addSession(
  database: Database,
  experiment: string,
  events: NewEvent[],
): Promise<string> {
  const id = newId();
  const stream = sessionStream(id);
  await database.transaction(async (tx) => {
    const row = {
      id,
      experiment_id: experiment,
      mode: 'auto' as const,
      model: MODEL,
      limits: DEFAULT_LIMITS,
    };
    await insertSession(tx, LOCAL, { ...row, state: STATIC });
    await createStream(tx, LOCAL, stream);
  });
  for (let at = 0; at < events.length; at += EVENTS_AT_ONCE) {
    const some = events.slice(at, at + EVENTS_AT_ONCE);
    await database.transaction((tx) => appendEvents(tx, stream, some));
  }
  return id;
}

/** One series of `points` points in a session, with its tiers and its summary. */
export async function addSeries(
  database: Database,
  session: string,
  { name, points }: { name: string; points: number },
): Promise<void> {
  const of = { session_id: session, stage: 'train' as const, run: 1 };
  const step = derivedId(session, 'train', 1, 1, 'bench');
  for (let at = 0; at < points; at += POINTS_AT_ONCE) {
    const end = Math.min(points, at + POINTS_AT_ONCE) - 1;
    await database.transaction(async (tx) => {
      await tx.query(
        `insert into metrics (session_id, stage, run, run_tag, name, step, value, step_id, execution)
         select $1, 'train', 1, '', $2, step, exp(-step / 250000.0) + 0.1 * sin(step / 900.0) + 0.02 * random(), $3, 1
         from generate_series($4::bigint, $5::bigint) as step`,
        [session, name, step, at, end],
      );
      const buckets = [];
      for (let bucket = at >> COARSE; bucket <= end >> COARSE; bucket += 1)
        buckets.push({ run_tag: '', name, bucket });
      await rebuildTiers(tx, of, buckets);
    });
  }
  await database.query(
    `insert into metric_summaries (session_id, stage, run, run_tag, name, last, last_step, min, max, count)
     select session_id, stage, run, run_tag, name, (array_agg(last order by last_step desc))[1], max(last_step),
       min(min), max(max), sum(count)
     from metric_tiers where session_id = $1 and name = $2 and exponent = ${COARSE}
     group by session_id, stage, run, run_tag, name`,
    [session, name],
  );
}

const METRICS = ['accuracy', 'f1_macro', 'log_loss', 'roc_auc', 'balanced_accuracy', 'brier'];

/** Decisions of each compared session; every third column is left out in some sessions alone. */
const DECIDED_COLUMNS = 30;

/** Sessions over the experiments in turn, each with summaries of a dozen metrics and a ledger. */
export async function addCompared(
  database: Database,
  experiments: readonly string[],
  count: number,
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId());
  await database.query(
    `insert into sessions (id, owner, experiment_id, state, mode, model, limits)
     select id, $1, experiment, $2, 'auto', $3, $4::jsonb
     from unnest($5::uuid[], $6::uuid[]) as new (id, experiment)`,
    [
      ...[LOCAL.id, STATIC, MODEL, JSON.stringify(DEFAULT_LIMITS), ids],
      ids.map((_, at) => experiments[at % experiments.length]),
    ],
  );
  await database.query(
    `insert into streams (stream_id, owner) select id, $1 from unnest($2::text[]) as new (id)`,
    [LOCAL.id, ids.map(sessionStream)],
  );
  await database.query(
    `insert into metric_summaries (session_id, stage, run, run_tag, name, last, last_step, min, max, count)
     select id, 'train', 1, 'boosting', prefix || name, random(), 10, random() / 2, 0.5 + random() / 2, 10
     from unnest($1::uuid[]) as id, unnest($2::text[]) as name, unnest(array['test_', 'cv_']) as prefix`,
    [ids, METRICS],
  );
  await database.query(
    `insert into decisions (id, session_id, key, value, by)
     select gen_random_uuid(), id, 'column.c' || n || '.use',
       to_jsonb(case when n % 3 = 0 and (n + place / 7) % 5 < 2 then 'in' else 'out' end), 'person'
     from unnest($1::uuid[]) with ordinality as made (id, place), generate_series(1, $2::integer) n
     union all select gen_random_uuid(), id, 'model.choice',
       to_jsonb((array['linear', 'forest', 'boosting'])[1 + place % 3]), 'person'
     from unnest($1::uuid[]) with ordinality as made (id, place)`,
    [ids, DECIDED_COLUMNS],
  );
  return ids;
}

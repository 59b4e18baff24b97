/**
 * Metrics and, kept with each batch, one summary a series (stage, run, run_tag, name).
 * A batch is one statement over arrays: metric-appending.ts where it goes on behind its series, else the one here; a
 * series of which an earlier point was overwritten is summed up anew.
 * Reading points is in metric-reading.ts.
 */

import { isId } from '../core/ids.ts';
import type { Principal } from '../core/principal.ts';
import type { Stage } from '../core/stages.ts';
import type { Queryable, Transaction } from './database.ts';
import { appendPoints, growingSeries } from './metric-appending.ts';
import type { MetricPoint, MetricSource } from './metric-point.ts';
import { ADD_TO_TIERS, COARSE, type CoarseBucket, rebuildTiers } from './metric-tiers.ts';
import { ownerFilter, storableText } from './sql.ts';

export interface MetricSummary {
  stage: Stage;
  run: number;
  run_tag: string;
  name: string;
  /** Value at `last_step`; null where it was not finite. */
  last: number | null;
  last_step: number;
  /** Over finite values. */
  min: number | null;
  max: number | null;
  /** Points, those without a finite value included. */
  count: number;
}

// `distinct on` keeps a batch's last point of a step. xmax is 0 for a row that was inserted, not overwritten.
const INSERT = `
  with incoming as (
    select distinct on (run_tag, name, step) *
    from unnest($6::text[], $7::text[], $8::bigint[], $9::float8[], $10::text[])
      with ordinality as point (run_tag, name, step, value, flag, place)
    order by run_tag, name, step, place desc
  ), written as (
    insert into metrics as m (session_id, stage, run, step_id, execution, run_tag, name, step, value, flag)
    select $1, $2, $3, $4, $5, run_tag, name, step, value, flag from incoming
    on conflict (session_id, stage, run, run_tag, name, step) do update
      set value = excluded.value, flag = excluded.flag, step_id = excluded.step_id, execution = excluded.execution
    returning run_tag, name, step, value, xmax = 0 as is_new
  ), series as (
    select run_tag, name, max(step) as last_step, (array_agg(value order by step desc))[1] as last,
      min(value) as min, max(value) as max, count(*) filter (where is_new) as count, bool_or(not is_new) as overwritten
    from written group by run_tag, name
  ), summed as (
    insert into metric_summaries as s (session_id, stage, run, run_tag, name, last, last_step, min, max, count)
    select $1, $2, $3, run_tag, name, last, last_step, min, max, count from series
    on conflict (session_id, stage, run, run_tag, name) do update set
      last = case when excluded.last_step >= s.last_step then excluded.last else s.last end,
      last_step = greatest(s.last_step, excluded.last_step),
      min = least(s.min, excluded.min), max = greatest(s.max, excluded.max), count = s.count + excluded.count
  ), tiered as (${ADD_TO_TIERS}
  )
  select run_tag, name from series where overwritten`;

/** Writes a batch. Made for 50,000 points a second: send thousands at once. */
export async function insertMetrics(
  tx: Transaction,
  source: MetricSource,
  items: readonly MetricPoint[],
): Promise<void> {
  if (items.length === 0) return;
  const growing = growingSeries(items);
  if (growing !== null && (await appendPoints(tx, source, growing))) return;
  const overwritten = await tx.query<Series>(INSERT, [
    ...[source.session_id, source.stage, source.run, source.step_id, source.execution],
    items.map((item) => storableText(item.run_tag)),
    items.map((item) => storableText(item.name)),
    items.map((item) => item.step),
    items.map((item) => item.value),
    items.map((item) => item.flag),
  ]);
  if (overwritten.length === 0) return;
  const keys = new Set(overwritten.map(keyOf));
  const touched = items.map((item) => ({
    run_tag: storableText(item.run_tag),
    name: storableText(item.name),
    bucket: Math.floor(item.step / 2 ** COARSE),
  }));
  await rebuildTiers(
    tx,
    source,
    touched.filter((bucket) => keys.has(keyOf(bucket))),
  );
  await sumUp(tx, source, overwritten);
}

/** Deletes what an execution has logged, because its code runs again, and sums the touched series up anew. */
export async function deleteMetricsOf(tx: Transaction, stepId: string, execution: number): Promise<void> {
  const touched = await tx.query<CoarseBucket & Pick<MetricSource, 'session_id' | 'stage' | 'run'>>(
    `with gone as (delete from metrics where step_id = $1 and execution = $2 returning *)
     select distinct session_id, stage, run, run_tag, name, step >> ${COARSE} as bucket from gone`,
    [stepId, execution],
  );
  const [first] = touched;
  // A step belongs to one stage run, so all its series do.
  if (first === undefined) return;
  await rebuildTiers(tx, first, touched);
  await sumUp(tx, first, [...new Map(touched.map((series) => [keyOf(series), series])).values()]);
}

interface Series {
  run_tag: string;
  name: string;
}

const keyOf = ({ run_tag, name }: Series): string => JSON.stringify([run_tag, name]);

/** Sums series up anew from their coarse buckets, which are right already. */
async function sumUp(
  tx: Transaction,
  of: Pick<MetricSource, 'session_id' | 'stage' | 'run'>,
  series: readonly Series[],
): Promise<void> {
  if (series.length === 0) return;
  const parameters = [
    ...[of.session_id, of.stage, of.run],
    series.map((item) => item.run_tag),
    series.map((item) => item.name),
  ];
  const these = `session_id = $1 and stage = $2 and run = $3
    and (run_tag, name) in (select * from unnest($4::text[], $5::text[]))`;
  await tx.query(`delete from metric_summaries where ${these}`, parameters);
  await tx.query(
    `insert into metric_summaries (session_id, stage, run, run_tag, name, last, last_step, min, max, count)
     select session_id, stage, run, run_tag, name, (array_agg(last order by last_step desc))[1],
       max(last_step), min(min), max(max), sum(count)
     from metric_tiers where ${these} and exponent = ${COARSE} group by session_id, stage, run, run_tag, name`,
    parameters,
  );
}

/** A summary of each series; null when the session is absent or not the principal's. */
export async function metricSummaries(
  q: Queryable,
  principal: Principal,
  session: string,
): Promise<MetricSummary[] | null> {
  if (!isId(session)) return null;
  // a visible session without series is one row of nulls
  const rows = await q.query<MetricSummary | Record<keyof MetricSummary, null>>(
    `select stage, run, run_tag, name, last, last_step, min, max, count
     from sessions visible left join metric_summaries on session_id = visible.id
     where visible.id = $1 and ($2::text is null or visible.owner = $2) order by stage, run, run_tag, name`,
    [session, ownerFilter(principal)],
  );
  return rows.length === 0 ? null : rows.filter((row) => row.name !== null);
}

/**
 * The usual batch of points: of each series steps that ascend, beyond all that it has. Nothing of it can overwrite a
 * point, so that its summaries and buckets are added up here, and Postgres only stores them: a third of the work.
 */

import type { Transaction } from './database.ts';
import type { MetricPoint, MetricSource } from './metric-point.ts';
import { MERGE_TIER, TIER_COLUMNS, TIER_EXPONENTS } from './metric-tiers.ts';
import { storableText } from './sql.ts';

/** What is known of some neighbouring points, or of all of a series. */
interface Sum {
  count: number;
  min: number | null;
  minStep: number | null;
  max: number | null;
  maxStep: number | null;
  last: number | null;
  lastStep: number;
}

interface GrowingSeries {
  runTag: string;
  name: string;
  steps: number[];
  /** As float8 reads them: what is not finite by its flag. */
  values: (number | string | null)[];
  whole: Sum;
  /** By exponent, the buckets in ascending order. */
  buckets: { exponent: number; bucket: number; sum: Sum }[];
  open: Map<number, { bucket: number; sum: Sum }>;
}

const FLAGS: ReadonlySet<string | null> = new Set([null, 'NaN', 'Infinity', '-Infinity']);

/** The series of a batch; null when one goes back or repeats a step in it, so that points may overwrite others. */
export function growingSeries(items: readonly MetricPoint[]): GrowingSeries[] | null {
  const found = new Map<string, Map<string, GrowingSeries>>();
  const list: GrowingSeries[] = [];
  for (const { run_tag, name, step, value, flag } of items) {
    const named = found.get(run_tag) ?? new Map<string, GrowingSeries>();
    let series = named.get(name);
    if (series === undefined) {
      // another name may be stored as the same text
      if (storableText(run_tag) !== run_tag || storableText(name) !== name) return null;
      series = newSeries(run_tag, name, step);
      found.set(run_tag, named.set(name, series));
      list.push(series);
    } else if (step <= series.whole.lastStep) return null;
    if (value === null && !FLAGS.has(flag)) return null;
    series.steps.push(step);
    series.values.push(value ?? flag);
    add(series.whole, step, value);
    for (const exponent of TIER_EXPONENTS) add(bucketOf(series, exponent, step), step, value);
  }
  return list;
}

function newSeries(runTag: string, name: string, step: number): GrowingSeries {
  return { runTag, name, steps: [], values: [], whole: newSum(step), buckets: [], open: new Map() };
}

const newSum = (lastStep: number): Sum => ({
  ...{ count: 0, min: null, minStep: null, max: null, maxStep: null, last: null, lastStep },
});

function add(sum: Sum, step: number, value: number | null): void {
  sum.count += 1;
  sum.last = value;
  sum.lastStep = step;
  if (value === null) return;
  if (sum.min === null || value < sum.min) [sum.min, sum.minStep] = [value, step];
  if (sum.max === null || value > sum.max) [sum.max, sum.maxStep] = [value, step];
}

function bucketOf(series: GrowingSeries, exponent: number, step: number): Sum {
  const bucket = Math.floor(step / 2 ** exponent);
  const open = series.open.get(exponent);
  if (open?.bucket === bucket) return open.sum;
  const sum = newSum(step);
  series.open.set(exponent, { bucket, sum });
  series.buckets.push({ exponent, bucket, sum });
  return sum;
}

const APPEND = `
  with series as (
    select * from unnest($6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::float8[], $11::float8[],
      $12::float8[], $13::bigint[])
      with ordinality as s (run_tag, name, first_step, last_step, last, min, max, count, place)
  ), behind as (
    select from metric_summaries m join series s on m.run_tag = s.run_tag and m.name = s.name
    where m.session_id = $1 and m.stage = $2 and m.run = $3 and m.last_step >= s.first_step
  ), written as (
    insert into metrics (session_id, stage, run, step_id, execution, run_tag, name, step, value, flag)
    select $1, $2, $3, $4, $5, run_tag, name, step, case when value > '-Infinity' and value < 'Infinity' then value end,
      case when value > '-Infinity' and value < 'Infinity' then null else value::text end
    from unnest($14::int[], $15::bigint[], $16::float8[]) as point (place, step, value) join series using (place)
    where not exists (select from behind)
  ), summed as (
    insert into metric_summaries as s (session_id, stage, run, run_tag, name, last, last_step, min, max, count)
    select $1, $2, $3, run_tag, name, last, last_step, min, max, count from series where not exists (select from behind)
    on conflict (session_id, stage, run, run_tag, name) do update set
      last = excluded.last, last_step = excluded.last_step,
      min = least(s.min, excluded.min), max = greatest(s.max, excluded.max), count = s.count + excluded.count
  ), tiered as (
    insert into metric_tiers as t (${TIER_COLUMNS})
    select $1, $2, $3, run_tag, name, exponent, bucket, b.count, b.min, min_step, b.max, max_step, b.last, b.last_step
    from unnest($17::int[], $18::smallint[], $19::bigint[], $20::bigint[], $21::float8[], $22::bigint[], $23::float8[],
      $24::bigint[], $25::float8[], $26::bigint[])
      as b (place, exponent, bucket, count, min, min_step, max, max_step, last, last_step) join series using (place)
    where not exists (select from behind)
    ${MERGE_TIER}
  )
  select not exists (select from behind) as appended`;

/** Writes the batch; false, and nothing is written, when one of the series reaches as far as it already. */
export async function appendPoints(
  tx: Transaction,
  source: MetricSource,
  list: readonly GrowingSeries[],
): Promise<boolean> {
  const sums = list.map(({ whole }) => whole);
  const buckets = list.flatMap((series, at) => series.buckets.map((one) => ({ ...one, place: at + 1 })));
  const [row] = await tx.query<{ appended: boolean }>(APPEND, [
    ...[source.session_id, source.stage, source.run, source.step_id, source.execution],
    ...[list.map(({ runTag }) => runTag), list.map(({ name }) => name)],
    ...[literal(list.map(({ steps }) => steps[0] ?? 0)), literal(sums.map(({ lastStep }) => lastStep))],
    ...[literal(sums.map(({ last }) => last)), literal(sums.map(({ min }) => min))],
    ...[literal(sums.map(({ max }) => max)), literal(sums.map(({ count }) => count))],
    literal(list.flatMap(({ steps }, at) => steps.map(() => at + 1))),
    ...[literal(list.flatMap(({ steps }) => steps)), literal(list.flatMap(({ values }) => values))],
    literal(buckets.map(({ place }) => place)),
    ...[literal(buckets.map(({ exponent }) => exponent)), literal(buckets.map(({ bucket }) => bucket))],
    ...[literal(buckets.map(({ sum }) => sum.count)), literal(buckets.map(({ sum }) => sum.min))],
    ...[literal(buckets.map(({ sum }) => sum.minStep)), literal(buckets.map(({ sum }) => sum.max))],
    ...[literal(buckets.map(({ sum }) => sum.maxStep)), literal(buckets.map(({ sum }) => sum.last))],
    literal(buckets.map(({ sum }) => sum.lastStep)),
  ]);
  return row?.appended === true;
}

/**
 * An array of numbers as Postgres reads it; quoting each, as the driver does for any array, costs more than
 * storing.
 */
function literal(values: readonly (number | string | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

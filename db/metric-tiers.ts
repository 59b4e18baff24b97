/**
 * Buckets of 2^6 and 2^12 neighbouring steps of each series, kept with every batch, so that a long series is drawn
 * without reading all its points. A bucket of which a point was overwritten or deleted is made anew from the points.
 */

import type { Stage } from '../core/stages.ts';
import type { Transaction } from './database.ts';

/** Steps of a fine and of a coarse bucket, as powers of two. */
export const FINE = 6;
export const COARSE = 12;
export const TIER_EXPONENTS = [FINE, COARSE] as const;

/** Coarse buckets that one statement makes anew: 65,536 points, so that none comes near the statement timeout. */
const BUCKETS_AT_ONCE = 16;

/** A coarse bucket of one series. */
export interface CoarseBucket {
  run_tag: string;
  name: string;
  bucket: number;
}

/** Of metric_tiers. */
export const TIER_COLUMNS =
  `session_id, stage, run, run_tag, name, exponent, bucket, count, min, min_step, max, ` +
  `max_step, last, last_step`;

const VALUES = `min(value), (array_agg(step order by value, step) filter (where value is not null))[1],
  max(value), (array_agg(step order by value desc, step) filter (where value is not null))[1],
  (array_agg(value order by step desc))[1], max(step)`;

const TIERS = `(values (${FINE}::smallint), (${COARSE}::smallint)) as tier (exponent)`;

/** Adds a row to the bucket `t` that is there already. */
export const MERGE_TIER = `
    on conflict (session_id, stage, run, run_tag, name, exponent, bucket) do update set
      count = t.count + excluded.count,
      min_step = case when t.min is null or (excluded.min, excluded.min_step) < (t.min, t.min_step)
        then coalesce(excluded.min_step, t.min_step) else t.min_step end,
      min = least(t.min, excluded.min),
      max_step = case when t.max is null or excluded.max > t.max
          or (excluded.max = t.max and excluded.max_step < t.max_step)
        then coalesce(excluded.max_step, t.max_step) else t.max_step end,
      max = greatest(t.max, excluded.max),
      last = case when excluded.last_step >= t.last_step then excluded.last else t.last end,
      last_step = greatest(t.last_step, excluded.last_step)`;

/**
 * Adds the rows of `written` (run_tag, name, step, value, is_new) to their buckets; $1 to $3 are session, stage,
 * run.
 */
export const ADD_TO_TIERS = `
    insert into metric_tiers as t (${TIER_COLUMNS})
    select $1, $2, $3, run_tag, name, exponent, step >> exponent, count(*) filter (where is_new), ${VALUES}
    from written cross join ${TIERS} group by run_tag, name, exponent, step >> exponent
    ${MERGE_TIER}`;

const DELETE = `
  delete from metric_tiers t
  using unnest($4::text[], $5::text[], $6::bigint[]) as touched (run_tag, name, bucket)
  where t.session_id = $1 and t.stage = $2 and t.run = $3 and t.run_tag = touched.run_tag and t.name = touched.name
    and t.bucket >> (${COARSE} - t.exponent) = touched.bucket`;

const MAKE = `
  insert into metric_tiers (${TIER_COLUMNS})
  select $1, $2, $3, m.run_tag, m.name, exponent, step >> exponent, count(*), ${VALUES}
  from unnest($4::text[], $5::text[], $6::bigint[]) as touched (run_tag, name, bucket)
    join metrics m on m.session_id = $1 and m.stage = $2 and m.run = $3 and m.run_tag = touched.run_tag
      and m.name = touched.name
      and m.step between touched.bucket << ${COARSE} and ((touched.bucket + 1) << ${COARSE}) - 1
    cross join ${TIERS}
  group by m.run_tag, m.name, exponent, step >> exponent`;

/** Makes these coarse buckets, and the fine ones in them, anew from the points that are there. */
export async function rebuildTiers(
  tx: Transaction,
  of: { session_id: string; stage: Stage; run: number },
  buckets: readonly CoarseBucket[],
): Promise<void> {
  const distinct = [
    ...new Map(
      buckets.map((item) => [JSON.stringify([item.run_tag, item.name, item.bucket]), item]),
    ).values(),
  ];
  for (let at = 0; at < distinct.length; at += BUCKETS_AT_ONCE) {
    const some = distinct.slice(at, at + BUCKETS_AT_ONCE);
    const parameters = [
      ...[of.session_id, of.stage, of.run],
      some.map((item) => item.run_tag),
      some.map((item) => item.name),
      some.map((item) => item.bucket),
    ];
    await tx.query(DELETE, parameters);
    await tx.query(MAKE, parameters);
  }
}

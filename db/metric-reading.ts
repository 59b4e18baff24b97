/**
 * A session's series as they are drawn. A series that is short, in the window that is asked for, is read point by
 * point; a long one from the tier of buckets that fits, whose least and greatest points are then looked up, so that
 * every point returned was logged as it is. The ends of a window that lie within a bucket are read point by point.
 */

import { isId } from '../core/ids.ts';
import type { Principal } from '../core/principal.ts';
import type { Metric } from '../core/records.ts';
import type { Stage } from '../core/stages.ts';
import type { Queryable } from './database.ts';
import { JsonText, readJsonList } from './json-lists.ts';
import { COARSE, FINE } from './metric-tiers.ts';
import { ownerFilter } from './sql.ts';

export interface MetricFilter {
  session: string;
  name?: string | undefined;
  stage?: Stage | undefined;
  run?: number | undefined;
  run_tag?: string | undefined;
  /** First and last step of the window, both within it. */
  from_step?: number | undefined;
  to_step?: number | undefined;
  /** Most points of a series; the least and the greatest of each bucket, the first and the last are kept. */
  max_points?: number | undefined;
}

interface SeriesSpan {
  stage: Stage;
  run: number;
  run_tag: string;
  name: string;
  count: number;
  /** Steps of the window that may have points. */
  from: number;
  to: number;
}

/** A series in two columns of one length, in the order of steps. */
export interface MetricColumns {
  stage: Stage;
  run: number;
  run_tag: string;
  name: string;
  /** Points of the whole series, of which these may be some. */
  count: number;
  steps: number[];
  values: (number | null)[];
}

/** Rows that one series may cost: more are not read point by point, nor from the fine tier. */
const MOST_ROWS = 20_000;

// a visible session without series is one row of nulls
const SERIES = `
  select s.stage, s.run, s.run_tag, s.name, s.count, greatest($6::bigint, first.step) as "from",
    least($7::bigint, s.last_step) as "to"
  from sessions visible
  left join metric_summaries s on s.session_id = visible.id and ($2::text is null or s.name = $2)
    and ($3::text is null or s.stage = $3) and ($4::integer is null or s.run = $4)
    and ($5::text is null or s.run_tag = $5)
  left join lateral (
    select step from metrics m
    where (m.session_id, m.stage, m.run, m.run_tag, m.name) = (s.session_id, s.stage, s.run, s.run_tag, s.name)
    order by step limit 1) first on true
  where visible.id = $1 and ($8::text is null or visible.owner = $8)
  order by s.stage, s.run, s.run_tag, s.name`;

const IN_SERIES = 'session_id = $1 and stage = $2 and run = $3 and run_tag = $4 and name = $5';
const METRIC_COLUMNS: Record<keyof Metric, 'value' | 'time'> = {
  ...{ stage: 'value', run: 'value', run_tag: 'value', name: 'value', step: 'value', value: 'value' },
  ...{ flag: 'value', step_id: 'value', execution: 'value', created_at: 'time' },
};
const WHOLE = Object.keys(METRIC_COLUMNS).join(', ');

// Buckets of neighbouring points; each keeps its least and its greatest value, in the order of steps.
const fromPoints = (columns: string): string => `
  with points as (
    select *, row_number() over (order by step) as place, count(*) over () as points
    from metrics where ${IN_SERIES} and step between $6 and $7
  ), bucketed as (
    select *, (place - 1) * greatest(1, ($8::bigint - 2) / 2) / points as bucket from points
  ), ranked as (
    select *, row_number() over (partition by bucket order by value, step) as least,
      row_number() over (partition by bucket order by value desc nulls last, step) as greatest
    from bucketed
  )
  select ${columns} from ranked
  where $8::bigint is null or points <= $8 or least = 1 or greatest = 1 or place = 1 or place = points order by step`;

// $9 is the tier. Whole buckets lie between the steps $10 and $11; what is left of the window is read as points.
const fromTier = (columns: string): string => `
  with parts as (
    select bucket << $9::int as place, min, min_step, max, max_step, last_step from metric_tiers
    where ${IN_SERIES} and exponent = $9 and bucket >= $10::bigint >> $9::int and bucket < $11::bigint >> $9::int
    union all
    select step, value, step, value, step, step from metrics where ${IN_SERIES}
      and step between $6::bigint and $7::bigint and (step < $10::bigint or step >= $11::bigint)
  ), bucketed as (
    select *, (row_number() over (order by place) - 1) * greatest(1, ($8::bigint - 2) / 2) / count(*) over () as part
    from parts
  ), kept as (
    select (array_agg(min_step order by min, min_step) filter (where min is not null))[1] as least,
      (array_agg(max_step order by max desc, max_step) filter (where max is not null))[1] as greatest,
      max(last_step) as last
    from bucketed group by part
  ), steps as (
    select least as step from kept union select greatest from kept
    union select last from kept where least is null
    union select max(last) from kept union select $6::bigint
  )
  select ${columns} from metrics where ${IN_SERIES} and step = any(array(select step from steps where step is not null))
  order by step`;

/**
 * A list of the session's points (Metric) by series and step; null when the session is absent or not the
 * principal's.
 */
export async function listMetrics(
  q: Queryable,
  principal: Principal,
  filter: MetricFilter,
): Promise<JsonText | null> {
  const spans = await seriesOf(q, principal, filter);
  if (spans === null) return null;
  const lists: (readonly string[])[] = [];
  for (const span of spans) {
    const statement = seriesStatement(filter, span, WHOLE);
    const { items } = await readJsonList(q, { ...statement, columns: METRIC_COLUMNS, place: [] });
    if (items.length > 0) lists.push(items);
  }
  return new JsonText(['[', ...lists.flatMap((list, at) => (at === 0 ? list : [',', ...list])), ']']);
}

/** The same points as columns, a small share of the bytes; null as of listMetrics. */
export async function listMetricColumns(
  q: Queryable,
  principal: Principal,
  filter: MetricFilter,
): Promise<MetricColumns[] | null> {
  const spans = await seriesOf(q, principal, filter);
  if (spans === null) return null;
  const columns: MetricColumns[] = [];
  for (const span of spans) {
    const { sql, parameters } = seriesStatement(filter, span, 'step, value');
    const points = await q.query<Pick<Metric, 'step' | 'value'>>(sql, parameters);
    const { from: _from, to: _to, ...series } = span;
    const steps = points.map(({ step }) => step);
    if (steps.length > 0) columns.push({ ...series, steps, values: points.map(({ value }) => value) });
  }
  return columns;
}

type NoSpan = Record<keyof SeriesSpan, null>;
const isSpan = (row: SeriesSpan | NoSpan): row is SeriesSpan => row.name !== null;

/** The series that have steps in the window; null when the session is absent or not the principal's. */
async function seriesOf(
  q: Queryable,
  principal: Principal,
  filter: MetricFilter,
): Promise<SeriesSpan[] | null> {
  const { session } = filter;
  if (!isId(session)) return null;
  const { name = null, stage = null, run = null, run_tag = null, from_step = null, to_step = null } = filter;
  const asked = [session, name, stage, run, run_tag, from_step, to_step, ownerFilter(principal)];
  const rows = await q.query<SeriesSpan | NoSpan>(SERIES, asked);
  return rows.length === 0 ? null : rows.filter(isSpan).filter(({ from, to }) => from <= to);
}

function seriesStatement(
  { session, max_points }: MetricFilter,
  { stage, run, run_tag, name, count, from, to }: SeriesSpan,
  columns: string,
): { sql: string; parameters: unknown[] } {
  const most = max_points ?? null;
  const parameters = [session, stage, run, run_tag, name, from, to, most];
  const mostPoints = Math.min(count, to - from + 1);
  const exponent = (to - from + 1) / 2 ** FINE <= MOST_ROWS ? FINE : COARSE;
  if (most === null || mostPoints <= Math.max(MOST_ROWS, most))
    return { sql: fromPoints(columns), parameters };
  const width = 2 ** exponent;
  const [first, end] = [Math.ceil(from / width) * width, Math.floor((to + 1) / width) * width];
  return { sql: fromTier(columns), parameters: [...parameters, exponent, first, end] };
}

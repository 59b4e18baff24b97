/** Columns of a run: their samples, what each source says of them, and what came of it. */

import type { ClassifiedColumn, ColumnKey, Review } from '../../core/classification/records.ts';
import { OPEN_SENSITIVITIES } from '../../core/classification/sensitivity.ts';
import type {
  ColumnPlace,
  StoredEvidence,
  StoredLabel,
  StoredResult,
  StoredSample,
  StoredSource,
} from '../../core/classification/stored-columns.ts';
import type { Principal } from '../../core/principal.ts';
import type { Queryable, Transaction } from '../database.ts';
import { only, type Page, type PageRequest, readCursor, rowsRequested, toJson, toPage } from '../sql.ts';
import { getRun } from './classification-runs-repository.ts';

export interface RunColumn extends ColumnKey, ColumnPlace {
  type: string;
  sample: StoredSample;
  reference_code: string | null;
  llm: StoredLabel | null;
  evidence: StoredEvidence | null;
  learned: StoredSource[] | null;
  result: StoredResult | null;
}

const COLUMNS = `t.database, t.table_name, c.column_name, c.table_position, c.column_position, c.type, c.sample,
  c.reference_code, c.llm, c.evidence, c.learned, c.result`;
const FROM = `classified_columns c join classified_tables t on t.run_id = c.run_id and t.position = c.table_position`;

/** Of the tables at `from` up to and without `to`, in their order. For workers, and for who may see the run. */
export function runColumns(
  q: Queryable,
  runId: string,
  { from, to }: { from: number; to: number },
): Promise<RunColumn[]> {
  return q.query<RunColumn>(
    `select ${COLUMNS} from ${FROM} where c.run_id = $1 and c.table_position >= $2 and c.table_position < $3
     order by c.table_position, c.column_position`,
    [runId, from, to],
  );
}

export interface ReferencedColumn {
  database: string;
  table_name: string;
  column_name: string;
  type: string;
  sample: StoredSample;
}

/** Columns of the run by the names of their table and of themselves, in any database. */
export function columnsCalled(
  q: Queryable,
  runId: string,
  names: readonly { table: string; column: string }[],
): Promise<ReferencedColumn[]> {
  return q.query<ReferencedColumn>(
    `select t.database, t.table_name, c.column_name, c.type, c.sample from ${FROM}
     join jsonb_to_recordset($2::jsonb) as n("table" text, "column" text)
       on t.table_name = n."table" and c.column_name = n."column"
     where c.run_id = $1 order by t.position, c.column_position limit 10000`,
    [runId, toJson(names)],
  );
}

const PLACED = `update classified_columns c set`;
const AT = `where c.run_id = $1 and c.table_position = n.table_position and c.column_position = n.column_position`;

export async function saveEvidence(
  tx: Transaction,
  runId: string,
  rows: readonly (ColumnPlace & { evidence: StoredEvidence })[],
): Promise<void> {
  await tx.query(
    `${PLACED} evidence = n.evidence from jsonb_to_recordset($2::jsonb)
       as n(table_position integer, column_position integer, evidence jsonb) ${AT}`,
    [runId, toJson(rows)],
  );
}

export async function saveLearned(
  tx: Transaction,
  runId: string,
  rows: readonly (ColumnPlace & { learned: StoredSource[] })[],
): Promise<void> {
  await tx.query(
    `${PLACED} learned = n.learned from jsonb_to_recordset($2::jsonb)
       as n(table_position integer, column_position integer, learned jsonb) ${AT}`,
    [runId, toJson(rows)],
  );
}

export async function saveLabels(
  tx: Transaction,
  runId: string,
  rows: readonly (ColumnPlace & { llm: StoredLabel })[],
): Promise<void> {
  await tx.query(
    `${PLACED} llm = n.llm from jsonb_to_recordset($2::jsonb)
       as n(table_position integer, column_position integer, llm jsonb) ${AT}`,
    [runId, toJson(rows)],
  );
}

export async function saveResults(
  tx: Transaction,
  runId: string,
  rows: readonly (ColumnPlace & { result: StoredResult })[],
): Promise<void> {
  await tx.query(
    `${PLACED} result = n.result, predicted_code = n.result->>'predicted_code',
       probability = (n.result->>'probability')::double precision,
       needs_review = (n.result->>'needs_review')::boolean
     from jsonb_to_recordset($2::jsonb) as n(table_position integer, column_position integer, result jsonb) ${AT}`,
    [runId, toJson(rows)],
  );
}

export interface ResultsRequest extends PageRequest {
  run_id: string;
  /** Within the name of the column or its table, whatever its case. */
  q?: string | undefined;
  /** A term, with all below it where `codes` are given. */
  codes?: readonly string[] | undefined;
  database?: string | undefined;
  table?: string | undefined;
  needs_review?: boolean | undefined;
  reviewed?: boolean | undefined;
  sensitive?: boolean | undefined;
  /** Where they stand, or the least sure first. Default: position. */
  order?: 'position' | 'doubt' | undefined;
  /** Rows to leave out, from the cursor on. */
  offset?: number | undefined;
}

const IS_REVIEWED = `exists (select from reviews v join classification_runs r on r.id = c.run_id
    where v.source_id = r.source_id and v.database = t.database and v.table_name = t.table_name
      and v.column_name = c.column_name and v.undone_at is null)`;

const OPEN = OPEN_SENSITIVITIES.map((open) => `'${open}'`).join(', ');

const FILTER = `c.run_id = $1 and c.result is not null
  and ($2::text is null or c.column_name ilike $2 or t.table_name ilike $2)
  and ($3::text[] is null or c.predicted_code = any($3)) and ($4::text is null or t.database = $4)
  and ($5::text is null or t.table_name = $5) and ($6::boolean is null or c.needs_review = $6)
  and ($7::boolean is null or ${IS_REVIEWED} = $7)
  and ($8::boolean is null or (lower(coalesce(c.result->>'sensitivity', 'none')) <> all(array[${OPEN}])) = $8)`;

// of each column the last decision that was not undone holds, whenever it was made
const REVIEWED = `left join lateral (
    select v.decision, v.code from reviews v join classification_runs r on r.id = c.run_id
    where v.source_id = r.source_id and v.database = t.database and v.table_name = t.table_name
      and v.column_name = c.column_name and v.undone_at is null
    order by v.position desc limit 1) v on true`;

function filterParameters(request: ResultsRequest): unknown[] {
  const { run_id, q, codes, database, table, needs_review, reviewed, sensitive } = request;
  const pattern = q === undefined || q === '' ? null : `%${q.replace(/[\\%_]/g, '\\$&')}%`;
  return [
    ...[run_id, pattern, codes ?? null, database ?? null, table ?? null],
    ...[needs_review ?? null, reviewed ?? null, sensitive ?? null],
  ];
}

/** A page of a run's results; null when the run is absent or not the principal's. */
export async function listResults(
  q: Queryable,
  principal: Principal,
  request: ResultsRequest,
): Promise<Page<ClassifiedColumn> | null> {
  if ((await getRun(q, principal, request.run_id)) === null) return null;
  const byDoubt = request.order === 'doubt';
  const [first, second, third] = readCursor(request, 3) ?? [null, null, null];
  const place = `${byDoubt ? 'coalesce(c.probability, 0), ' : ''}c.table_position, c.column_position`;
  const after = byDoubt
    ? `(${place}) > ($9::double precision, $10::integer, $11::integer)`
    : `(${place}) > ($10::integer, $11::integer)`;
  // places first: what is left out, and what is sorted, is narrow then
  const rows = await q.query<ListedRow>(
    `with page as materialized (select c.table_position, c.column_position from ${FROM}
       where ${FILTER} and ($9::double precision is null or ${after}) order by ${place} limit $12 offset $13)
     select ${COLUMNS.replace('c.sample,', '').replace('c.evidence, c.learned, ', '')}, v.decision, v.code
     from page p join classified_columns c on c.run_id = $1 and c.table_position = p.table_position
       and c.column_position = p.column_position
     join classified_tables t on t.run_id = c.run_id and t.position = c.table_position ${REVIEWED}
     order by ${place}`,
    [...filterParameters(request), first, second, third, rowsRequested(request), request.offset ?? 0],
  );
  return toPage(rows.map(toListed), request, (row) => [
    String(byDoubt ? row.probability : 0),
    String(row.table_position),
    String(row.column_position),
  ]);
}

type ListedRow = Omit<RunColumn, 'sample' | 'evidence' | 'learned'> & {
  decision: ClassifiedColumn['reviewed'];
  code: string | null;
};

function toListed({ result, llm, decision, code, ...row }: ListedRow): ClassifiedColumn {
  if (result === null) throw new Error('A column that has no result is none of the results.');
  const { fused: _fused, reasons: _reasons, revisit: _revisit, ...decided } = result;
  return {
    ...row,
    ...decided,
    ...{ llm_code: llm?.code ?? null, llm_confidence: llm?.confidence ?? null },
    ...{ reviewed: decision, reviewed_code: code },
  };
}

/** How many results there are of it, and by what is asked. */
export async function countResults(
  q: Queryable,
  request: ResultsRequest,
): Promise<{ columns: number; needs_review: number; reviewed: number }> {
  const rows = await q.query<{ columns: number; needs_review: number; reviewed: number }>(
    `select count(*)::integer as columns, count(*) filter (where c.needs_review)::integer as needs_review,
       count(v.decision)::integer as reviewed
     from ${FROM} ${REVIEWED} where ${FILTER}`,
    filterParameters(request),
  );
  return only(rows);
}

export const GROUPINGS = ['table', 'term'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface ResultGroup {
  database: string | null;
  table_name: string | null;
  code: string | null;
  columns: number;
  needs_review: number;
  mean_probability: number | null;
}

/** Results counted by table or by term, the largest first. */
export function groupResults(q: Queryable, request: ResultsRequest, by: Grouping): Promise<ResultGroup[]> {
  const keys = by === 'table' ? 't.database, t.table_name' : 'c.predicted_code';
  const shown =
    by === 'table'
      ? 't.database, t.table_name, null::text as code'
      : 'null::text as database, null::text as table_name, c.predicted_code as code';
  return q.query<ResultGroup>(
    `select ${shown}, count(*)::integer as columns, count(*) filter (where c.needs_review)::integer as needs_review,
       avg(c.probability) as mean_probability
     from ${FROM} where ${FILTER} group by ${keys} order by count(*) desc, ${keys} limit 5000`,
    filterParameters(request),
  );
}

/** A column as results list it. */
export function listedColumn(
  { sample: _sample, evidence: _evidence, ...row }: RunColumn,
  review: Pick<Review, 'decision' | 'code'> | null,
): ClassifiedColumn {
  return toListed({ ...row, decision: review?.decision ?? null, code: review?.code ?? null });
}

/** One column with all that is known of it; null when the run is absent, not the principal's, or has no such column. */
export async function getColumn(
  q: Queryable,
  principal: Principal,
  { run_id, table_position, column_position }: ColumnPlace & { run_id: string },
): Promise<RunColumn | null> {
  if ((await getRun(q, principal, run_id)) === null) return null;
  const rows = await q.query<RunColumn>(
    `select ${COLUMNS} from ${FROM} where c.run_id = $1 and c.table_position = $2 and c.column_position = $3`,
    [run_id, table_position, column_position],
  );
  return rows[0] ?? null;
}

/** What a run asks of a model, by the request's hash: an answer that is there is never asked for again. */

import type { ColumnPlace } from '../../core/classification/stored-columns.ts';
import type { ModelAnswer } from '../../core/ports/model.ts';
import type { Queryable, Transaction } from '../database.ts';
import { only, toJson } from '../sql.ts';

export interface SweepCallKey {
  run_id: string;
  /** SHA-256 of the whole request. */
  request_sha256: string;
}

/** Counts a request about to be sent, or gives the stored answer. Commit before sending. */
export async function beginSweepCall(
  tx: Transaction,
  { run_id, request_sha256, model }: SweepCallKey & { model: string },
): Promise<ModelAnswer | null> {
  const rows = await tx.query<{ answer: ModelAnswer | null }>(
    `insert into sweep_calls as c (run_id, request_sha256, model, state, attempts) values ($1, $2, $3, 'started', 1)
     on conflict (run_id, request_sha256) do update
       set attempts = c.attempts + case when c.state = 'done' then 0 else 1 end
     returning answer`,
    [run_id, request_sha256, model],
  );
  return only(rows).answer;
}

/** The answer that an earlier attempt has kept, or null. */
export async function storedSweepAnswer(
  q: Queryable,
  { run_id, request_sha256 }: SweepCallKey,
): Promise<ModelAnswer | null> {
  const rows = await q.query<{ answer: ModelAnswer | null }>(
    `select answer from sweep_calls where run_id = $1 and request_sha256 = $2 and state = 'done'`,
    [run_id, request_sha256],
  );
  return rows[0]?.answer ?? null;
}

/** Keeps the answer with what it used. */
export async function finishSweepCall(
  tx: Queryable,
  { run_id, request_sha256 }: SweepCallKey,
  answer: ModelAnswer,
): Promise<void> {
  const { input, output, cacheRead, cacheWrite } = answer.usage;
  await tx.query(
    `update sweep_calls set state = 'done', answer = $3::jsonb, tokens = $4, cost = $5, ended_at = clock_timestamp()
     where run_id = $1 and request_sha256 = $2 and state <> 'done'`,
    [run_id, request_sha256, toJson(answer), input + output + cacheRead + cacheWrite, answer.cost],
  );
}

/** Which columns are asked about, and of what kind each is; of a kind the first one is. */
export async function saveStrata(
  tx: Transaction,
  runId: string,
  rows: readonly (ColumnPlace & { stratum: string; asked: boolean })[],
): Promise<void> {
  await tx.query(
    `update classified_columns c set stratum = n.stratum, asked = n.asked from jsonb_to_recordset($2::jsonb)
       as n(table_position integer, column_position integer, stratum text, asked boolean)
     where c.run_id = $1 and c.table_position = n.table_position and c.column_position = n.column_position`,
    [runId, toJson(rows)],
  );
}

/** Columns of the tables about which the model is to be asked: in round 0 all, later those that it should see again. */
export async function columnsToAsk(
  q: Queryable,
  runId: string,
  { from, to, round }: { from: number; to: number; round: number },
): Promise<Set<string>> {
  const rows = await q.query<{ key: string }>(
    `select table_position || '.' || column_position as key from classified_columns
     where run_id = $1 and table_position >= $2 and table_position < $3 and asked
       and case when $4 = 0 then llm is null
         else result->>'revisit' is not null and coalesce((llm->>'round')::integer, -1) < $4 end`,
    [runId, from, to, round],
  );
  return new Set(rows.map(({ key }) => key));
}

/** Columns that were not asked about take the label of the one of their kind, believed less. @returns how many */
export async function spreadLabels(tx: Transaction, runId: string, believed: number): Promise<number> {
  const rows = await tx.query(
    `update classified_columns c set llm = a.llm || jsonb_build_object(
         'confidence', (a.llm->>'confidence')::double precision * $2,
         'reason', 'The model said so of a column that is called alike.')
     from classified_columns a
     where c.run_id = $1 and a.run_id = $1 and not c.asked and a.asked and a.stratum = c.stratum
       and a.llm->>'code' is not null returning 1`,
    [runId, believed],
  );
  return rows.length;
}

/** Columns with a label of the model's in the whole run, and the terms that they have. */
export async function labelledByModel(
  q: Queryable,
  runId: string,
): Promise<{ columns: number; codes: string[] }> {
  const rows = await q.query<{ code: string; columns: number }>(
    `select llm->>'code' as code, count(*)::integer as columns from classified_columns
     where run_id = $1 and llm->>'code' is not null group by 1`,
    [runId],
  );
  return {
    columns: rows.reduce((sum, { columns }) => sum + columns, 0),
    codes: rows.map(({ code }) => code),
  };
}

/** Columns of the tables that have a label of the model's. */
export async function labelledColumns(
  q: Queryable,
  runId: string,
  { from, to }: { from: number; to: number },
): Promise<number> {
  const rows = await q.query<{ labelled: number }>(
    `select count(*)::integer as labelled from classified_columns
     where run_id = $1 and table_position >= $2 and table_position < $3 and llm->>'code' is not null`,
    [runId, from, to],
  );
  return only(rows).labelled;
}

export interface SweepState {
  /** Columns that have a label of the model's. */
  labelled: number;
  /** Columns where it says otherwise than what is predicted. */
  disagreements: number;
  /** Columns that it should see again. */
  revisit: number;
}

export async function sweepState(q: Queryable, runId: string, round: number): Promise<SweepState> {
  const rows = await q.query<SweepState>(
    `select count(*) filter (where llm->>'code' is not null)::integer as labelled,
       count(*) filter (where llm->>'code' <> predicted_code)::integer as disagreements,
       count(*) filter (where asked and result->>'revisit' is not null
         and coalesce((llm->>'round')::integer, -1) <= $2)::integer as revisit
     from classified_columns where run_id = $1`,
    [runId, round],
  );
  return only(rows);
}

export interface SweepSpent {
  /** Requests that were sent, repeated ones too. */
  calls: number;
  tokens: number;
  /** US dollars. */
  cost: number;
}

export async function sweepSpent(q: Queryable, runId: string): Promise<SweepSpent> {
  const rows = await q.query<SweepSpent>(
    `select coalesce(sum(attempts), 0)::integer as calls, coalesce(sum(tokens), 0)::bigint as tokens,
       coalesce(sum(cost), 0)::double precision as cost
     from sweep_calls where run_id = $1`,
    [runId],
  );
  return only(rows);
}

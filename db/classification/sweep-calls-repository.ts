/** What a run asks of a model, by the request's hash: an answer that is there is never asked for again. */

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

/**
 * Model calls, unique by session, stage, run, turn and the request's hash. `started` is committed before the
 * request goes out and the answer before it is used, so that a paid answer is never asked for again. `attempts`
 * counts requests sent: more than one means that one in flight at a crash was repeated. `deliveries` counts answers
 * that came and could not be kept; what they used is in `lost_tokens` and `lost_cost` and counts like any other.
 */

import { TemperaError } from '../core/errors.ts';
import type { Delivered, ModelAnswer, TokenUsage } from '../core/ports/model.ts';
import type { SessionUsage } from '../core/records.ts';
import { STAGES, type Stage } from '../core/stages.ts';
import type { Queryable, Transaction } from './database.ts';
import { only, toJson } from './sql.ts';

export interface ModelCallKey {
  session_id: string;
  stage: Stage;
  run: number;
  turn: number;
  /** SHA-256 of the whole request. */
  request_sha256: string;
}

/** A turn, whatever is asked in it. */
export type TurnOfCalls = Omit<ModelCallKey, 'request_sha256'>;

export interface BegunModelCall {
  /** `done`: use `answer` and send nothing. */
  state: 'started' | 'done';
  answer: ModelAnswer | null;
  /** Requests sent so far, the one that may now be sent included. */
  attempts: number;
}

export interface FinishedModelCall {
  answer: ModelAnswer;
  usage: TokenUsage;
  /** US dollars. */
  cost: number;
}

// An answer is bounded by the request's maxTokens; what is larger is a provider gone wrong.
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Counts a request about to be sent, or gives the stored answer. Commit before sending. */
export async function beginModelCall(
  tx: Transaction,
  call: ModelCallKey & { model: string },
): Promise<BegunModelCall> {
  const begun = await tx.query<BegunModelCall>(
    `insert into model_calls as c (session_id, stage, run, turn, request_sha256, model, state, attempts)
     values ($1, $2, $3, $4, $5, $6, 'started', 1)
     on conflict (session_id, stage, run, turn, request_sha256) do update
       set attempts = c.attempts + 1, state = 'started', error = null, ended_at = null
       where c.state <> 'done'
     returning c.state, c.answer, c.attempts`,
    [...keyOf(call), call.model],
  );
  if (begun[0] !== undefined) return begun[0];
  return only(
    await tx.query<BegunModelCall>(
      `select state, answer, attempts from model_calls where ${BY_KEY}`,
      keyOf(call),
    ),
  );
}

/** The answer that an earlier attempt has kept, or null. */
export async function storedAnswer(q: Queryable, key: ModelCallKey): Promise<ModelAnswer | null> {
  const rows = await q.query<{ answer: ModelAnswer }>(
    `select answer from model_calls where ${BY_KEY} and state = 'done'`,
    keyOf(key),
  );
  return rows[0]?.answer ?? null;
}

/** The models, as `provider/model`, that answered in the turn. */
export async function modelsOfTurn(q: Queryable, turn: TurnOfCalls): Promise<string[]> {
  const rows = await q.query<{ model: string }>(
    `select distinct model from model_calls
     where session_id = $1 and stage = $2 and run = $3 and turn = $4 and state = 'done'`,
    [turn.session_id, turn.stage, turn.run, turn.turn],
  );
  return rows.map(({ model }) => model);
}

/**
 * Keeps the answer; the first one stays.
 * @throws TemperaError TOO_LARGE above 4 MiB of JSON.
 */
export async function finishModelCall(
  tx: Transaction,
  key: ModelCallKey,
  result: FinishedModelCall,
): Promise<void> {
  const answer = toJson(result.answer);
  if (Buffer.byteLength(answer) > MAX_ANSWER_BYTES) {
    throw new TemperaError(
      'TOO_LARGE',
      `The model's answer has more than ${MAX_ANSWER_BYTES} bytes; it is not kept.`,
    );
  }
  await tx.query(
    `update model_calls set state = 'done', answer = $6, usage = $7, cost = $8, error = null,
       ended_at = clock_timestamp()
     where ${BY_KEY} and state <> 'done'`,
    [...keyOf(key), answer, toJson(result.usage), result.cost],
  );
}

/** Notes why a call failed; an answer that is there stays. */
export async function failModelCall(tx: Transaction, key: ModelCallKey, error: string): Promise<void> {
  await tx.query(
    `update model_calls set state = 'failed', error = $6, ended_at = clock_timestamp()
     where ${BY_KEY} and state <> 'done'`,
    [...keyOf(key), error],
  );
}

/**
 * Ends the calls of a turn of which nobody knows what became of them, because their worker was lost, as ones that were
 * delivered: what they used at least is counted. Returns how many there were.
 */
export async function endInterruptedCalls(
  tx: Transaction,
  turn: TurnOfCalls,
  used: Delivered,
): Promise<number> {
  const rows = await tx.query(
    `update model_calls set state = 'failed', error = 'its worker was lost', deliveries = deliveries + 1,
       lost_tokens = lost_tokens + $5, lost_cost = lost_cost + $6, ended_at = clock_timestamp()
     where session_id = $1 and stage = $2 and run = $3 and turn = $4 and state = 'started' returning 1 as ended`,
    [turn.session_id, turn.stage, turn.run, turn.turn, tokensOf(used.usage), used.cost],
  );
  return rows.length;
}

/**
 * Counts an answer that came and cannot be kept; `counts` false: its cost alone (it was given up, not repeated).
 * Returns which attempt it was, or null when a former one has kept its answer.
 */
export async function loseDelivery(
  tx: Transaction,
  key: ModelCallKey,
  { used, counts }: { used: Delivered; counts: boolean },
): Promise<number | null> {
  const rows = await tx.query<{ attempts: number }>(
    `update model_calls set deliveries = deliveries + $6, lost_tokens = lost_tokens + $7, lost_cost = lost_cost + $8
     where ${BY_KEY} and state <> 'done' returning attempts`,
    [...keyOf(key), counts ? 1 : 0, tokensOf(used.usage), used.cost],
  );
  return rows[0]?.attempts ?? null;
}

/** Answers of the turn that came and were not kept since a person last let it go on. */
export async function lostDeliveries(q: Queryable, turn: TurnOfCalls): Promise<number> {
  const rows = await q.query<{ deliveries: number }>(
    `select coalesce(sum(deliveries), 0)::integer as deliveries from model_calls
     where session_id = $1 and stage = $2 and run = $3 and turn = $4`,
    [turn.session_id, turn.stage, turn.run, turn.turn],
  );
  return only(rows).deliveries;
}

/** A person lets the session go on: its turns may be delivered as often again. What was used stays counted. */
export async function forgiveDeliveries(tx: Transaction, session: string): Promise<void> {
  await tx.query('update model_calls set deliveries = 0 where session_id = $1 and deliveries > 0', [session]);
}

const tokensOf = ({ input, output, cacheRead, cacheWrite }: TokenUsage): number =>
  input + output + cacheRead + cacheWrite;

/**
 * What the session has spent: all tokens that the provider counts, input, output and cache alike, of answers that could
 * not be kept too.
 */
export async function sessionUsage(q: Queryable, session: string): Promise<SessionUsage> {
  const rows = await q.query<SessionUsage['by_stage'][number] & { model_calls: number; requests: number }>(
    `select stage, run, count(distinct turn)::integer as turns, count(*)::integer as model_calls,
       sum(attempts)::integer as requests, coalesce(sum(cost + lost_cost), 0) as cost,
       coalesce(sum(lost_tokens + coalesce((usage ->> 'input')::bigint + (usage ->> 'output')::bigint
         + coalesce((usage ->> 'cacheRead')::bigint, 0)
         + coalesce((usage ->> 'cacheWrite')::bigint, 0), 0)), 0) as tokens
     from model_calls where session_id = $1
     group by stage, run order by array_position($2::text[], stage), run`,
    [session, STAGES],
  );
  const total = (field: 'turns' | 'model_calls' | 'requests' | 'tokens' | 'cost') =>
    rows.reduce((sum, row) => sum + row[field], 0);
  return {
    turns: total('turns'),
    model_calls: total('model_calls'),
    requests: total('requests'),
    tokens: total('tokens'),
    cost: total('cost'),
    by_stage: rows.map(({ stage, run, turns, tokens, cost }) => ({ stage, run, turns, tokens, cost })),
  };
}

const BY_KEY = 'session_id = $1 and stage = $2 and run = $3 and turn = $4 and request_sha256 = $5';

function keyOf(key: ModelCallKey): unknown[] {
  return [key.session_id, key.stage, key.run, key.turn, key.request_sha256];
}

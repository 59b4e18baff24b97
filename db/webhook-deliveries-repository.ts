/** Deliveries of messages to webhooks: what was tried, what came of it, what is still to be done. */

import { isId } from '../core/ids.ts';
import type { Principal } from '../core/principal.ts';
import type { Delivery } from '../core/webhooks.ts';
import type { Queryable, Transaction } from './database.ts';
import {
  only,
  ownerFilter,
  type Page,
  type PageRequest,
  readCursor,
  rowsRequested,
  toJson,
  toPage,
} from './sql.ts';

const COLUMNS = 'id, event, payload, state, attempts, status, error, next_attempt_at, created_at, ended_at';
const LISTED = COLUMNS.replace(/\w+/g, (name) => `d.${name}`);

/** A message that follows from no event: a test. @returns its id */
export async function insertDelivery(
  tx: Transaction,
  { webhookId, event, payload }: { webhookId: string; event: string; payload: object },
): Promise<string> {
  const rows = await tx.query<{ id: string }>(
    `insert into webhook_deliveries (id, webhook_id, event, payload)
     values (gen_random_uuid(), $1, $2, $3::jsonb) returning id`,
    [webhookId, event, toJson(payload)],
  );
  return only(rows).id;
}

/** Of one webhook, newest first; null when that is absent or not the principal's. */
export async function listDeliveries(
  q: Queryable,
  principal: Principal,
  { webhookId, ...request }: PageRequest & { webhookId: string },
): Promise<Page<Delivery> | null> {
  const [created, last] = readCursor(request, 2) ?? [null, null];
  if (!isId(webhookId)) return null;
  const found = await q.query('select from webhooks where id = $1 and ($2::text is null or owner = $2)', [
    webhookId,
    ownerFilter(principal),
  ]);
  if (found.length === 0) return null;
  const rows = await q.query<Delivery>(
    `select ${COLUMNS} from webhook_deliveries where webhook_id = $1
       and ($2::timestamptz is null or (created_at, id) < ($2::timestamptz, $3::uuid))
     order by created_at desc, id desc limit $4`,
    [webhookId, created, last, rowsRequested(request)],
  );
  return toPage(rows, request, (item) => [item.created_at, item.id]);
}

/** A new round of tries, from now on; null when it is absent or not the principal's. */
export async function replayDelivery(
  tx: Transaction,
  principal: Principal,
  { webhookId, id }: { webhookId: string; id: string },
): Promise<Delivery | null> {
  if (!isId(webhookId) || !isId(id)) return null;
  const rows = await tx.query<Delivery>(
    `update webhook_deliveries d set state = 'pending', round = round + 1, attempts = 0, status = null, error = null,
       next_attempt_at = null, ended_at = null
     from webhooks w where w.id = d.webhook_id and d.id = $1 and d.webhook_id = $2
       and ($3::text is null or w.owner = $3)
     returning ${LISTED}`,
    [id, webhookId, ownerFilter(principal)],
  );
  return rows[0] ?? null;
}

export interface DeliveryRound {
  id: string;
  round: number;
}

/** Rounds that no workflow was started for; with `all`, every one that has not ended, as after a lost Temporal. */
export async function roundsToStart(
  q: Queryable,
  { all = false, most }: { all?: boolean; most: number },
): Promise<DeliveryRound[]> {
  return await q.query<DeliveryRound>(
    `select id, round from webhook_deliveries where state = 'pending' and ($1 or started_round < round)
     order by created_at limit $2`,
    [all, most],
  );
}

/** A workflow was started for the round. */
export async function markStarted(q: Queryable, { id, round }: DeliveryRound): Promise<void> {
  await q.query('update webhook_deliveries set started_round = $2 where id = $1 and started_round < $2', [
    id,
    round,
  ]);
}

/** What is to be sent, and where. */
export interface DeliveryTarget {
  id: string;
  webhook_id: string;
  url: string;
  sealed_secret: string;
  disabled_at: string | null;
  payload: Record<string, unknown>;
  attempts: number;
}

/** Null where the round is over, was followed by another, or its webhook is gone. */
export async function deliveryTarget(
  q: Queryable,
  { id, round }: DeliveryRound,
): Promise<DeliveryTarget | null> {
  const rows = await q.query<DeliveryTarget>(
    `select d.id, d.webhook_id, w.url, w.sealed_secret, w.disabled_at, d.payload, d.attempts
     from webhook_deliveries d join webhooks w on w.id = d.webhook_id
     where d.id = $1 and d.round = $2 and d.state = 'pending'`,
    [id, round],
  );
  return rows[0] ?? null;
}

export interface Attempted extends DeliveryRound {
  state: Delivery['state'];
  status: number | null;
  error: string | null;
  /** null: none follows. */
  pauseSeconds: number | null;
}

/** Writes what came of an attempt, unless the round was followed by another. */
export async function saveAttempt(
  tx: Transaction,
  { id, round, state, status, error, pauseSeconds }: Attempted,
): Promise<void> {
  await tx.query(
    `update webhook_deliveries set attempts = attempts + 1, state = $3, status = $4, error = $5,
       next_attempt_at = clock_timestamp() + make_interval(secs => $6),
       ended_at = case when $3 = 'pending' then null else clock_timestamp() end
     where id = $1 and round = $2 and state = 'pending'`,
    [id, round, state, status, error, pauseSeconds],
  );
}

/** Whether any message reached the webhook since this one was written. */
export async function hasDeliveredSince(
  q: Queryable,
  { webhookId, id }: { webhookId: string; id: string },
): Promise<boolean> {
  const rows = await q.query(
    `select from webhook_deliveries where webhook_id = $1 and state = 'delivered'
       and ended_at > (select created_at from webhook_deliveries where id = $2) limit 1`,
    [webhookId, id],
  );
  return rows.length > 0;
}

/** Forgets what ended so many days ago. */
export async function deleteOldDeliveries(q: Queryable, days: number): Promise<void> {
  await q.query(
    `delete from webhook_deliveries
     where state <> 'pending' and ended_at < clock_timestamp() - make_interval(days => $1)`,
    [days],
  );
}

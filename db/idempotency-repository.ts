/**
 * Idempotency keys: the key's row is written in the transaction of the effect, so that both happen or neither.
 * Two transactions with one key queue: the second sees the first one's response, or the key free if it failed.
 */

import { TemperaError } from '../core/errors.ts';
import type { Principal } from '../core/principal.ts';
import type { Transaction } from './database.ts';
import { only, toJson } from './sql.ts';

/**
 * Claims `key` for this transaction. `response` is what an earlier transaction has stored; null means: do the work,
 * then storeResponse.
 * @throws TemperaError IDEMPOTENCY_MISMATCH when the key was used with another request.
 */
export async function claimKey(
  tx: Transaction,
  principal: Principal,
  { key, requestSha256 }: { key: string; requestSha256: string },
): Promise<{ response: unknown | null }> {
  // Waits here for a transaction that has inserted the same key and is still open.
  await tx.query(
    `insert into idempotency_keys (owner, key, request_sha256) values ($1, $2, $3)
     on conflict (owner, key) do nothing`,
    [principal.id, key, requestSha256],
  );
  const row = only(
    await tx.query<{ request_sha256: string; response: unknown | null }>(
      'select request_sha256, response from idempotency_keys where owner = $1 and key = $2 for update',
      [principal.id, key],
    ),
  );
  if (row.request_sha256 !== requestSha256) {
    const message = 'The Idempotency-Key was used with another request. Use a new key for a new request.';
    throw new TemperaError('IDEMPOTENCY_MISMATCH', message, { details: { key } });
  }
  return { response: row.response };
}

/** Keeps the response that the same key will get from now on. */
export async function storeResponse(
  tx: Transaction,
  principal: Principal,
  { key, response }: { key: string; response: unknown },
): Promise<void> {
  await tx.query('update idempotency_keys set response = $3 where owner = $1 and key = $2', [
    principal.id,
    key,
    toJson(response),
  ]);
}

/** What was done by the key is undone, so that the same request may be made with it again. */
export async function releaseKey(tx: Transaction, principal: Principal, key: string): Promise<void> {
  await tx.query('delete from idempotency_keys where owner = $1 and key = $2', [principal.id, key]);
}

/**
 * Forgets at most `most` keys older than `hours`, the oldest first; returns how many. One that a request holds is left
 * for the next time.
 */
export async function deleteOldKeys(tx: Transaction, hours: number, most: number): Promise<number> {
  const rows = await tx.query(
    `delete from idempotency_keys where (owner, key) in (
       select owner, key from idempotency_keys
       where created_at < clock_timestamp() - make_interval(secs => $1)
       order by created_at limit $2 for update skip locked)
     returning key`,
    [hours * 3_600, most],
  );
  return rows.length;
}

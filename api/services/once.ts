/** Creations that a repeated request does not repeat: key, effect and answer are one transaction. */

import { TemperaError } from '../../core/errors.ts';
import type { Principal } from '../../core/principal.ts';
import { claimKey, type Database, storeResponse, type Transaction } from '../../db/index.ts';

/** A request by which a repeated one is known. */
export interface KeyedRequest {
  /** null: the caller sent no key, so every request creates. */
  key: string | null;
  /** requestHash of what is asked for. */
  hash: string;
}

export interface Creation extends KeyedRequest {
  /** Writes what is created and returns its id. */
  insert(tx: Transaction): Promise<string>;
}

export interface Created {
  id: string;
  /** False when an earlier request with the same key did it. */
  fresh: boolean;
}

/**
 * Runs `insert` once for a key and returns the id of what was created then.
 * @throws TemperaError IDEMPOTENCY_MISMATCH when the key was used with another request
 */
export async function createOnce(
  db: Database,
  principal: Principal,
  { key, hash, insert }: Creation,
): Promise<Created> {
  return await db.transaction(async (tx) => {
    if (key === null) return { id: await insert(tx), fresh: true };
    const { response } = await claimKey(tx, principal, { key, requestSha256: hash });
    if (response !== null) return { id: storedId(response), fresh: false };
    const id = await insert(tx);
    await storeResponse(tx, principal, { key, response: { id } });
    return { id, fresh: true };
  });
}

/**
 * For work that changes nothing and gives the same for the same request: the key is bound to the request.
 * @throws TemperaError IDEMPOTENCY_MISMATCH when the key was used with another request
 */
export async function bindKey(
  db: Database,
  principal: Principal,
  { key, hash }: KeyedRequest,
): Promise<void> {
  if (key !== null) await db.transaction((tx) => claimKey(tx, principal, { key, requestSha256: hash }));
}

function storedId(response: unknown): string {
  if (
    typeof response === 'object' &&
    response !== null &&
    'id' in response &&
    typeof response.id === 'string'
  ) {
    return response.id;
  }
  throw new TemperaError(
    'IDEMPOTENCY_MISMATCH',
    'The Idempotency-Key was used with another kind of request.',
  );
}

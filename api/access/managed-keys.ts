/**
 * Keys that an admin has made, as one process knows them: what the database says of a token holds for two seconds. One
 * that was taken back is therefore let in no longer than that, in every process, hint or not.
 */

import { sha256 } from '../../core/ids.ts';
import type { Principal } from '../../core/principal.ts';
import { type CountingKey, type Queryable, useAccessKey } from '../../db/index.ts';
import { recentAnswers } from './recent-answers.ts';

export interface ManagedKeys {
  /** Whose a token is; null where it is nobody's. @throws TemperaError DATABASE_UNAVAILABLE */
  principalOf(token: string): Promise<Principal | null>;
}

/** @param now milliseconds that only go forward */
export function createManagedKeys(db: Queryable, now?: () => number): ManagedKeys {
  const answers = recentAnswers(async (hash) => {
    const key = await useAccessKey(db, hash);
    return key && principalOfKey(key);
  }, now);
  return { principalOf: (token) => answers.of(sha256(token)) };
}

/** Who a key lets in. */
export const principalOfKey = ({ id, name, role, scopes, owner }: CountingKey): Principal => ({
  ...{ id: owner, role, name, credential: id },
  ...(scopes !== null && { scopes }),
});

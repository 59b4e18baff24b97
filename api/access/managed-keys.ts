/**
 * Keys that an admin has made, as one process knows them: what the database says of a token holds for two seconds. One
 * that was taken back is therefore let in no longer than that, in every process, hint or not.
 */

import { sha256 } from '../../core/ids.ts';
import type { Principal } from '../../core/principal.ts';
import { type CountingKey, type Queryable, useAccessKey } from '../../db/index.ts';

const HOLDS_MILLISECONDS = 2_000;
/** Tokens of which something is remembered; many wrong ones push out the others. */
const MOST_REMEMBERED = 10_000;

export interface ManagedKeys {
  /** Whose a token is; null where it is nobody's. @throws TemperaError DATABASE_UNAVAILABLE */
  principalOf(token: string): Promise<Principal | null>;
}

/** @param now milliseconds that only go forward */
export function createManagedKeys(db: Queryable, now: () => number = () => performance.now()): ManagedKeys {
  const remembered = new Map<string, { until: number; principal: Promise<Principal | null> }>();
  return {
    principalOf(token) {
      const hash = sha256(token);
      const known = remembered.get(hash);
      if (known !== undefined && known.until > now()) return known.principal;
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      const principal = useAccessKey(db, hash).then((key) => key && toPrincipal(key));
      remembered.set(hash, { until: now() + HOLDS_MILLISECONDS, principal });
      // an outage is asked about again at once
      principal.catch(() => remembered.delete(hash));
      return principal;
    },
  };
}

const toPrincipal = ({ id, name, role, scopes, owner }: CountingKey): Principal => ({
  ...{ id: owner, role, name, credential: id },
  ...(scopes !== null && { scopes }),
});

/**
 * What an owner may have stored, by the role of who asks. What is new is refused; what is there goes on: a session that
 * runs is never ended for it.
 */

import { TemperaError } from '../../core/errors.ts';
import type { Principal } from '../../core/principal.ts';
import { lockStorage, storageUse, type Transaction } from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';

/** What is about to be stored. */
export interface Addition {
  sessions?: number;
  bytes?: number;
}

/** In the transaction that stores it, before it does. @throws TemperaError LIMIT_REACHED with use and quota */
export async function assertRoom(
  { limitsOf }: Pick<ApiDependencies, 'limitsOf'>,
  principal: Principal,
  { tx, added, owner = principal.id }: { tx: Transaction; added: Addition; owner?: string },
): Promise<void> {
  const quotas = { sessions: limitsOf(principal).sessionsStored, bytes: limitsOf(principal).bytesStored };
  if (quotas.sessions === null && quotas.bytes === null) return;
  await lockStorage(tx, owner);
  const use = await storageUse(tx, owner);
  for (const kind of ['sessions', 'bytes'] as const) {
    const [quota, more] = [quotas[kind], added[kind] ?? 0];
    if (quota === null || more === 0 || use[kind] + more <= quota) continue;
    const message = `${use[kind]} of ${quota} ${kind} are in use; this would add ${more}. Delete what is not needed.`;
    throw new TemperaError('LIMIT_REACHED', message, {
      details: { quota: kind, used: use[kind], limit: quota },
    });
  }
}

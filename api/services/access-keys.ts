/** Keys that an admin makes, rotates and takes back. A token leaves here once, and only its hash stays. */

import type { AccessKeyRecord, MadeKey, NewKey } from '../../core/access/key-records.ts';
import { newToken } from '../../core/access/keys.ts';
import { TemperaError } from '../../core/errors.ts';
import { isId, newId, sha256 } from '../../core/ids.ts';
import type { Principal } from '../../core/principal.ts';
import {
  type Database,
  getAccessKey,
  insertAccessKey,
  revokeAccessKey,
  rotateAccessKey,
} from '../../db/index.ts';
import { ACCESS_HINT } from '../access/credential-watch.ts';
import type { ApiDependencies } from '../dependencies.ts';

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3_600;

type Parts = Pick<ApiDependencies, 'db' | 'hub'>;

/** Makes a key. */
export async function createKey(
  { db }: { db: Database },
  principal: Pick<Principal, 'id'>,
  { name, role, scopes, owner, days }: NewKey,
): Promise<MadeKey> {
  const id = newId();
  const token = newToken();
  await db.transaction((tx) =>
    insertAccessKey(tx, {
      ...{ id, name, role, scopes: scopes ?? null, hash: sha256(token), created_by: principal.id },
      ...{ owner: owner ?? `key-${id}`, seconds: days === undefined ? null : days * DAY_SECONDS },
    }),
  );
  return { key: await requireKey(db, id), token };
}

/** A new token in the place of one that still counts for the overlap. @throws TemperaError NOT_FOUND, CONFLICT */
export async function rotateKey(
  { db, hub }: Parts,
  principal: Principal,
  { id, overlapHours }: { id: string; overlapHours: number },
): Promise<MadeKey> {
  const { state } = await requireKey(db, id);
  const next = newId();
  const token = newToken();
  const rotated = await db.transaction((tx) =>
    rotateAccessKey(tx, id, {
      ...{ id: next, hash: sha256(token), created_by: principal.id },
      overlapSeconds: overlapHours * HOUR_SECONDS,
    }),
  );
  if (!rotated) throw new TemperaError('CONFLICT', `The key ${id} cannot be rotated: it is ${state}.`);
  hub.notify(ACCESS_HINT);
  return { key: await requireKey(db, next), token };
}

/** Takes a key back: what was opened with it ends within seconds. @throws TemperaError NOT_FOUND */
export async function revokeKey({ db, hub }: Parts, id: string): Promise<void> {
  await requireKey(db, id);
  await db.transaction((tx) => revokeAccessKey(tx, id));
  hub.notify(ACCESS_HINT);
}

async function requireKey(db: Database, id: string): Promise<AccessKeyRecord> {
  const key = isId(id) ? await getAccessKey(db, id) : null;
  if (key === null) throw new TemperaError('NOT_FOUND', `There is no key ${id.slice(0, 100)}.`);
  return key;
}

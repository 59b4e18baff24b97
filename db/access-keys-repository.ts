/**
 * Keys that an admin has made. Whether one counts is decided on the database's clock: it is neither taken back nor past
 * its end.
 */

import type { AccessKeyRecord } from '../core/access/key-records.ts';
import type { Permission } from '../core/access/permissions.ts';
import type { Role } from '../core/principal.ts';
import type { Queryable, Transaction } from './database.ts';

/** Whether a row of access_keys counts. */
export const KEY_COUNTS = 'revoked_at is null and (expires_at is null or expires_at > clock_timestamp())';
const FIELDS = `id, name, role, scopes, owner, created_by, created_at, expires_at, last_used_at, revoked_at, rotated_to,
  case when revoked_at is not null then 'revoked'
       when expires_at <= clock_timestamp() then 'expired'
       when rotated_to is not null then 'rotated' else 'active' end as state`;

export interface AccessKeyRow {
  id: string;
  name: string;
  /** SHA-256 of the token. */
  hash: string;
  role: Role;
  scopes: readonly string[] | null;
  owner: string;
  created_by: string;
  /** Seconds until it ends; null: never. */
  seconds: number | null;
}

/** What is known of a token's key while it counts. */
export interface CountingKey {
  id: string;
  name: string;
  role: Role;
  scopes: Permission[] | null;
  owner: string;
}

/** Most keys that a list shows; those that count come first. */
const MOST_LISTED = 1_000;

export async function insertAccessKey(tx: Transaction, row: AccessKeyRow): Promise<void> {
  await tx.query(
    `insert into access_keys (id, name, hash, role, scopes, owner, created_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() + $8 * interval '1 second')`,
    [row.id, row.name, row.hash, row.role, row.scopes, row.owner, row.created_by, row.seconds],
  );
}

/** Every key, those that count first, then the newest. */
export async function listAccessKeys(db: Queryable): Promise<AccessKeyRecord[]> {
  return await db.query(
    `select ${FIELDS} from access_keys order by (${KEY_COUNTS}) desc, created_at desc, id limit ${MOST_LISTED}`,
  );
}

export async function getAccessKey(db: Queryable, id: string): Promise<AccessKeyRecord | null> {
  const [row] = await db.query<AccessKeyRecord>(`select ${FIELDS} from access_keys where id = $1`, [id]);
  return row ?? null;
}

/** The key of a token's hash while it counts; its last use is written at most once a minute. */
export async function useAccessKey(db: Queryable, hash: string): Promise<CountingKey | null> {
  const [found] = await db.query<CountingKey & { is_stale: boolean }>(
    `select id, name, role, scopes, owner,
            (last_used_at is null or last_used_at < clock_timestamp() - interval '1 minute') as is_stale
     from access_keys where hash = $1 and ${KEY_COUNTS}`,
    [hash],
  );
  if (found === undefined) return null;
  const { is_stale, ...key } = found;
  if (is_stale)
    await db.query(
      `update access_keys set last_used_at = clock_timestamp()
       where id = $1 and (last_used_at is null or last_used_at < clock_timestamp() - interval '1 minute')`,
      [key.id],
    );
  return key;
}

/** Of the ids those whose key counts. */
export async function countingKeys(db: Queryable, ids: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select id from access_keys where id = any($1::uuid[]) and ${KEY_COUNTS}`,
    [ids],
  );
  return rows.map(({ id }) => id);
}

/** Takes a key back for ever. @returns false where there is none */
export async function revokeAccessKey(tx: Transaction, id: string): Promise<boolean> {
  const rows = await tx.query(
    'update access_keys set revoked_at = coalesce(revoked_at, clock_timestamp()) where id = $1 returning id',
    [id],
  );
  return rows.length > 0;
}

/**
 * Puts `next` in the place of a key that counts and was not rotated before: the same owner, role, scopes and length of
 * life. The former one ends after the overlap. @returns false where there is no such key
 */
export async function rotateAccessKey(
  tx: Transaction,
  former: string,
  next: { id: string; hash: string; created_by: string; overlapSeconds: number },
): Promise<boolean> {
  const made = await tx.query(
    `insert into access_keys (id, name, hash, role, scopes, owner, created_by, expires_at)
     select $2, name, $3, role, scopes, owner, $4, clock_timestamp() + (expires_at - created_at)
     from access_keys where id = $1 and ${KEY_COUNTS} and rotated_to is null for update
     returning id`,
    [former, next.id, next.hash, next.created_by],
  );
  if (made.length === 0) return false;
  await tx.query(
    `update access_keys set rotated_to = $2,
       expires_at = least(expires_at, clock_timestamp() + $3 * interval '1 second')
     where id = $1`,
    [former, next.id, next.overlapSeconds],
  );
  return true;
}

/** Whether some key of the role admin counts, with all that its role may. */
async function hasAdminKey(db: Queryable): Promise<boolean> {
  const rows = await db.query(
    `select 1 from access_keys where role = 'admin' and scopes is null and ${KEY_COUNTS} limit 1`,
  );
  return rows.length > 0;
}

/** Makes the key where no key of an admin counts; of several at once one does. @returns whether it was made */
export async function insertFirstKey(tx: Transaction, row: AccessKeyRow): Promise<boolean> {
  await tx.query('lock table access_keys in share row exclusive mode');
  if (await hasAdminKey(tx)) return false;
  await insertAccessKey(tx, row);
  return true;
}

/**
 * Sign-ins of browsers. Whether one counts is decided on the database's clock: neither idle for too long nor past its
 * end, and its key, where that is one that an admin has made, counts too.
 */

import { type CountingKey, KEY_COUNTS } from './access-keys-repository.ts';
import type { Queryable, Transaction } from './database.ts';

const LIVES = `ends_at > clock_timestamp()
  and last_used_at + idle_seconds * interval '1 second' > clock_timestamp()`;
const COUNTS = `${LIVES} and (key_id is null
  or exists (select from access_keys k where k.id = sign_ins.key_id and ${KEY_COUNTS}))`;

export interface SignInRow {
  id: string;
  /** SHA-256 of the cookie's value. */
  hash: string;
  /** SHA-256 of the key's token. */
  key_hash: string;
  /** Null for a key of the settings. */
  key_id: string | null;
  idleSeconds: number;
  seconds: number;
}

/** A sign-in that counts, with its key where an admin has made that. */
export interface CountingSignIn {
  id: string;
  key_hash: string;
  key: CountingKey | null;
}

export async function insertSignIn(tx: Transaction, row: SignInRow): Promise<void> {
  await tx.query(
    `insert into sign_ins (id, hash, key_id, key_hash, idle_seconds, ends_at)
     values ($1, $2, $3, $4, $5, clock_timestamp() + $6 * interval '1 second')`,
    [row.id, row.hash, row.key_id, row.key_hash, row.idleSeconds, row.seconds],
  );
}

/** The sign-in of a cookie's hash while it counts; its last use is written at most once a minute. */
export async function useSignIn(db: Queryable, hash: string): Promise<CountingSignIn | null> {
  const [found] = await db.query<CountingSignIn & { is_stale: boolean }>(
    `select id, key_hash, last_used_at < clock_timestamp() - interval '1 minute' as is_stale,
            (select jsonb_build_object('id', k.id, 'name', k.name, 'role', k.role, 'scopes', k.scopes,
               'owner', k.owner) from access_keys k where k.id = sign_ins.key_id) as key
     from sign_ins where hash = $1 and ${COUNTS}`,
    [hash],
  );
  if (found === undefined) return null;
  const { is_stale, ...signIn } = found;
  if (is_stale)
    await db.query(`update sign_ins set last_used_at = clock_timestamp() where id = $1 and ${LIVES}`, [
      signIn.id,
    ]);
  return signIn;
}

/** Of the ids those whose sign-in counts. */
export async function countingSignIns(db: Queryable, ids: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select id from sign_ins where id = any($1::uuid[]) and ${COUNTS}`,
    [ids],
  );
  return rows.map(({ id }) => id);
}

/** @returns false where there is none */
export async function deleteSignIn(tx: Transaction, hash: string): Promise<boolean> {
  return (await tx.query('delete from sign_ins where hash = $1 returning id', [hash])).length > 0;
}

/** Forgets sign-ins that count no more. @returns how many */
export async function forgetSignIns(db: Queryable): Promise<number> {
  return (await db.query(`delete from sign_ins where not (${COUNTS}) returning id`)).length;
}

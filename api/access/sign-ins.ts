/**
 * Sign-ins of browsers: a key is exchanged for a random value, which the browser keeps as a cookie that no script
 * reads. A sign-in may what its key may, and ends with it; what the database says of one holds for two seconds, as of
 * a key.
 */

import { randomBytes } from 'node:crypto';
import { type AccessKey, findKey } from '../../core/access/keys.ts';
import { newId, sha256 } from '../../core/ids.ts';
import type { Principal } from '../../core/principal.ts';
import {
  type CountingSignIn,
  type Database,
  deleteSignIn,
  insertSignIn,
  useAccessKey,
  useSignIn,
} from '../../db/index.ts';
import { principalOfKey } from './managed-keys.ts';
import { recentAnswers } from './recent-answers.ts';

const VALUE_BYTES = 32;

interface SignInLengths {
  idleSeconds: number;
  seconds: number;
}

export interface SignIns {
  /** Exchanges a key for a new value; null where the key is nobody's. @throws TemperaError DATABASE_UNAVAILABLE */
  begin(token: string, lengths: SignInLengths): Promise<{ value: string; principal: Principal } | null>;
  /** Whom a cookie's value lets in; null where it counts no more. @throws TemperaError DATABASE_UNAVAILABLE */
  principalOf(value: string): Promise<Principal | null>;
  /** Ends what a value stands for, if anything. @throws TemperaError DATABASE_UNAVAILABLE */
  end(value: string): Promise<void>;
}

/** @param keys those of the settings */
export function createSignIns(db: Database, keys: readonly AccessKey[]): SignIns {
  const answers = recentAnswers(async (hash) => principalOf(await useSignIn(db, hash), keys));
  return {
    async begin(token, lengths) {
      const ofSettings = findKey(keys, token);
      const key = ofSettings === null ? await useAccessKey(db, sha256(token)) : null;
      const owner = ofSettings?.principal ?? (key && principalOfKey(key));
      if (owner === null) return null;
      const value = randomBytes(VALUE_BYTES).toString('base64url');
      const id = newId();
      const ofKey = { key_id: key?.id ?? null, key_hash: sha256(token) };
      await db.transaction((tx) => insertSignIn(tx, { id, hash: sha256(value), ...ofKey, ...lengths }));
      return { value, principal: { ...owner, credential: id } };
    },
    principalOf: (value) => answers.of(sha256(value)),
    async end(value) {
      const hash = sha256(value);
      await db.transaction((tx) => deleteSignIn(tx, hash));
      answers.forget(hash);
    },
  };
}

/** Null also where its key stands in the settings no more. */
function principalOf(signIn: CountingSignIn | null, keys: readonly AccessKey[]): Principal | null {
  if (signIn === null) return null;
  const { id, key, key_hash } = signIn;
  const owner = key ? principalOfKey(key) : keys.find(({ hash }) => hash === key_hash)?.principal;
  return owner === undefined ? null : { ...owner, credential: id };
}

/** Keys as they are held: by the SHA-256 of their token, compared in constant time. */

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256 } from '../ids.ts';
import type { Principal, Role } from '../principal.ts';

export interface AccessKey {
  /** SHA-256 of the token, as lower-case hex. */
  hash: string;
  principal: Principal;
}

const TOKEN_BYTES = 32;
/** Characters of the hash that make the id of a key's principal. */
const ID_CHARACTERS = 16;
/** Characters of the hash by which people tell keys apart. */
const NAME_CHARACTERS = 6;

/** A token to give away: its beginning says to whoever finds one what it is. */
export function newToken(random: Uint8Array = randomBytes(TOKEN_BYTES)): string {
  return `tempera_${Buffer.from(random).toString('base64url')}`;
}

/** The key of a token: its principal is the same on every start, and tells nothing of the token. */
export function keyOf(token: string, role: Role): AccessKey {
  const hash = sha256(token);
  const name = `${role} key ${hash.slice(0, NAME_CHARACTERS)}`;
  return { hash, principal: { id: `key-${hash.slice(0, ID_CHARACTERS)}`, role, name } };
}

/** The key of `token` among `keys`; every one is compared, so that time tells nothing. */
export function findKey(keys: readonly AccessKey[], token: string): AccessKey | null {
  const sought = Buffer.from(sha256(token), 'hex');
  let found: AccessKey | null = null;
  for (const key of keys) {
    if (timingSafeEqual(Buffer.from(key.hash, 'hex'), sought)) found ??= key;
  }
  return found;
}

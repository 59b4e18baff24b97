/** Who sent a request: the principal of its key, or where none is asked for the local admin. */

import type { IncomingHttpHeaders } from 'node:http';
import { type AccessKey, findKey } from '../../core/access/keys.ts';
import { TemperaError } from '../../core/errors.ts';
import { LOCAL, type Principal } from '../../core/principal.ts';
import type { ManagedKeys } from './managed-keys.ts';

export type Authenticate = (request: { headers: IncomingHttpHeaders }) => Principal | Promise<Principal>;

export interface KnownKeys {
  /** Those of the settings. */
  keys: readonly AccessKey[];
  /** Those that an admin has made. */
  managed: ManagedKeys;
}

/** Where no key is asked for everybody on loopback is the local admin. */
export const authenticateLocal: Authenticate = () => LOCAL;

/** Lets in who has a key of the settings or one that an admin has made. */
export function authenticateByKey({ keys, managed }: KnownKeys): Authenticate {
  return async ({ headers }) => {
    const token = tokenOf(headers);
    const principal = findKey(keys, token)?.principal ?? (await managed.principalOf(token));
    if (principal !== null) return principal;
    throw new TemperaError(
      'UNAUTHENTICATED',
      'This key is not known here: it is mistyped, has ended, or was taken back.',
      { details: { reason: 'unknown_key' } },
    );
  };
}

/** The token that a request carries. @throws TemperaError UNAUTHENTICATED where there is none, or are two */
export function tokenOf({ authorization, 'x-api-key': apiKey }: IncomingHttpHeaders): string {
  const [, bearer] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
  const tokens = [bearer, ...[apiKey].flat()].filter((token) => token !== undefined && token !== '');
  const [token] = tokens;
  if (token !== undefined && tokens.every((each) => each === token)) return token;
  throw new TemperaError(
    'UNAUTHENTICATED',
    tokens.length > 1
      ? 'Authorization and X-API-Key hold two different keys: send one.'
      : 'Send a key, as Authorization: Bearer KEY or X-API-Key: KEY.',
    { details: { reason: tokens.length > 1 ? 'two_keys' : 'no_key' } },
  );
}

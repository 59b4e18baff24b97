/** Who sent a request: the principal of its key, or without keys the local admin. */

import type { IncomingHttpHeaders } from 'node:http';
import { type AccessKey, findKey } from '../../core/access/keys.ts';
import { TemperaError } from '../../core/errors.ts';
import { LOCAL, type Principal } from '../../core/principal.ts';

export type Authenticate = (request: { headers: IncomingHttpHeaders }) => Principal | Promise<Principal>;

/** Without keys everybody on loopback is the local admin. */
export function createAuthentication(keys: readonly AccessKey[]): Authenticate {
  if (keys.length === 0) return () => LOCAL;
  return ({ headers }) => {
    const found = findKey(keys, tokenOf(headers));
    if (found !== null) return found.principal;
    throw new TemperaError(
      'UNAUTHENTICATED',
      'This key is not known here: it is mistyped, or was taken back.',
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

/** Who sent a request: the principal of its key or sign-in, or where none is asked for the local admin. */

import type { IncomingHttpHeaders } from 'node:http';
import { type AccessKey, findKey } from '../../core/access/keys.ts';
import { TemperaError } from '../../core/errors.ts';
import { LOCAL, type Principal } from '../../core/principal.ts';
import { assertOwnPage } from '../http/access.ts';
import { signInValue } from '../http/sign-in-cookie.ts';
import type { ManagedKeys } from './managed-keys.ts';
import type { SignIns } from './sign-ins.ts';

/** A request, or a call by gRPC, which has no method and is not let in by a cookie. */
export interface Asking {
  headers: IncomingHttpHeaders;
  method?: string;
}

export type Authenticate = (request: Asking) => Principal | Promise<Principal>;

export interface KnownKeys {
  /** Those of the settings. */
  keys: readonly AccessKey[];
  /** Those that an admin has made. */
  managed: ManagedKeys;
  /** Of browsers; without it no cookie lets in. */
  signIns?: SignIns;
}

/** Where no key is asked for everybody on loopback is the local admin. */
export const authenticateLocal: Authenticate = () => LOCAL;

/** Lets in who has a key of the settings or one that an admin has made, and browsers that have signed in with one. */
export function authenticateByKey({ keys, managed, signIns }: KnownKeys): Authenticate {
  return async (request) => {
    const value = cookieOf(request);
    if (value !== null && signIns !== undefined) return await bySignIn(signIns, request, value);
    const token = tokenOf(request.headers);
    const principal = findKey(keys, token)?.principal ?? (await managed.principalOf(token));
    if (principal !== null) return principal;
    throw unknownKey();
  };
}

/** The value of the cookie by which a request asks to be let in: a key that is sent comes first. */
export function cookieOf({ headers, method }: Asking): string | null {
  const { authorization, 'x-api-key': apiKey } = headers;
  if (method === undefined || authorization !== undefined || apiKey !== undefined) return null;
  return signInValue(headers);
}

/** A browser sends its cookie whatever page asks: what changes something must come from a page of ours. */
async function bySignIn(signIns: SignIns, { headers, method }: Asking, value: string): Promise<Principal> {
  if (method !== 'GET' && method !== 'HEAD') assertOwnPage(headers);
  const principal = await signIns.principalOf(value);
  if (principal !== null) return principal;
  throw new TemperaError('UNAUTHENTICATED', 'This sign-in has ended. Sign in again.', {
    details: { reason: 'signed_out' },
  });
}

/** The refusal of a key that is nobody's. */
export const unknownKey = (): TemperaError =>
  new TemperaError(
    'UNAUTHENTICATED',
    'This key is not known here: it is mistyped, has ended, or was taken back.',
    { details: { reason: 'unknown_key' } },
  );

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

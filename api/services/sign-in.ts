/** A browser signs in with a key, and out. How often an address may try is counted in Postgres, for all processes. */

import type { IncomingHttpHeaders } from 'node:http';
import { TemperaError } from '../../core/errors.ts';
import type { Principal } from '../../core/principal.ts';
import { unknownKey } from '../access/authenticate.ts';
import { ACCESS_HINT } from '../access/credential-watch.ts';
import type { SignIns } from '../access/sign-ins.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { assertOwnPage } from '../http/access.ts';
import { signInCookie, signInValue, withoutCookie } from '../http/sign-in-cookie.ts';
import { countAttempt } from '../limits/rate-limits.ts';

type Parts = Pick<ApiDependencies, 'db' | 'hub' | 'settings' | 'signIns'>;

/** What a sign-in came with. */
interface Attempt {
  key: string;
  headers: IncomingHttpHeaders;
  /** Address that it came from. */
  address: string;
}

/**
 * Exchanges a key for a cookie; a former sign-in of the same browser ends.
 * @throws TemperaError CONFLICT where no key is asked for, LIMIT_REACHED, UNAUTHENTICATED
 */
export async function signIn(
  parts: Parts,
  { key, headers, address }: Attempt,
): Promise<{ principal: Principal; cookie: string }> {
  const { settings } = parts;
  const signIns = requireSignIns(parts);
  await countAttempt(parts.db, address, settings.signIn.attempts);
  const begun = await signIns.begin(key, settings.signIn);
  if (begun === null) throw unknownKey();
  await end(parts, signIns, signInValue(headers));
  return {
    principal: begun.principal,
    cookie: signInCookie(headers, begun.value, settings.signIn.seconds),
  };
}

/** Ends the browser's sign-in, if it has one. @returns the headers that take its cookie away */
export async function signOut(parts: Parts, headers: IncomingHttpHeaders): Promise<string[]> {
  const value = signInValue(headers);
  if (value !== null) assertOwnPage(headers);
  if (parts.signIns !== undefined) await end(parts, parts.signIns, value);
  return withoutCookie();
}

async function end({ hub }: Parts, signIns: SignIns, value: string | null): Promise<void> {
  if (value === null) return;
  await signIns.end(value);
  hub.notify(ACCESS_HINT);
}

function requireSignIns({ signIns }: Parts): SignIns {
  if (signIns !== undefined) return signIns;
  throw new TemperaError('CONFLICT', 'Nobody signs in here: this platform asks for no key.');
}

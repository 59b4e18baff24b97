/**
 * The cookie of a browser that has signed in: no script reads it, no page of another site makes a browser send it.
 * Where the browser came by TLS it is bound to this very host by its name, too.
 */

import type { IncomingHttpHeaders } from 'node:http';

const NAME = 'tempera_sign_in';
const SECURE_NAME = `__Host-${NAME}`;
const RULES = 'Path=/; HttpOnly; SameSite=Strict';

/** The value that a request carries; null where it has none. */
export function signInValue({ cookie = '' }: IncomingHttpHeaders): string | null {
  const pairs = cookie.split(';').map((pair) => pair.trim());
  for (const name of [SECURE_NAME, NAME]) {
    const pair = pairs.find((each) => each.startsWith(`${name}=`) && each.length > name.length + 1);
    if (pair !== undefined) return pair.slice(name.length + 1);
  }
  return null;
}

/** The header that gives a browser its value for so many seconds. */
export function signInCookie(headers: IncomingHttpHeaders, value: string, seconds: number): string {
  const rules = `${RULES}; Max-Age=${seconds}`;
  return cameByTls(headers) ? `${SECURE_NAME}=${value}; ${rules}; Secure` : `${NAME}=${value}; ${rules}`;
}

/** The headers that take it away, by whichever name it was given. */
export const withoutCookie = (): string[] => [
  `${NAME}=; ${RULES}; Max-Age=0`,
  `${SECURE_NAME}=; ${RULES}; Max-Age=0; Secure`,
];

/** As the browser itself says, else the proxy in front of us. */
function cameByTls({ origin, 'x-forwarded-proto': proto }: IncomingHttpHeaders): boolean {
  return origin === undefined ? proto === 'https' : origin.startsWith('https://');
}

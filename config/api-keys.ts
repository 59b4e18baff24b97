/**
 * The keys that the settings name: TEMPERA_API_KEYS as token:role, separated by commas, and TEMPERA_API_KEY, an
 * admin's. What leaves here holds no token, and no message shows one.
 */

import type { AccessKey } from '../core/access/keys.ts';
import { keyOf } from '../core/access/keys.ts';
import { TemperaError } from '../core/errors.ts';
import { LOCAL, ROLES, type Role } from '../core/principal.ts';
import { isLoopback } from './loopback.ts';
import type { Config } from './schema.ts';

/** Below this many characters a token can be guessed by who may try often. */
const SAFE_CHARACTERS = 20;

/** Whether requests must carry a key: where one is configured or asked for, and wherever others reach the platform. */
export function areKeysRequired(config: Pick<Config, 'access' | 'host'>): boolean {
  const { required, keys, key } = config.access;
  return required || keys !== null || key !== null || !isLoopback(config.host);
}

/** Every key of the settings, and that of this machine's own commands. @throws TemperaError INVALID_INPUT */
export function configuredKeys({ access }: Pick<Config, 'access'>): AccessKey[] {
  const listed = access.keys === null ? [] : access.keys.split(',').map(listedKey);
  const single = access.key === null ? [] : [keyOf(access.key, 'admin')];
  const keys = [...listed, ...single];
  const twice = keys.findIndex(({ hash, principal: { role } }, at) =>
    keys.some((other, before) => before < at && other.hash === hash && other.principal.role !== role),
  );
  if (twice >= 0) throw wrong(`entry ${twice + 1} is the token of another entry with another role`);
  return [...keys, ...machineKey(access.localKey)];
}

/** The key of this machine's own commands is the local admin's. */
const machineKey = (token: string | null): AccessKey[] =>
  token === null ? [] : [{ ...keyOf(token, LOCAL.role), principal: LOCAL }];

/** How many tokens of the settings are short enough to be guessed. */
export function weakTokens({ access }: Pick<Config, 'access'>): number {
  const tokens = [...(access.keys ?? '').split(',').map((entry) => tokenOf(entry.trim())), access.key ?? ''];
  return tokens.filter((token) => token !== '' && token.length < SAFE_CHARACTERS).length;
}

function listedKey(entry: string, at: number): AccessKey {
  const text = entry.trim();
  const colon = text.lastIndexOf(':');
  if (colon < 0) throw wrong(`entry ${at + 1} has no colon`);
  const role = roleOf(text.slice(colon + 1).trim());
  if (role === undefined) throw wrong(`entry ${at + 1} names no role after its last colon`);
  const token = tokenOf(text);
  if (token === '') throw wrong(`entry ${at + 1} has no token before its colon`);
  if (/[^\x21-\x7e]/.test(token)) throw wrong(`entry ${at + 1} has a token that no header can carry`);
  return keyOf(token, role);
}

const tokenOf = (entry: string): string => entry.slice(0, Math.max(0, entry.lastIndexOf(':'))).trim();
const roleOf = (name: string): Role | undefined => ROLES.find((role) => role === name);

function wrong(what: string): TemperaError {
  return new TemperaError(
    'INVALID_INPUT',
    `TEMPERA_API_KEYS cannot be read: ${what}. Its form is token:role, separated by commas; ` +
      `roles are ${ROLES.join(', ')}.`,
    { details: { variable: 'TEMPERA_API_KEYS' } },
  );
}

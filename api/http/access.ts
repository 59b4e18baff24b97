/**
 * From where this server may be talked to. A web page in the owner's browser can reach loopback too, so a request must
 * name a host that we serve (against DNS rebinding) and, when a browser says where it comes from, come from a page of
 * ours. Who is let in with what key is said by access/.
 */

import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { TemperaError } from '../../core/errors.ts';

export interface AccessRules {
  /** Host names served beside loopback's; ports are not compared, so that a forwarded port works. */
  hosts: readonly string[];
  /** Whether any address in digits is served too: no page can turn a name of its own to that. Default: false. */
  hostAddresses?: boolean;
  /** Port to name in a refusal; default: none is named. */
  servedPort?: number | undefined;
  /** Origins trusted beside the server's own, e.g. http://localhost:5173. */
  origins: readonly string[];
}

const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Checks where a request says it goes and comes from. `rawHeaders` are its names and values by turns, as Node has them.
 * @throws TemperaError WRONG_HOST (421), WRONG_ORIGIN (403)
 */
export function assertAccess(
  headers: IncomingHttpHeaders,
  rules: AccessRules,
  rawHeaders: readonly string[] = [],
): void {
  assertOneHost(rawHeaders);
  const host = headers.host ?? '';
  if (!isServed(hostName(host), rules)) {
    throw new TemperaError(
      'WRONG_HOST',
      `Host '${printable(host)}' is not served here. Use ${servedNames(rules)}.`,
    );
  }
  const { origin } = headers;
  if (origin !== undefined && !isTrusted(origin, host, rules)) {
    const shown = printable(origin);
    throw new TemperaError(
      'WRONG_ORIGIN',
      `Pages of ${shown} may not use this server. Add the origin to TEMPERA_ORIGINS and start the platform again.`,
    );
  }
  if (origin === undefined && isForeignSubresource(headers)) {
    throw new TemperaError('WRONG_ORIGIN', 'A page of another site may not load this.');
  }
}

/**
 * Checks that a request that carries a cookie was made by a page of ours, as its browser says; assertAccess has refused
 * origins that are not trusted before. @throws TemperaError WRONG_ORIGIN
 */
export function assertOwnPage({ origin, 'sec-fetch-site': site }: IncomingHttpHeaders): void {
  if (origin !== undefined || site === 'same-origin') return;
  throw new TemperaError(
    'WRONG_ORIGIN',
    'A request with a cookie that changes something must name its page by Origin. Programs send a key instead.',
  );
}

/** Of two, a proxy may go by one and this server by the other. @throws TemperaError WRONG_HOST */
function assertOneHost(rawHeaders: readonly string[]): void {
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  if (hosts.length > 1)
    throw new TemperaError('WRONG_HOST', `The request names ${hosts.length} hosts. Send one Host header.`);
}

/** Where this server may be reached, with the port. */
function servedNames({ hosts, servedPort }: AccessRules): string {
  const port = servedPort === undefined ? '' : `:${servedPort}`;
  return [...LOOPBACK, ...hosts].map((name) => `http://${name}${port}`).join(' or ');
}

function isServed(name: string, rules: AccessRules): boolean {
  if (LOOPBACK.includes(name) || rules.hosts.includes(name)) return true;
  return rules.hostAddresses === true && isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

function isTrusted(origin: string, host: string, rules: AccessRules): boolean {
  if (rules.origins.includes(origin)) return true;
  return origin === `http://${host}` || origin === `https://${host}`;
}

/** A browser loads it for another site's page (an image, a script), not because a person followed a link. */
function isForeignSubresource(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate';
}

function hostName(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}

function printable(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);
}

/** Sent with every answer; the files' route narrows the policy further. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
};

/**
 * Servers that somebody else has named, reached without being led astray.
 *
 * 1. A host is resolved once for a request, and the connection goes to the address that was checked: an answer that
 *    changes in between (DNS rebinding) reaches nobody.
 * 2. Every address that a name has must be public, or the settings allow it.
 * 3. A redirect is a new URL: checked like the first, over a connection of its own, without the headers of the first.
 * 4. What was asked for goes over TLS, but to hosts that the settings allow.
 */

import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { TemperaError } from '../../core/errors.ts';
import type { Outbound, OutboundAnswer, OutboundRequest } from '../../core/ports/outbound.ts';
import { type AllowedHosts, allowedHosts, isPublicAddress } from '../../core/public-addresses.ts';

export interface OutboundOptions {
  /** Names, addresses and ranges that are let through though they are not public. */
  allowed: readonly string[];
  /** Every address of a name. Default: as the machine resolves it. */
  addressesOf?: ((name: string) => Promise<string[]>) | undefined;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export function createOutbound({ allowed, addressesOf = resolved }: OutboundOptions): Outbound {
  const hosts = allowedHosts(allowed);
  const reach = (host: string) => addressFor(host, hosts, addressesOf);

  async function request(text: string, given: OutboundRequest): Promise<OutboundAnswer> {
    let url = checkedUrl(text, hosts);
    let sent = given;
    for (let left = given.redirects ?? 0; ; left -= 1) {
      const answer = await send(url, { ...sent, address: await reach(url.hostname) });
      const status = answer.statusCode ?? 0;
      const { location } = answer.headers;
      if (!REDIRECTS.has(status) || location === undefined || given.redirects === undefined)
        return { status, body: answer, length: lengthOf(answer) };
      answer.destroy();
      if (left === 0) throw refused(url.hostname, 'redirects too often');
      url = checkedUrl(URL.canParse(location, url.href) ? new URL(location, url).href : '', hosts);
      sent = { timeoutMs: given.timeoutMs };
    }
  }

  return {
    resolve: reach,
    async check(url) {
      await reach(checkedUrl(url, hosts).hostname);
    },
    request,
  };
}

function checkedUrl(text: string, hosts: AllowedHosts): URL {
  if (!URL.canParse(text)) throw invalid(`[${text.slice(0, 200)}] is no URL.`);
  const url = new URL(text);
  const host = bare(url.hostname);
  if (url.username !== '' || url.password !== '')
    throw invalid('The URL holds a user or a password: leave them out.');
  if (url.protocol === 'https:') return url;
  if (url.protocol === 'http:' && (hosts.name(host) || hosts.address(host))) return url;
  throw invalid(`The URL begins with https://; [${url.protocol}//${host}] does not.`);
}

/** Checked as a whole: a name with one private address is refused for all of them. */
async function addressFor(
  host: string,
  hosts: AllowedHosts,
  addressesOf: (name: string) => Promise<string[]>,
): Promise<string> {
  const name = bare(host);
  const addresses = isIP(name) === 0 ? await addressesOf(name).catch(() => []) : [name];
  const [address] = addresses;
  if (address === undefined) throw refused(name, 'has no address');
  const mayReach = (each: string) => hosts.name(name) || hosts.address(each) || isPublicAddress(each);
  if (!addresses.every(mayReach)) throw refused(name, 'is not public');
  return address;
}

const resolved = async (name: string): Promise<string[]> =>
  (await lookup(name, { all: true, order: 'ipv4first' })).map(({ address }) => address);

/** As it stands in no URL: without the brackets of an IPv6 address. */
const bare = (host: string): string => host.replace(/^\[|\]$/g, '');

function send(
  url: URL,
  { address, method = 'GET', headers = {}, body, timeoutMs }: OutboundRequest & { address: string },
): Promise<IncomingMessage> {
  const name = bare(url.hostname);
  const isSecure = url.protocol === 'https:';
  const options: RequestOptions & { servername?: string } = {
    ...{ host: address, method, path: url.pathname + url.search, timeout: timeoutMs },
    ...(url.port !== '' && { port: Number(url.port) }),
    ...(isSecure && isIP(name) === 0 && { servername: name }),
    // a connection of its own: none that was made before this check
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      ...headers,
      host: url.host,
      ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
    },
  };
  return new Promise((resolve, reject) => {
    const sent = (isSecure ? httpsRequest : httpRequest)(options, resolve);
    sent.on('timeout', () => sent.destroy(new Error(`${name} was silent for ${timeoutMs} ms`)));
    sent.on('error', reject).end(body);
  });
}

function lengthOf({ headers }: IncomingMessage): number | null {
  const length = Number(headers['content-length'] ?? Number.NaN);
  return Number.isSafeInteger(length) ? length : null;
}

const invalid = (message: string): TemperaError =>
  new TemperaError('INVALID_INPUT', message, { details: { field: 'url' } });

const refused = (host: string, why: string): TemperaError =>
  invalid(
    `[${host.slice(0, 200)}] ${why}. The operator may let it through by TEMPERA_OUTBOUND_HOSTS, a list of hosts, ` +
      'addresses and ranges.',
  );

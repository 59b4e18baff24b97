/**
 * What a browser wants to hear before it lets a page of a trusted origin (TEMPERA_ORIGINS) send a request here and
 * read its answer. Who is trusted decides assertAccess: what it lets pass with an Origin is answered to that origin.
 */

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Of our requests, beside those that every page may send. */
const REQUEST_HEADERS = [
  ...['content-type', 'idempotency-key', 'last-event-id', 'range', 'if-range', 'if-none-match'],
  ...['traceparent', 'authorization', 'x-api-key'],
];
/** Of our answers, beside those that every page may read. */
const ANSWER_HEADERS = [
  ...['content-disposition', 'content-length', 'content-range', 'accept-ranges', 'etag'],
  ...[
    'location',
    'retry-after',
    'x-request-id',
    'x-ratelimit-limit',
    'x-ratelimit-remaining',
    'x-ratelimit-reset',
  ],
];
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
/** Seconds for which a browser need not ask again. */
const VALID_SECONDS = 600;

/** Headers of an answer to a page whose origin is trusted; none for a request that names no origin. */
export function corsHeaders({ origin }: IncomingHttpHeaders): Record<string, string> {
  if (origin === undefined) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': ANSWER_HEADERS.join(', '),
    vary: 'Origin',
  };
}

/** A browser asks whether its page may send a request. */
export function isPreflight({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && 'access-control-request-method' in headers;
}

/** The answer, beside corsHeaders: an empty 204. */
export function preflightHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const toLoopback = headers['access-control-request-private-network'] === 'true';
  return {
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': REQUEST_HEADERS.join(', '),
    'access-control-max-age': String(VALID_SECONDS),
    ...(toLoopback && { 'access-control-allow-private-network': 'true' }),
  };
}

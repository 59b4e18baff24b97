/**
 * Which requests are written into the audit: each that changes something, each that is refused, and of a caller's uses
 * the first of an hour. Written behind the answer; a read that is answered costs a comparison.
 */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Access, READING } from '../../core/access/permissions.ts';
import type { AuditEntry, AuditLog, AuditResult } from '../../core/audit.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { LOCAL, type Principal } from '../../core/principal.ts';
import { rememberPrincipal } from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the refusal or failure that was answered. */
    errorCode: ErrorCode | null;
    /** Id of what the request has made. */
    createdId: string | null;
  }
}

/** What a refusal is: nobody is known, it is not allowed, or there is nothing that the caller may see. */
export const REFUSED: ReadonlySet<number> = new Set([401, 403, 404, 421]);

/** What the parts of an address are called, where it is not the part itself. */
const KINDS: Readonly<Record<string, string>> = {
  agents: 'agent',
  budgets: 'budget',
  'data-connections': 'connection',
  'data-sources': 'data source',
  datasets: 'dataset',
  endpoints: 'endpoint',
  experiments: 'experiment',
  fsm: 'classification',
  keys: 'key',
  models: 'model',
  sessions: 'session',
  uploads: 'upload',
  vocabularies: 'vocabulary',
};

/** Writes the requests of an app into its audit. */
export function auditRequests(
  app: FastifyInstance,
  { audit, db }: Pick<ApiDependencies, 'audit' | 'db'>,
): void {
  const noteUse = useNoter(audit, (principal) => {
    // asked for again at its next use
    rememberPrincipal(db, principal).catch(() => undefined);
  });
  app.decorateRequest('errorCode', null);
  app.decorateRequest('createdId', null);
  app.addHook('onRequest', (request, _reply, done) => {
    if (isApi(request)) noteUse(request.principal);
    done();
  });
  app.addHook('preSerialization', async (request, reply, payload) => {
    if (reply.statusCode === 201) request.createdId = idOf(payload);
    return payload;
  });
  app.addHook('onResponse', (request, { statusCode }, done) => {
    if (isApi(request) && (REFUSED.has(statusCode) || changes(request)))
      audit.record(entryOf(request, statusCode));
    done();
  });
}

/** How often a caller's use is offered to the audit, which keeps one an hour. */
const USE_NOTED_MS = 300_000;

/** Notes a use of a caller, now and then: the table keeps the first of each hour. */
export function useNoter(
  audit: AuditLog,
  remember: (principal: Principal) => void,
): (principal: Principal | undefined) => void {
  const noted = new Map<string, number>();
  return (principal) => {
    if (!principal || principal.id === LOCAL.id) return;
    const now = performance.now();
    const last = noted.get(principal.id);
    if (last !== undefined && now - last < USE_NOTED_MS) return;
    noted.delete(principal.id);
    noted.set(principal.id, now);
    const [oldest] = noted.keys();
    if (noted.size > MOST_CALLERS && oldest !== undefined) noted.delete(oldest);
    audit.record({ principal, action: 'key.use', result: 'ok' });
    remember(principal);
  };
}

/** Callers whose last use is remembered. */
const MOST_CALLERS = 10_000;

function entryOf(request: FastifyRequest, status: number): AuditEntry {
  const { method, routeOptions, is404, principal, errorCode, createdId, id, query, body } = request;
  const pattern = is404 ? 'unknown' : (routeOptions.url ?? 'unknown');
  // what a stranger sends is not written down: a key that is tried may be good elsewhere
  const isKnown = principal !== undefined && routeOptions.config?.permission !== 'open';
  return {
    principal: principal ?? null,
    action: `${method} ${pattern}`,
    object: objectOf(pattern, Object(request.params), createdId),
    result: resultOf(status),
    code: status < 400 ? null : (errorCode ?? String(status)),
    requestId: id,
    details: {
      ...partOf('query', query),
      ...(isKnown ? partOf('body', body) : {}),
      ...(createdId === null ? {} : { created: createdId }),
    },
  };
}

const resultOf = (status: number): AuditResult =>
  status < 400 ? 'ok' : REFUSED.has(status) ? 'refused' : 'failed';

/** What the address names first, or what was made there. */
function objectOf(pattern: string, params: Record<string, unknown>, created: string | null) {
  const part = pattern.split('/')[2];
  if (part === undefined) return null;
  const named = params.id ?? params.name;
  return { kind: KINDS[part] ?? part, id: typeof named === 'string' ? named : created };
}

/** Bytes and forms are no part of it. */
function partOf(name: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return {};
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null ? { [name]: value } : {};
}

function idOf(payload: unknown): string | null {
  const { id }: Record<string, unknown> = Object(payload);
  return typeof id === 'string' ? id : null;
}

/** True for a permission that changes nothing, whatever the method of its route. */
export const isReading = (permission: Access): boolean =>
  permission === 'open' || (permission !== 'anyone' && READING.has(permission));

function changes({ method, routeOptions, is404 }: FastifyRequest): boolean {
  if (is404 || method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return false;
  const { permission } = routeOptions.config;
  // who signs in or out is not known before
  if (permission === 'open' || permission === undefined) return true;
  // decisions are read by a dry run and changed by the same route
  return !isReading(permission) || routeOptions.url?.endsWith('/decisions') === true;
}

const isApi = ({ url }: FastifyRequest): boolean => url.startsWith('/api/');

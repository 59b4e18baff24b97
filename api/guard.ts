/**
 * What every request passes before its route: where it goes and comes from, who sends it, whether its role may. A route
 * without a permission is a fault of ours, and the server does not start with one.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../core/access/permissions.ts';
import { assertAllowed } from '../core/access/policies.ts';
import type { Principal } from '../core/principal.ts';
import type { ApiDependencies } from './dependencies.ts';
import { assertAccess, SECURITY_HEADERS } from './http/access.ts';
import { corsHeaders, isPreflight, preflightHeaders } from './http/cors.ts';
import { assertNoKey } from './http/idempotency.ts';
import { assertLawful, unlawful } from './http/lawful-input.ts';
import { NO_LIMIT } from './limits/rate-limits.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; not set on open routes. */
    principal: Principal;
  }
  interface FastifyContextConfig {
    /** What its caller must be allowed; `anyone` who is let in; `open` answers everybody. */
    permission: Access;
    /** Of a POST: it refuses an Idempotency-Key. */
    takesNoKey?: boolean;
  }
}

type Guarding = Pick<ApiDependencies, 'settings' | 'authenticate' | 'policies'>;

/** Checks every request of `app`. */
export function guard(app: FastifyInstance, dependencies: Guarding): void {
  app.decorateRequest('principal');
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.permission === undefined) throw new Error(`${method} ${url} names no permission.`);
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...SECURITY_HEADERS, ...NO_LIMIT, 'x-request-id': request.id });
    const rules = { ...dependencies.settings, servedPort: request.socket.localPort };
    assertAccess(request.headers, rules, request.raw.rawHeaders);
    reply.headers(corsHeaders(request.headers));
    if (isPreflight(request.raw)) return await answerPreflight(request, reply);
    await letIn(request, dependencies);
    assertPlainBody(request.headers);
    if (takesNoKey(request)) assertNoKey(request.headers);
    return undefined;
  });
  app.addHook('preValidation', async ({ params, query, body }) => {
    // a path within a tree has rules of its own
    assertLawful({ ...Object(params), '*': null }, 'params');
    assertLawful(query, 'querystring');
    assertLawful(body, 'body');
  });
}

/** @throws TemperaError UNAUTHENTICATED, FORBIDDEN */
async function letIn(request: FastifyRequest, { authenticate, policies }: Guarding): Promise<void> {
  // where there is nothing, nobody is told more
  const permission = request.is404 ? 'open' : request.routeOptions.config.permission;
  if (permission === 'open') return;
  request.principal = await authenticate(request);
  if (permission !== 'anyone') assertAllowed(policies.current(), request.principal, permission);
}

async function answerPreflight({ headers }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  await reply.code(204).headers(preflightHeaders(headers)).send();
  return reply;
}

/** A request that is repeated does the same again, or nothing: a key for it would be a promise that nobody keeps. */
function takesNoKey({ method, routeOptions }: FastifyRequest): boolean {
  return (
    method !== 'GET' && method !== 'HEAD' && (method !== 'POST' || routeOptions.config?.takesNoKey === true)
  );
}

/** Bodies are taken as they are: a packed one would be stored, or refused, as something that it is not. */
function assertPlainBody(headers: FastifyRequest['headers']): void {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return;
  throw unlawful(
    'header.content-encoding',
    'must be left out: send the body unpacked, or a table as a file in gz or zip',
  );
}

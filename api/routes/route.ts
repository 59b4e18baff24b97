/** The form of a route file: given what it works with, a plugin whose schemas are zod's. */

import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyPluginCallback, FastifyRequest, RawServerDefault } from 'fastify';
import type { ApiDependencies } from '../dependencies.ts';
import { idempotencyKey } from '../http/idempotency.ts';
import type { ZodTypeProvider } from '../http/zod-provider.ts';

export type RoutePlugin = FastifyPluginCallback<Record<never, never>, RawServerDefault, ZodTypeProvider>;
export type Routes = (dependencies: ApiDependencies) => RoutePlugin;

/** Who commands which session, with what key: read from the request. */
export function commandContext(request: FastifyRequest, sessionId: string) {
  return {
    principal: request.principal,
    sessionId,
    key: idempotencyKey(request.headers),
    traceparent: traceparentOf(request.headers),
  };
}

/** The caller's W3C trace context, when it is well formed. */
export function traceparentOf(headers: IncomingHttpHeaders): string | undefined {
  const value = headers.traceparent;
  return typeof value === 'string' && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(value)
    ? value
    : undefined;
}

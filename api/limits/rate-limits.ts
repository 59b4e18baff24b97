/**
 * How often a caller may ask. A request of a limited caller is counted in Postgres before it is answered, so that
 * several processes count as one; who is not limited costs no statement. With Postgres away a limited request is
 * answered 503.
 */

import type { FastifyInstance } from 'fastify';
import type { AccessLimits } from '../../core/access/limits.ts';
import { TemperaError } from '../../core/errors.ts';
import type { Principal } from '../../core/principal.ts';
import { bindingWindow, type RateState, rateState, WINDOW_SECONDS } from '../../core/rate-window.ts';
import { countRequest, type Queryable, type RateLimit } from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';

type Counting = Pick<ApiDependencies, 'db' | 'limitsOf'>;

/** The routes that use a tool, by its name in the policies. */
const TOOL_ROUTES: ReadonlyMap<string, string> = new Map([
  ['GET /api/uploads/:id/preview', 'profile-dataset'],
  ['POST /api/sessions/:id/sql', 'query'],
  ['POST /api/models/:id/predict', 'predict'],
  ['POST /api/models/:id/predict-file', 'predict'],
  ['POST /api/fsm/start', 'classify-columns'],
  ['GET /api/compare', 'compare-sessions'],
]);

/** Headers of an answer that counts nothing. */
export const NO_LIMIT: Readonly<Record<string, string>> = {
  'x-ratelimit-limit': 'unlimited',
  'x-ratelimit-remaining': 'unlimited',
  'x-ratelimit-reset': '0',
};

/** Counts every request of an app that has its principal by now, and tells each answer what is left. */
export function limitRequests(app: FastifyInstance, dependencies: ApiDependencies): void {
  app.addHook('onRequest', async (request, reply) => {
    // on open routes nobody is asked who they are, and nobody is counted
    if (!request.principal) return;
    await admit(dependencies, request.principal, {
      tool: TOOL_ROUTES.get(`${request.method} ${request.routeOptions.url}`),
      onState: (state) => reply.headers(headersOf(state)),
    });
  });
}

/**
 * Counts one request of a principal.
 * @throws TemperaError LIMIT_REACHED with the time to come back, DATABASE_UNAVAILABLE
 */
export async function admit(
  { db, limitsOf }: Counting,
  principal: Principal,
  request: { tool?: string | undefined; onState?: (state: RateState) => void },
): Promise<void> {
  const limits = rateLimits(limitsOf(principal), request.tool);
  if (limits.length === 0) return;
  const window = bindingWindow(await countRequest(db, principal.id, limits));
  if (window === null) return;
  const state = rateState(window);
  request.onState?.(state);
  if (!window.granted) throw refusal(window.name, state);
}

/** Counts one try of an address to sign in. @throws TemperaError LIMIT_REACHED, DATABASE_UNAVAILABLE */
export async function countAttempt(db: Queryable, address: string, most: number): Promise<void> {
  const window = bindingWindow(await countRequest(db, `address ${address}`, [{ name: 'sign-in', most }]));
  if (window === null || window.granted) return;
  const seconds = Math.max(1, Math.ceil(rateState(window).retrySeconds));
  const message = `From this address ${most} sign-ins a minute may be tried. Come back in ${seconds} s.`;
  throw new TemperaError('LIMIT_REACHED', message, {
    retryAfter: seconds,
    details: { limit: most, window_seconds: WINDOW_SECONDS, what: 'sign-in', retry_after: seconds },
  });
}

function rateLimits({ requests, tools }: AccessLimits, tool: string | undefined): RateLimit[] {
  const ofTool = tool === undefined ? undefined : tools[tool];
  return [
    ...(requests === null ? [] : [{ name: 'requests', most: requests }]),
    ...(ofTool === undefined ? [] : [{ name: `tool ${tool}`, most: ofTool }]),
  ];
}

function refusal(name: string, { limit, retrySeconds }: RateState): TemperaError {
  const what = name === 'requests' ? 'requests' : `requests to the ${name}`;
  const seconds = Math.max(1, Math.ceil(retrySeconds));
  return new TemperaError(
    'LIMIT_REACHED',
    `This caller may send ${limit} ${what} a minute and has. Come back in ${seconds} s.`,
    {
      retryAfter: seconds,
      details: { limit, window_seconds: WINDOW_SECONDS, what: name, retry_after: seconds },
    },
  );
}

function headersOf({ limit, remaining, resetSeconds }: RateState): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(resetSeconds),
  };
}

/** Sessions. */

import { SessionSchema } from '../../core/records.ts';
import { listSessions } from '../../db/index.ts';
import { idempotencyKey } from '../http/idempotency.ts';
import { IdParams, pageOf, SessionBodySchema, SessionsQuery } from '../schemas.ts';
import { OutcomeSchema, withOutcomes } from '../services/experiment-results.ts';
import { createSession, removeSession, requireSession } from '../services/sessions.ts';
import { type Routes, traceparentOf } from './route.ts';

export const sessionRoutes: Routes = (dependencies) => (app, _options, done) => {
  const { db } = dependencies;
  const shown = { params: IdParams, response: { 200: SessionSchema } };
  const created = { params: IdParams, body: SessionBodySchema, response: { 201: SessionSchema } };

  app.post(
    '/api/experiments/:id/sessions',
    { schema: created, config: { permission: 'session:write' } },
    async (request, reply) => {
      const session = await createSession(dependencies, request.principal, {
        experimentId: request.params.id,
        body: request.body,
        key: idempotencyKey(request.headers),
        traceparent: traceparentOf(request.headers),
      });
      return reply.code(201).header('location', `/api/sessions/${session.id}`).send(session);
    },
  );

  const item = SessionSchema.extend({ outcome: OutcomeSchema.optional() });
  const listed = { querystring: SessionsQuery, response: { 200: pageOf(item) } };
  app.get('/api/sessions', { schema: listed, config: { permission: 'session:read' } }, async (request) => {
    const { include, ...filter } = request.query;
    const page = await listSessions(db, request.principal, filter);
    if (include === undefined) return page;
    return { ...page, items: await withOutcomes(dependencies, request.principal, page.items) };
  });

  app.get('/api/sessions/:id', { schema: shown, config: { permission: 'session:read' } }, async (request) => {
    return await requireSession(dependencies, request.principal, request.params.id);
  });

  app.delete(
    '/api/sessions/:id',
    { schema: { params: IdParams }, config: { permission: 'session:write' } },
    async (request, reply) => {
      await removeSession(dependencies, request.principal, request.params.id);
      return reply.code(204).send();
    },
  );

  done();
};

/** Sessions and what they recorded. */

import { z } from 'zod';
import { TemperaError } from '../../core/errors.ts';
import { ArtifactSchema, MessageSchema, SessionSchema, StepSchema, UsageSchema } from '../../core/records.ts';
import {
  getProcessedDataset,
  listArtifacts,
  listMessages,
  listMetrics,
  listSessions,
  listSteps,
  metricSummaries,
  sessionUsage,
} from '../../db/index.ts';
import { idempotencyKey } from '../http/idempotency.ts';
import {
  ArtifactsQuery,
  IdParams,
  MessagesQuery,
  MetricsAnswerSchema,
  MetricsQuery,
  pageOf,
  SessionBodySchema,
  SessionsQuery,
  StepsQuery,
} from '../schemas.ts';
import { createSession, removeSession, requireSession } from '../services/sessions.ts';
import { type Routes, traceparent } from './route.ts';

export const sessionRoutes: Routes = (dependencies) => (app, _options, done) => {
  const { db } = dependencies;
  const shown = { params: IdParams, response: { 200: SessionSchema } };
  const created = { params: IdParams, body: SessionBodySchema, response: { 201: SessionSchema } };

  app.post('/api/experiments/:id/sessions', { schema: created }, async (request, reply) => {
    const session = await createSession(dependencies, request.principal, {
      experimentId: request.params.id,
      body: request.body,
      key: idempotencyKey(request.headers),
      traceparent: traceparent(request),
    });
    return reply.code(201).header('location', `/api/sessions/${session.id}`).send(session);
  });

  const listed = { querystring: SessionsQuery, response: { 200: pageOf(SessionSchema) } };
  app.get('/api/sessions', { schema: listed }, async (request) => {
    return await listSessions(db, request.principal, request.query);
  });

  app.get('/api/sessions/:id', { schema: shown }, async (request) => {
    return await requireSession(dependencies, request.principal, request.params.id);
  });

  app.delete('/api/sessions/:id', { schema: { params: IdParams } }, async (request, reply) => {
    await removeSession(dependencies, request.principal, request.params.id);
    return reply.code(204).send();
  });

  const messages = { params: IdParams, querystring: MessagesQuery, response: { 200: pageOf(MessageSchema) } };
  app.get('/api/sessions/:id/messages', { schema: messages }, async (request) => {
    const { id } = await requireSession(dependencies, request.principal, request.params.id);
    return (await listMessages(db, request.principal, id, request.query)) ?? { items: [], next_cursor: null };
  });

  const steps = {
    params: IdParams,
    querystring: StepsQuery,
    response: { 200: z.object({ items: z.array(StepSchema) }) },
  };
  app.get('/api/sessions/:id/steps', { schema: steps }, async (request) => {
    const { id } = await requireSession(dependencies, request.principal, request.params.id);
    return { items: (await listSteps(db, request.principal, id, request.query)) ?? [] };
  });

  const artifacts = {
    params: IdParams,
    querystring: ArtifactsQuery,
    response: { 200: z.object({ items: z.array(ArtifactSchema) }) },
  };
  app.get('/api/sessions/:id/artifacts', { schema: artifacts }, async (request) => {
    const { id } = await requireSession(dependencies, request.principal, request.params.id);
    return { items: (await listArtifacts(db, request.principal, id, request.query)) ?? [] };
  });

  const metrics = { params: IdParams, querystring: MetricsQuery, response: { 200: MetricsAnswerSchema } };
  app.get('/api/sessions/:id/metrics', { schema: metrics }, async (request) => {
    const { id } = await requireSession(dependencies, request.principal, request.params.id);
    const [items, summaries] = await Promise.all([
      listMetrics(db, request.principal, id, request.query),
      metricSummaries(db, request.principal, id),
    ]);
    return { items: items ?? [], summaries: (summaries ?? []).map((summary) => ({ ...summary })) };
  });

  app.get(
    '/api/sessions/:id/usage',
    { schema: { params: IdParams, response: { 200: UsageSchema } } },
    async (request) => {
      const { id } = await requireSession(dependencies, request.principal, request.params.id);
      return await sessionUsage(db, id);
    },
  );

  app.get('/api/sessions/:id/metadata', { schema: { params: IdParams } }, async (request) => {
    const { id } = await requireSession(dependencies, request.principal, request.params.id);
    const metadata = await getProcessedDataset(db, request.principal, id);
    if (!metadata)
      throw new TemperaError('NOT_FOUND', 'There is no processed dataset yet: run the prep stage.');
    return metadata;
  });

  done();
};

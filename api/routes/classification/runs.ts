/** Runs of a classification: started, watched, cancelled. */

import { z } from 'zod';
import { RunStatusSchema, VocabularyTermSchema } from '../../../core/classification/answers.ts';
import { classificationStream } from '../../../core/classification/names.ts';
import { ClassificationRunSchema } from '../../../core/classification/records.ts';
import { CLASSIFICATION_STATES } from '../../../core/classification/states.ts';
import { listRuns } from '../../../db/index.ts';
import { RunsQuery, SourceQuery, StartBodySchema } from '../../classification-schemas.ts';
import { idempotencyKey } from '../../http/idempotency.ts';
import { EmptyBodySchema, IdParams, pageOf, StreamQuery } from '../../schemas.ts';
import { requireRun } from '../../services/classification/required.ts';
import { cancelRun, runStatus, startRun } from '../../services/classification/runs.ts';
import { runVocabulary } from '../../services/classification/vocabularies.ts';
import { createStreamService } from '../../services/streams.ts';
import { type Routes, traceparentOf } from '../route.ts';

const StartedSchema = z.object({ run_id: z.string(), state: z.enum(CLASSIFICATION_STATES) });

export const classificationRunRoutes: Routes = (dependencies) => (app, _options, done) => {
  const started = { body: StartBodySchema, response: { 202: StartedSchema } };
  app.post(
    '/api/fsm/start',
    { schema: started, config: { permission: 'classification:start' } },
    async (request, reply) => {
      const { id, state } = await startRun(dependencies, request.principal, {
        ...{ body: request.body, key: idempotencyKey(request.headers) },
        traceparent: traceparentOf(request.headers),
      });
      return reply.code(202).header('location', `/api/fsm/runs/${id}`).send({ run_id: id, state });
    },
  );

  const status = { querystring: SourceQuery, response: { 200: RunStatusSchema } };
  app.get(
    '/api/fsm/status',
    { schema: status, config: { permission: 'classification:read' } },
    async (request) => {
      return await runStatus(dependencies, request.principal, request.query.source_id);
    },
  );

  const listed = { querystring: RunsQuery, response: { 200: pageOf(ClassificationRunSchema) } };
  app.get(
    '/api/fsm/runs',
    { schema: listed, config: { permission: 'classification:read' } },
    async (request) => {
      return await listRuns(dependencies.db, request.principal, request.query);
    },
  );

  const shown = { params: IdParams, response: { 200: ClassificationRunSchema } };
  app.get(
    '/api/fsm/runs/:id',
    { schema: shown, config: { permission: 'classification:read' } },
    async (request) => {
      return await requireRun(dependencies, request.principal, request.params.id);
    },
  );

  const terms = ClassificationRunSchema.shape.vocabulary.extend({ tree: z.array(VocabularyTermSchema) });
  app.get(
    '/api/fsm/runs/:id/vocabulary',
    {
      schema: { params: IdParams, response: { 200: terms } },
      config: { permission: 'classification:read' },
    },
    async (request) => await runVocabulary(dependencies, request.principal, request.params.id),
  );

  app.post(
    '/api/fsm/runs/:id/cancel',
    { schema: { ...shown, body: EmptyBodySchema }, config: { permission: 'classification:start' } },
    async (request) => {
      const cancelled = { id: request.params.id, key: idempotencyKey(request.headers) };
      return await cancelRun(dependencies, request.principal, cancelled);
    },
  );

  const streams = createStreamService(dependencies);
  app.addHook('preClose', async () => streams.close());
  const stream = { params: IdParams, querystring: StreamQuery };
  app.get(
    '/api/fsm/runs/:id/stream',
    { schema: stream, exposeHeadRoute: false, config: { permission: 'classification:read' } },
    async (request, reply) => {
      const { principal, params, headers, query } = request;
      const { id, owner } = await requireRun(dependencies, principal, params.id);
      const after = streams.position(headers['last-event-id'], query.after);
      // who may see the run may see its events, whoever owns them
      const reader = { ...principal, id: owner };
      await streams.serve(request, reply, { streamId: classificationStream(id), after, reader });
    },
  );

  done();
};

/** The registry of finished models, and their predictions. */

import { Readable } from 'node:stream';
import { z } from 'zod';
import { TemperaError } from '../../core/errors.ts';
import { ModelDescriptionSchema, PredictionSchema } from '../../core/ports/sandbox-tools.ts';
import { onlyFile } from '../http/forms.ts';
import { idempotencyKey } from '../http/idempotency.ts';
import { NOTES_HEADER, notesHeader } from '../http/notes-header.ts';
import { IdParams, PageQuery, pageOf } from '../schemas.ts';
import {
  describeModel,
  ModelSchema,
  modelPage,
  predictFile,
  predictRows,
  requireModel,
} from '../services/models.ts';
import type { Routes } from './route.ts';

/** Rows of one JSON request; more go as a file. */
const PREDICT_ROWS = 1_000;

const PredictBody = z.strictObject({
  rows: z.array(z.record(z.string(), z.unknown())).min(1).max(PREDICT_ROWS),
});
const PredictAnswer = z.object({
  model: z.string(),
  stale: z.boolean(),
  predictions: z.array(PredictionSchema),
});

export const modelRoutes: Routes = (dependencies) => (app, _options, done) => {
  const listed = { querystring: PageQuery, response: { 200: pageOf(ModelSchema) } };
  app.get('/api/models', { schema: listed, config: { permission: 'session:read' } }, async (request) => {
    return await modelPage(dependencies, request.principal, request.query);
  });

  app.get(
    '/api/models/:id',
    { schema: { params: IdParams, response: { 200: ModelSchema } }, config: { permission: 'session:read' } },
    async (request) => {
      return await requireModel(dependencies, request.principal, request.params.id);
    },
  );

  const described = {
    params: IdParams,
    response: { 200: ModelSchema.extend({ description: ModelDescriptionSchema }) },
  };
  app.get(
    '/api/models/:id/description',
    { schema: described, config: { permission: 'session:read' } },
    async (request) => {
      return await describeModel(dependencies, request.principal, request.params.id);
    },
  );

  const predicted = { params: IdParams, body: PredictBody, response: { 200: PredictAnswer } };
  app.post(
    '/api/models/:id/predict',
    { schema: predicted, config: { permission: 'data:read' } },
    async (request) => {
      const { rows } = request.body;
      const key = idempotencyKey(request.headers);
      return await predictRows(dependencies, request.principal, { id: request.params.id, rows, key });
    },
  );

  const FileQuery = z.strictObject({ name: z.string().max(1_000).optional() });
  const batch = { params: IdParams, querystring: FileQuery };
  const { uploadBytes } = dependencies.settings;
  app.post(
    '/api/models/:id/predict-file',
    { bodyLimit: uploadBytes, schema: batch, config: { permission: 'data:read' } },
    async (request, reply) => {
      const { body, principal } = request;
      const { id } = request.params;
      await requireModel(dependencies, principal, id);
      if (!request.isMultipart() && !(body instanceof Readable)) {
        throw new TemperaError(
          'INVALID_INPUT',
          'Send one file: as a form, or its bytes as text/csv or application/octet-stream with ?name=.',
        );
      }
      const bare = body instanceof Readable ? { name: request.query.name ?? 'rows.csv', body } : null;
      const file = { ...(bare ?? (await onlyFile(request))), id, key: idempotencyKey(request.headers) };
      const { notes, pieces } = await predictFile(dependencies, principal, file);
      reply.headers({
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="predictions.csv"',
        [NOTES_HEADER]: notesHeader(notes),
      });
      return reply.send(Readable.from(pieces, { objectMode: false }));
    },
  );

  done();
};

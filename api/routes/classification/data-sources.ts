/** Data sources: what is classified. */

import { z } from 'zod';
import { ListedSourceSchema, ReviewSchema } from '../../../core/classification/records.ts';
import { listDataSources, listReviews } from '../../../db/index.ts';
import { ReviewsQuery, SourceBodySchema, TablesQuery, UndoBodySchema } from '../../classification-schemas.ts';
import { idempotencyKey } from '../../http/idempotency.ts';
import { IdParams, pageOf } from '../../schemas.ts';
import { requireSource } from '../../services/classification/required.ts';
import { undoDecisions } from '../../services/classification/reviews.ts';
import {
  createSource,
  removeSource,
  sourceTables,
  testSource,
} from '../../services/classification/sources.ts';
import type { Routes } from '../route.ts';

const SourceProbeSchema = z.object({ ok: z.boolean(), message: z.string(), tables: z.number().nullable() });
const SourceTableSchema = z.object({
  database: z.string(),
  table: z.string(),
  /** Of the last run; null where it was not sampled. */
  columns: z.number().nullable(),
  /** Why the last run could not sample it. */
  error: z.string().nullable(),
});

export const dataSourceRoutes: Routes = (dependencies) => (app, _options, done) => {
  const { db } = dependencies;

  const listed = { response: { 200: z.object({ items: z.array(ListedSourceSchema) }) } };
  app.get(
    '/api/data-sources',
    { schema: listed, config: { permission: 'classification:read' } },
    async (request) => ({
      items: await listDataSources(db, request.principal),
    }),
  );

  const created = { body: SourceBodySchema, response: { 201: ListedSourceSchema } };
  app.post(
    '/api/data-sources',
    { schema: created, config: { permission: 'classification:start' } },
    async (request, reply) => {
      const { body, principal } = request;
      const key = idempotencyKey(request.headers);
      const source = await createSource(dependencies, principal, { body, key });
      return reply.code(201).header('location', `/api/data-sources/${source.id}`).send(source);
    },
  );

  const shown = { params: IdParams, response: { 200: ListedSourceSchema } };
  app.get(
    '/api/data-sources/:id',
    { schema: shown, config: { permission: 'classification:read' } },
    async (request) => {
      return await requireSource(dependencies, request.principal, request.params.id);
    },
  );

  app.delete(
    '/api/data-sources/:id',
    { schema: { params: IdParams }, config: { permission: 'classification:start' } },
    async (request, reply) => {
      await removeSource(dependencies, request.principal, request.params.id);
      return reply.code(204).send();
    },
  );

  const tested = { params: IdParams, response: { 200: SourceProbeSchema } };
  app.post(
    '/api/data-sources/:id/test',
    { schema: tested, config: { permission: 'data:read', takesNoKey: true } },
    async (request) => await testSource(dependencies, request.principal, request.params.id),
  );

  const tables = { params: IdParams, querystring: TablesQuery, response: { 200: pageOf(SourceTableSchema) } };
  app.get(
    '/api/data-sources/:id/tables',
    { schema: tables, config: { permission: 'data:read' } },
    async (request) => {
      const { id } = request.params;
      return await sourceTables(dependencies, request.principal, { id, ...request.query });
    },
  );

  const reviews = { params: IdParams, querystring: ReviewsQuery, response: { 200: pageOf(ReviewSchema) } };
  app.get(
    '/api/data-sources/:id/reviews',
    { schema: reviews, config: { permission: 'classification:read' } },
    async (request) => {
      const { id } = await requireSource(dependencies, request.principal, request.params.id);
      return await listReviews(db, request.principal, { source_id: id, ...request.query });
    },
  );

  const undone = {
    ...{ params: IdParams, body: UndoBodySchema },
    response: { 200: z.object({ items: z.array(ReviewSchema) }) },
  };
  app.post(
    '/api/data-sources/:id/reviews/undo',
    { schema: undone, config: { permission: 'classification:review', takesNoKey: true } },
    async (request) => {
      const { ids } = request.body;
      const undoing = { id: request.params.id, ids };
      return { items: await undoDecisions(dependencies, request.principal, undoing) };
    },
  );

  done();
};

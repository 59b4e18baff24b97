/** Vocabularies, and one column that is classified by itself. */

import { z } from 'zod';
import {
  AttachableSchema,
  AttachmentSchema,
  ExplainedColumnSchema,
  VocabularyStatsSchema,
  VocabularyTermSchema,
} from '../../../core/classification/answers.ts';
import { AttachmentChangeRecordSchema, VocabularySchema } from '../../../core/classification/records.ts';
import { listVocabularies } from '../../../db/index.ts';
import {
  AttachmentBodySchema,
  ExplainBodySchema,
  SourceQuery,
  UndoBodySchema,
  VOCABULARY_BYTES,
  VocabularyBodySchema,
  VocabularyIdParams,
} from '../../classification-schemas.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { idempotencyKey } from '../../http/idempotency.ts';
import { IdParams } from '../../schemas.ts';
import {
  changeAttachment,
  undoAttachments,
  vocabularyAttachments,
} from '../../services/classification/attachments.ts';
import {
  explainColumn,
  removeVocabulary,
  storeVocabulary,
  vocabularyStats,
  vocabularyTree,
} from '../../services/classification/vocabularies.ts';
import type { Routes } from '../route.ts';

type App = Parameters<ReturnType<Routes>>[0];

function attachmentRoutes(app: App, dependencies: ApiDependencies): void {
  const attached = z.object({
    items: z.array(AttachmentSchema),
    changes: z.array(AttachmentChangeRecordSchema),
    attachable: z.array(AttachableSchema),
  });
  app.get(
    '/api/vocabularies/:id/attachments',
    {
      schema: { params: IdParams, response: { 200: attached } },
      config: { permission: 'classification:read' },
    },
    async (request) => await vocabularyAttachments(dependencies, request.principal, request.params.id),
  );

  const changed = {
    ...{ params: IdParams, body: AttachmentBodySchema },
    response: { 201: AttachmentChangeRecordSchema },
  };
  app.post(
    '/api/vocabularies/:id/attachments',
    { schema: changed, config: { permission: 'classification:start' } },
    async (request, reply) => {
      const { principal, params, body, headers } = request;
      const change = { id: params.id, change: body, key: idempotencyKey(headers) };
      return reply.code(201).send(await changeAttachment(dependencies, principal, change));
    },
  );

  const undone = {
    ...{ params: IdParams, body: UndoBodySchema },
    response: { 200: z.object({ items: z.array(AttachmentChangeRecordSchema) }) },
  };
  app.post(
    '/api/vocabularies/:id/attachments/undo',
    { schema: undone, config: { permission: 'classification:start', takesNoKey: true } },
    async ({ principal, params, body }) => ({
      items: await undoAttachments(dependencies, principal, { id: params.id, ids: body.ids }),
    }),
  );
}

export const vocabularyRoutes: Routes = (dependencies) => (app, _options, done) => {
  const listed = { response: { 200: z.object({ items: z.array(VocabularySchema) }) } };
  app.get(
    '/api/vocabularies',
    { schema: listed, config: { permission: 'classification:read' } },
    async (request) => ({
      items: await listVocabularies(dependencies.db, request.principal),
    }),
  );

  const tree = VocabularySchema.extend({ tree: z.array(VocabularyTermSchema) });
  app.get(
    '/api/vocabularies/:id',
    { schema: { params: IdParams, response: { 200: tree } }, config: { permission: 'classification:read' } },
    async (request) => await vocabularyTree(dependencies, request.principal, request.params.id),
  );

  const stored = {
    ...{ params: VocabularyIdParams, body: VocabularyBodySchema },
    response: { 200: VocabularySchema },
  };
  app.put(
    '/api/vocabularies/:id',
    { schema: stored, bodyLimit: VOCABULARY_BYTES, config: { permission: 'classification:start' } },
    async (request) => {
      const { body, params, principal } = request;
      return await storeVocabulary(dependencies, principal, { id: params.id, body });
    },
  );

  app.delete(
    '/api/vocabularies/:id',
    { schema: { params: IdParams }, config: { permission: 'classification:start' } },
    async (request, reply) => {
      await removeVocabulary(dependencies, request.principal, request.params.id);
      return reply.code(204).send();
    },
  );

  attachmentRoutes(app, dependencies);

  const stats = { querystring: SourceQuery, response: { 200: VocabularyStatsSchema } };
  app.get(
    '/api/vocabulary/stats',
    { schema: stats, config: { permission: 'classification:read' } },
    async (request) => {
      return await vocabularyStats(dependencies, request.principal, request.query.source_id);
    },
  );

  const explained = { body: ExplainBodySchema, response: { 200: ExplainedColumnSchema } };
  app.post(
    '/api/classify/explain',
    { schema: explained, config: { permission: 'classification:read', takesNoKey: true } },
    async (request) => await explainColumn(dependencies, request.principal, request.body),
  );

  done();
};

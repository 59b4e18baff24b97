/** Vocabularies, and one column that is classified by itself. */

import { z } from 'zod';
import {
  AttachmentSchema,
  ExplanationSchema,
  VocabularyStatsSchema,
  VocabularyTermSchema,
} from '../../../core/classification/answers.ts';
import { VocabularySchema } from '../../../core/classification/records.ts';
import { listVocabularies } from '../../../db/index.ts';
import {
  ExplainBodySchema,
  SourceQuery,
  VOCABULARY_BYTES,
  VocabularyBodySchema,
  VocabularyIdParams,
} from '../../classification-schemas.ts';
import { IdParams } from '../../schemas.ts';
import {
  explainColumn,
  removeVocabulary,
  storeVocabulary,
  vocabularyAttachments,
  vocabularyStats,
  vocabularyTree,
} from '../../services/classification/vocabularies.ts';
import type { Routes } from '../route.ts';

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

  const attached = { params: IdParams, response: { 200: z.object({ items: z.array(AttachmentSchema) }) } };
  app.get(
    '/api/vocabularies/:id/attachments',
    { schema: attached, config: { permission: 'classification:read' } },
    async (request) => ({
      items: await vocabularyAttachments(dependencies, request.principal, request.params.id),
    }),
  );

  const stats = { querystring: SourceQuery, response: { 200: VocabularyStatsSchema } };
  app.get(
    '/api/vocabulary/stats',
    { schema: stats, config: { permission: 'classification:read' } },
    async (request) => {
      return await vocabularyStats(dependencies, request.principal, request.query.source_id);
    },
  );

  const explained = { body: ExplainBodySchema, response: { 200: ExplanationSchema } };
  app.post(
    '/api/classify/explain',
    { schema: explained, config: { permission: 'classification:read', takesNoKey: true } },
    async (request) => await explainColumn(dependencies, request.principal, request.body),
  );

  done();
};

/** Experiments. */

import { ExperimentSchema, ListedExperimentSchema } from '../../core/records.ts';
import { listExperiments, listExperimentsAsJson } from '../../db/index.ts';
import { formParts } from '../http/forms.ts';
import { idempotencyKey } from '../http/idempotency.ts';
import { parseInput } from '../http/zod-provider.ts';
import {
  ExperimentBodySchema,
  ExperimentFieldsSchema,
  ExperimentPatchSchema,
  ExperimentsQuery,
  IdParams,
  pageOf,
} from '../schemas.ts';
import { withScratch } from '../services/dataset-files.ts';
import { readTableForm } from '../services/experiment-form.ts';
import { LastSessionSchema, withLastSessions } from '../services/experiment-results.ts';
import {
  adoptFile,
  changeExperiment,
  createExperiment,
  newExperimentId,
  removeExperiment,
  requireExperiment,
} from '../services/experiments.ts';
import type { Routes } from './route.ts';

export const experimentRoutes: Routes = (dependencies) => (app, _options, done) => {
  const { db, store } = dependencies;

  app.post(
    '/api/experiments',
    { schema: { response: { 201: ExperimentSchema } }, config: { permission: 'session:write' } },
    async (request, reply) => {
      const experiment = await withScratch(store, async (scratch) => {
        const id = newExperimentId();
        const key = idempotencyKey(request.headers);
        if (request.isMultipart()) {
          const form = await readTableForm(dependencies, scratch, {
            ...{ id, parts: formParts(request), schema: ExperimentFieldsSchema },
          });
          const made = { id, key, scratch, profile: null, ...form };
          return await createExperiment(dependencies, request.principal, made);
        }
        const { upload_id, dataset_ref, ...fields } = parseInput(ExperimentBodySchema, request.body, 'body');
        const named = { id, scratch, upload_id, dataset_ref };
        const { file, profile } = await adoptFile(dependencies, request.principal, named);
        const made = { id, key, scratch, files: [file], fields, profile, upload: upload_id };
        return await createExperiment(dependencies, request.principal, made);
      });
      return reply.code(201).header('location', `/api/experiments/${experiment.id}`).send(experiment);
    },
  );

  const item = ListedExperimentSchema.extend({ last: LastSessionSchema.nullable().optional() });
  const listed = { querystring: ExperimentsQuery, response: { 200: pageOf(item) } };
  app.get('/api/experiments', { schema: listed, config: { permission: 'session:read' } }, async (request) => {
    const { include, ...filter } = request.query;
    if (include === undefined) return await listExperimentsAsJson(db, request.principal, filter);
    const page = await listExperiments(db, request.principal, filter);
    return { ...page, items: await withLastSessions(dependencies, request.principal, page.items) };
  });

  const shown = { params: IdParams, response: { 200: ExperimentSchema } };
  app.get(
    '/api/experiments/:id',
    { schema: shown, config: { permission: 'session:read' } },
    async (request) => {
      return await requireExperiment(dependencies, request.principal, request.params.id);
    },
  );

  app.patch(
    '/api/experiments/:id',
    { schema: { ...shown, body: ExperimentPatchSchema }, config: { permission: 'session:write' } },
    async (request) => {
      return await changeExperiment(dependencies, request.principal, {
        id: request.params.id,
        patch: request.body,
      });
    },
  );

  app.delete(
    '/api/experiments/:id',
    { schema: { params: IdParams }, config: { permission: 'session:write' } },
    async (request, reply) => {
      await removeExperiment(dependencies, request.principal, request.params.id);
      return reply.code(204).send();
    },
  );

  done();
};

/** What a session measured: metrics, usage, the processed dataset. */

import { TemperaError } from '../../core/errors.ts';
import { UsageSchema } from '../../core/records.ts';
import {
  getProcessedDataset,
  JsonText,
  listMetricColumns,
  listMetrics,
  metricSummaries,
  sessionUsage,
} from '../../db/index.ts';
import { IdParams, MetricsAnswerSchema, MetricsQuery } from '../schemas.ts';
import { ofSession, requireSession } from '../services/sessions.ts';
import type { Routes } from './route.ts';

export const measureRoutes: Routes = (dependencies) => (app, _options, done) => {
  const { db } = dependencies;

  const metrics = { params: IdParams, querystring: MetricsQuery, response: { 200: MetricsAnswerSchema } };
  app.get(
    '/api/sessions/:id/metrics',
    { schema: metrics, config: { permission: 'session:read' } },
    async (request) => {
      const { id } = request.params;
      const { form, ...chosen } = request.query;
      const filter = { ...chosen, session: id };
      const [items, series, summaries] = await Promise.all([
        form === 'points' ? listMetrics(db, request.principal, filter) : null,
        form === 'columns' ? listMetricColumns(db, request.principal, filter) : null,
        metricSummaries(db, request.principal, id),
      ]);
      const others = JSON.stringify({
        ...(series === null ? {} : { series }),
        summaries: ofSession(summaries, id),
      });
      return new JsonText(['{"items":', ...(items?.chunks ?? ['[]']), `,${others.slice(1)}`]);
    },
  );

  app.get(
    '/api/sessions/:id/usage',
    { schema: { params: IdParams, response: { 200: UsageSchema } }, config: { permission: 'session:read' } },
    async (request) => {
      const { id } = await requireSession(dependencies, request.principal, request.params.id);
      return await sessionUsage(db, id);
    },
  );

  app.get(
    '/api/sessions/:id/metadata',
    { schema: { params: IdParams }, config: { permission: 'session:read' } },
    async (request) => {
      const { id } = await requireSession(dependencies, request.principal, request.params.id);
      const metadata = await getProcessedDataset(db, request.principal, id);
      if (!metadata)
        throw new TemperaError('NOT_FOUND', 'There is no processed dataset yet: run the prep stage.');
      return metadata;
    },
  );

  done();
};

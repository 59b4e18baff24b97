/** Datasets: runs' results as versions of a source. */

import { Readable } from 'node:stream';
import { z } from 'zod';
import { ClassifiedDatasetSchema } from '../../../core/classification/records.ts';
import { listClassifiedDatasets } from '../../../db/index.ts';
import { SourceQuery } from '../../classification-schemas.ts';
import { contentDisposition } from '../../http/media-types.ts';
import { EmptyBodySchema, IdParams } from '../../schemas.ts';
import { makeActive, openDataset } from '../../services/classification/datasets.ts';
import type { Routes } from '../route.ts';

export const classifiedDatasetRoutes: Routes = (dependencies) => (app, _options, done) => {
  const listed = {
    querystring: SourceQuery,
    response: { 200: z.object({ items: z.array(ClassifiedDatasetSchema) }) },
  };
  app.get(
    '/api/datasets',
    { schema: listed, config: { permission: 'classification:read' } },
    async ({ principal, query }) => ({
      items: await listClassifiedDatasets(dependencies.db, principal, query.source_id),
    }),
  );

  const active = { params: IdParams, body: EmptyBodySchema, response: { 200: ClassifiedDatasetSchema } };
  app.post(
    '/api/datasets/:id/activate',
    { schema: active, config: { permission: 'classification:start', takesNoKey: true } },
    async ({ principal, params }) => await makeActive(dependencies, principal, params.id),
  );

  const data = { params: IdParams };
  app.get(
    '/api/datasets/:id/data',
    { schema: data, compress: false, config: { permission: 'data:read' } },
    async (request, reply) => {
      const { principal, params, headers } = request;
      const found = await openDataset(dependencies, principal, { id: params.id, headers });
      const { name, size, sha256, range } = found;
      reply.headers({
        'content-type': 'application/vnd.apache.parquet',
        'content-disposition': contentDisposition(name, 'attachment'),
        'cache-control': 'private, no-cache',
        'accept-ranges': 'bytes',
        etag: `"${sha256}"`,
      });
      if (found.isKnown) return reply.code(304).send();
      if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`);
      reply.header('content-length', range ? range.end - range.start + 1 : size);
      return reply.send(request.method === 'HEAD' ? Readable.from([]) : await found.open());
    },
  );

  done();
};

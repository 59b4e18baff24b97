/** What the platform runs work on. */

import { z } from 'zod';
import { ENDPOINT_KINDS, EndpointSchema } from '../../core/endpoints.ts';
import { listEndpoints } from '../services/endpoints.ts';
import type { Routes } from './route.ts';

export const endpointRoutes: Routes = (dependencies) => (app, _options, done) => {
  const listed = {
    querystring: z.strictObject({ kind: z.enum(ENDPOINT_KINDS).optional() }),
    response: { 200: z.object({ endpoints: z.array(EndpointSchema) }) },
  };
  app.get('/api/endpoints', { schema: listed, config: { permission: 'discover' } }, async (request) => {
    const { kind } = request.query;
    const all = await listEndpoints(dependencies, request.principal);
    return { endpoints: all.filter((endpoint) => kind === undefined || endpoint.kind === kind) };
  });

  const drain = {
    params: z.object({ id: z.string() }),
    body: z.strictObject({ on: z.boolean() }),
    response: { 200: z.object({ running: z.number() }) },
  };
  app.post(
    '/api/endpoints/:id/drain',
    { schema: drain, config: { permission: 'endpoints:drain', takesNoKey: true } },
    async (request) => {
      const { id } = request.params;
      return { running: await dependencies.tools.drain(id, request.body.on) };
    },
  );

  done();
};

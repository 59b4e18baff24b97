/** A session to take away: as a zip, as a notebook; and where everything in it came from. */

import { z } from 'zod';
import { FilesQuery, IdParams } from '../schemas.ts';
import { LineageSchema, sessionLineage } from '../services/lineage.ts';
import { openArchive } from '../services/session-archive.ts';
import { sessionNotebook } from '../services/session-notebook.ts';
import { requireSession } from '../services/sessions.ts';
import type { Routes } from './route.ts';

export const exportRoutes: Routes = (dependencies) => (app, _options, done) => {
  const archive = { params: IdParams, querystring: FilesQuery };
  app.get(
    '/api/sessions/:id/archive.zip',
    { schema: archive, exposeHeadRoute: false },
    async (request, reply) => {
      const session = await requireSession(dependencies, request.principal, request.params.id);
      const stream = await openArchive(dependencies, request.principal, session, request.query.path);
      reply.headers({
        'content-type': 'application/zip',
        'content-disposition': attachment(`${session.id}.zip`),
      });
      return reply.send(stream);
    },
  );

  app.get('/api/sessions/:id/notebook.ipynb', { schema: { params: IdParams } }, async (request, reply) => {
    const session = await requireSession(dependencies, request.principal, request.params.id);
    const notebook = await sessionNotebook(dependencies, request.principal, session);
    reply.headers({
      'content-type': 'application/x-ipynb+json',
      'content-disposition': attachment(`${session.id}.ipynb`),
    });
    return reply.send(JSON.stringify(notebook));
  });

  const lineage = { params: z.strictObject({ id: z.string() }), response: { 200: LineageSchema } };
  app.get('/api/sessions/:id/lineage', { schema: lineage }, async (request) => {
    const session = await requireSession(dependencies, request.principal, request.params.id);
    return await sessionLineage(dependencies, request.principal, session);
  });

  done();
};

const attachment = (name: string): string => `attachment; filename="${name}"`;

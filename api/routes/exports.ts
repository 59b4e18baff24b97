/** A session to take away: as a zip, as a notebook; and where everything in it came from. */

import { z } from 'zod';
import type { Principal } from '../../core/principal.ts';
import type { Session } from '../../core/records.ts';
import { contentDisposition } from '../http/media-types.ts';
import { FilesQuery, IdParams } from '../schemas.ts';
import { requireExperiment } from '../services/experiments.ts';
import { LineageSchema, sessionLineage } from '../services/lineage.ts';
import { openArchive } from '../services/session-archive.ts';
import { sessionNotebook } from '../services/session-notebook.ts';
import { requireSession } from '../services/sessions.ts';
import type { Routes } from './route.ts';

/** Of a session's id, as the pages show it too. */
const SHORT_ID = 6;

export const exportRoutes: Routes = (dependencies) => (app, _options, done) => {
  /** A download is named by its experiment and the session's short id: what people know it by. */
  async function attachment(principal: Principal, session: Session, ending: string): Promise<string> {
    const { name } = await requireExperiment(dependencies, principal, session.experiment_id);
    return contentDisposition(`${downloadName(name)}-${session.id.slice(-SHORT_ID)}.${ending}`, 'attachment');
  }

  const archive = { params: IdParams, querystring: FilesQuery };
  app.get(
    '/api/sessions/:id/archive.zip',
    { schema: archive, exposeHeadRoute: false, config: { permission: 'data:read' } },
    async (request, reply) => {
      const session = await requireSession(dependencies, request.principal, request.params.id);
      const { path } = request.query;
      const stream = await openArchive(dependencies, request.principal, { session, path });
      reply.headers({
        'content-type': 'application/zip',
        'content-disposition': await attachment(request.principal, session, 'zip'),
      });
      return reply.send(stream);
    },
  );

  app.get(
    '/api/sessions/:id/notebook.ipynb',
    { schema: { params: IdParams }, config: { permission: 'data:read' } },
    async (request, reply) => {
      const session = await requireSession(dependencies, request.principal, request.params.id);
      const notebook = await sessionNotebook(dependencies, request.principal, session);
      reply.headers({
        'content-type': 'application/x-ipynb+json',
        'content-disposition': await attachment(request.principal, session, 'ipynb'),
      });
      return reply.send(JSON.stringify(notebook));
    },
  );

  const lineage = { params: z.strictObject({ id: z.string() }), response: { 200: LineageSchema } };
  app.get(
    '/api/sessions/:id/lineage',
    { schema: lineage, config: { permission: 'session:read' } },
    async (request) => {
      const session = await requireSession(dependencies, request.principal, request.params.id);
      return await sessionLineage(dependencies, request.principal, session);
    },
  );

  done();
};

/** A name that is one on every system: without separators, and not too long. */
function downloadName(name: string): string {
  const plain = name
    .replace(/[\\/:*?"<>|\p{C}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.slice(0, 80).replace(/^\.+/, '').trim() || 'session';
}

/** A session's files, from its last checkpoint or from one that is named. */

import { Readable } from 'node:stream';
import { contentDisposition, mediaType } from '../http/media-types.ts';
import { FileParams, FileQuery, FilesQuery, IdParams } from '../schemas.ts';
import { FileTreeSchema, listFiles, openFile } from '../services/session-files.ts';
import { requireSession } from '../services/sessions.ts';
import type { Routes } from './route.ts';

/** Agents write these files: whatever a browser makes of one, it runs nothing and loads nothing. */
const FILE_POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'";

export const fileRoutes: Routes = (dependencies) => (app, _options, done) => {
  const tree = { params: IdParams, querystring: FilesQuery, response: { 200: FileTreeSchema } };
  app.get(
    '/api/sessions/:id/files',
    { schema: tree, config: { permission: 'session:read' } },
    async (request) => {
      const { id } = await requireSession(dependencies, request.principal, request.params.id);
      return await listFiles(dependencies, id, request.query);
    },
  );

  const file = { params: FileParams, querystring: FileQuery };
  app.get(
    '/api/sessions/:id/files/*',
    { schema: file, compress: false, config: { permission: 'data:read' } },
    async (request, reply) => {
      const { id } = await requireSession(dependencies, request.principal, request.params.id);
      const path = request.params['*'];
      const found = await openFile(dependencies, id, {
        ...{ path, headers: request.headers },
        checkpoint: request.query.checkpoint,
      });
      const { size, sha256, range } = found;
      reply.headers({
        'content-type': mediaType(found.path),
        'content-disposition': contentDisposition(found.path),
        'content-security-policy': FILE_POLICY,
        // our own pages show reports in a frame without any right
        'x-frame-options': 'SAMEORIGIN',
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

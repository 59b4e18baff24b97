/** Uploads: a form with one file, or the bytes themselves with ?name=. */

import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { TemperaError } from '../../core/errors.ts';
import { type IncomingFile, onlyFile } from '../http/forms.ts';
import { idempotencyKey } from '../http/idempotency.ts';
import { IdParams } from '../schemas.ts';
import { createUpload, previewUpload, requireUpload } from '../services/uploads.ts';
import type { Routes } from './route.ts';

const UploadQuery = z.strictObject({ name: z.string().max(1_000).optional() });

export const uploadRoutes: Routes = (dependencies) => (app, _options, done) => {
  const { uploadBytes } = dependencies.settings;

  app.post(
    '/api/uploads',
    { bodyLimit: uploadBytes, schema: { querystring: UploadQuery }, config: { permission: 'session:write' } },
    async (request, reply) => {
      const file = await incomingFile(request, request.query.name);
      const upload = await createUpload(dependencies, request.principal, {
        file,
        key: idempotencyKey(request.headers),
      });
      return reply.code(201).header('location', `/api/uploads/${upload.id}`).send(upload);
    },
  );

  app.get(
    '/api/uploads/:id',
    { schema: { params: IdParams }, config: { permission: 'session:read' } },
    async (request) => {
      return await requireUpload(dependencies, request.principal, request.params.id);
    },
  );

  app.get(
    '/api/uploads/:id/preview',
    { schema: { params: IdParams }, config: { permission: 'data:read' } },
    async (request) => {
      return await previewUpload(dependencies, request.principal, request.params.id);
    },
  );

  done();
};

async function incomingFile(request: FastifyRequest, name: string | undefined): Promise<IncomingFile> {
  if (request.isMultipart()) return await onlyFile(request);
  if (request.body instanceof Readable) {
    return { name: name ?? '', body: request.body };
  }
  throw new TemperaError(
    'INVALID_INPUT',
    'Send one file: as a form with a file, or its bytes as text/csv or application/octet-stream with ?name=.',
  );
}

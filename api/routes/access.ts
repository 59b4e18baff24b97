/** The keys that an admin makes. */

import { z } from 'zod';
import {
  AccessKeySchema,
  MadeKeySchema,
  NewKeySchema,
  RotateKeySchema,
} from '../../core/access/key-records.ts';
import { listAccessKeys } from '../../db/index.ts';
import { IdParams } from '../schemas.ts';
import { createKey, revokeKey, rotateKey } from '../services/access-keys.ts';
import type { Routes } from './route.ts';

export const accessRoutes: Routes = (dependencies) => (app, _options, done) => {
  const { db } = dependencies;
  const listed = { response: { 200: z.object({ items: z.array(AccessKeySchema) }) } };
  app.get('/api/keys', { schema: listed, config: { permission: 'keys:manage' } }, async () => ({
    items: await listAccessKeys(db),
  }));

  // a repeated request would show the token a second time: it takes no Idempotency-Key
  const config = { permission: 'keys:manage', takesNoKey: true } as const;
  const made = { body: NewKeySchema, response: { 201: MadeKeySchema } };
  app.post('/api/keys', { schema: made, config }, async ({ principal, body }, reply) => {
    return reply.code(201).send(await createKey(dependencies, principal, body));
  });

  const rotated = { params: IdParams, body: RotateKeySchema, response: { 201: MadeKeySchema } };
  app.post('/api/keys/:id/rotate', { schema: rotated, config }, async (request, reply) => {
    const rotating = { id: request.params.id, overlapHours: request.body.overlap_hours };
    return reply.code(201).send(await rotateKey(dependencies, request.principal, rotating));
  });

  const named = { schema: { params: IdParams }, config: { permission: 'keys:manage' } } as const;
  app.delete('/api/keys/:id', named, async (request, reply) => {
    await revokeKey(dependencies, request.params.id);
    return reply.code(204).send();
  });

  done();
};

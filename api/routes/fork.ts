/** A new session out of another one's past. */

import { z } from 'zod';
import { SessionSchema } from '../../core/records.ts';
import { IdParams } from '../schemas.ts';
import { forkSession } from '../services/fork.ts';
import { commandContext, type Routes } from './route.ts';

const ForkBodySchema = z.strictObject({ step: z.uuid() });

export const forkRoutes: Routes = (dependencies) => (app, _options, done) => {
  const forked = { params: IdParams, body: ForkBodySchema, response: { 201: SessionSchema } };
  app.post('/api/sessions/:id/fork', { schema: forked }, async (request, reply) => {
    const context = commandContext(request, request.params.id);
    const session = await forkSession(dependencies, context, request.body.step);
    return reply.code(201).header('location', `/api/sessions/${session.id}`).send(session);
  });
  done();
};

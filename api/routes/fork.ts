/** A new session out of another one's past, and the change of a decision, which may be one. */

import { z } from 'zod';
import { SessionSchema } from '../../core/records.ts';
import { STAGES } from '../../core/stages.ts';
import { DECIDE_WAYS } from '../../workflows/contract/messages.ts';
import { DecideBodySchema, IdParams } from '../schemas.ts';
import { changeDecisions } from '../services/decisions.ts';
import { forkSession } from '../services/fork.ts';
import { commandContext, type Routes } from './route.ts';

const stage = z.enum(STAGES);
const DecideAnswerSchema = z.object({
  /** Where the changes hold: this session, or the fork. */
  session: z.string(),
  /** `here`: nothing has to be made anew, so that they hold from the next stage on. */
  how: z.enum([...DECIDE_WAYS, 'here']),
  /** They wait for the end of the stage that runs. */
  queued: z.boolean(),
  /** What differs from what was in force. */
  changes: z.array(
    z.object({
      key: z.string(),
      from: z.unknown(),
      /** Of what is withdrawn the agent's own choice; null where it has yet to choose. */
      to: z.unknown(),
      stage: stage.nullable(),
      withdraw: z.literal(true).optional(),
    }),
  ),
  /** Runs that took over what a former run had made under the same decisions: nothing was computed for them. */
  adopted: z.array(z.object({ stage, run: z.number(), of: z.number() })),
  /** The first stage that is concerned, and those that are made anew. */
  stage: stage.nullable(),
  anew: z.array(stage),
  dry_run: z.boolean(),
});
const ForkBodySchema = z.strictObject({ step: z.uuid() });

export const forkRoutes: Routes = (dependencies) => (app, _options, done) => {
  const forked = { params: IdParams, body: ForkBodySchema, response: { 201: SessionSchema } };
  app.post(
    '/api/sessions/:id/fork',
    { schema: forked, config: { permission: 'session:write' } },
    async (request, reply) => {
      const context = commandContext(request, request.params.id);
      const session = await forkSession(dependencies, context, request.body.step);
      return reply.code(201).header('location', `/api/sessions/${session.id}`).send(session);
    },
  );
  const decided = { params: IdParams, body: DecideBodySchema, response: { 200: DecideAnswerSchema } };
  // a dry run changes nothing; for the rest the service asks for more
  app.post(
    '/api/sessions/:id/decisions',
    { schema: decided, config: { permission: 'session:read' } },
    async (request) => {
      const context = commandContext(request, request.params.id);
      return await changeDecisions(dependencies, context, request.body);
    },
  );
  done();
};

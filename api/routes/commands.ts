/** Commands to a session: each is one update of its workflow. */

import type { Limits } from '../../core/limits.ts';
import {
  cancelUpdate,
  resumeUpdate,
  setLimitsUpdate,
  startStageUpdate,
  stopAfterStepUpdate,
} from '../../workflows/contract/messages.ts';
import {
  EmptyBodySchema,
  IdParams,
  type LimitsPatch,
  LimitsPatchSchema,
  ResumeSchema,
  StageParams,
} from '../schemas.ts';
import { sendCommand } from '../services/commands.ts';
import { commandContext, type Routes } from './route.ts';

export const commandRoutes: Routes = (dependencies) => (app, _options, done) => {
  const bare = { params: IdParams, body: EmptyBodySchema };

  const start = { params: StageParams, body: EmptyBodySchema };
  app.post(
    '/api/sessions/:id/stages/:stage/start',
    { schema: start, config: { permission: 'session:write' } },
    async (request, reply) => {
      const { id, stage } = request.params;
      reply.code(202);
      const context = commandContext(request, id);
      return await sendCommand(dependencies, context, { update: startStageUpdate, fields: { stage } });
    },
  );

  app.post(
    '/api/sessions/:id/cancel',
    { schema: bare, config: { permission: 'session:write' } },
    async (request) => {
      const context = commandContext(request, request.params.id);
      return await sendCommand(dependencies, context, { update: cancelUpdate, fields: {} });
    },
  );

  const resumed = { params: IdParams, body: ResumeSchema };
  app.post(
    '/api/sessions/:id/resume',
    { schema: resumed, config: { permission: 'session:write' } },
    async (request) => {
      const { model } = request.body;
      const context = commandContext(request, request.params.id);
      const fields = model === undefined ? {} : { model };
      return await sendCommand(dependencies, context, { update: resumeUpdate, fields });
    },
  );

  app.post(
    '/api/sessions/:id/stop-after-step',
    { schema: bare, config: { permission: 'session:write' } },
    async (request) => {
      const context = commandContext(request, request.params.id);
      return await sendCommand(dependencies, context, { update: stopAfterStepUpdate, fields: {} });
    },
  );

  const limited = { params: IdParams, body: LimitsPatchSchema };
  app.post(
    '/api/sessions/:id/limits',
    { schema: limited, config: { permission: 'session:write' } },
    async (request) => {
      const fields = { limits: withoutUndefined(request.body) };
      const context = commandContext(request, request.params.id);
      return await sendCommand(dependencies, context, { update: setLimitsUpdate, fields });
    },
  );

  done();
};

/** Limits that were given; the others keep their value. */
function withoutUndefined(limits: LimitsPatch): Partial<Limits> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

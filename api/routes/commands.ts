/** Commands to a session: each is one update of its workflow. */

import type { Limits } from '../../core/limits.ts';
import {
  answerUpdate,
  approveUpdate,
  cancelUpdate,
  resumeUpdate,
  sendMessageUpdate,
  setLimitsUpdate,
  startStageUpdate,
  stopAfterStepUpdate,
} from '../../workflows/contract/messages.ts';
import {
  AnswerBodySchema,
  AnswerParams,
  ApprovalBodySchema,
  ApprovalParams,
  EmptyBodySchema,
  IdParams,
  type LimitsPatch,
  LimitsPatchSchema,
  messageBodySchema,
  StageParams,
} from '../schemas.ts';
import { sendCommand } from '../services/commands.ts';
import { commandContext, type Routes } from './route.ts';

export const commandRoutes: Routes = (dependencies) => (app, _options, done) => {
  const bare = { params: IdParams, body: EmptyBodySchema };
  const message = { params: IdParams, body: messageBodySchema(dependencies.settings.messageCharacters) };

  app.post(
    '/api/sessions/:id/stages/:stage/start',
    { schema: { params: StageParams, body: EmptyBodySchema } },
    async (request, reply) => {
      const { id, stage } = request.params;
      reply.code(202);
      return await sendCommand(dependencies, commandContext(request, id), startStageUpdate, { stage });
    },
  );

  app.post('/api/sessions/:id/cancel', { schema: bare }, async (request) => {
    return await sendCommand(dependencies, commandContext(request, request.params.id), cancelUpdate, {});
  });

  app.post('/api/sessions/:id/resume', { schema: bare }, async (request) => {
    return await sendCommand(dependencies, commandContext(request, request.params.id), resumeUpdate, {});
  });

  app.post('/api/sessions/:id/stop-after-step', { schema: bare }, async (request) => {
    return await sendCommand(
      dependencies,
      commandContext(request, request.params.id),
      stopAfterStepUpdate,
      {},
    );
  });

  app.post('/api/sessions/:id/messages', { schema: message }, async (request, reply) => {
    reply.code(201);
    return await sendCommand(
      dependencies,
      commandContext(request, request.params.id),
      sendMessageUpdate,
      request.body,
    );
  });

  app.post(
    '/api/sessions/:id/limits',
    { schema: { params: IdParams, body: LimitsPatchSchema } },
    async (request) => {
      return await sendCommand(dependencies, commandContext(request, request.params.id), setLimitsUpdate, {
        limits: withoutUndefined(request.body),
      });
    },
  );

  const answer = { params: AnswerParams, body: AnswerBodySchema };
  app.post('/api/sessions/:id/answers/:questionId', { schema: answer }, async (request) => {
    const { id, questionId } = request.params;
    const fields = { question: questionId, text: request.body.text };
    return await sendCommand(dependencies, commandContext(request, id), answerUpdate, fields);
  });

  const approval = { params: ApprovalParams, body: ApprovalBodySchema };
  app.post('/api/sessions/:id/approvals/:approvalId', { schema: approval }, async (request) => {
    const { id, approvalId } = request.params;
    const fields = { approval: approvalId, ...request.body };
    return await sendCommand(dependencies, commandContext(request, id), approveUpdate, fields);
  });

  done();
};

/** Limits that were given; the others keep their value. */
function withoutUndefined(limits: LimitsPatch): Partial<Limits> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

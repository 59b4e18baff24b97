/** Talking with a session's agent: messages, answers, approvals. */

import { answerUpdate, approveUpdate, sendMessageUpdate } from '../../workflows/contract/messages.ts';
import {
  AnswerBodySchema,
  AnswerParams,
  ApprovalBodySchema,
  ApprovalParams,
  IdParams,
  messageBodySchema,
} from '../schemas.ts';
import { sendCommand } from '../services/commands.ts';
import { commandContext, type Routes } from './route.ts';

export const talkRoutes: Routes = (dependencies) => (app, _options, done) => {
  const message = { params: IdParams, body: messageBodySchema(dependencies.settings.messageCharacters) };
  app.post(
    '/api/sessions/:id/messages',
    { schema: message, config: { permission: 'session:write' } },
    async (request, reply) => {
      reply.code(201);
      const context = commandContext(request, request.params.id);
      return await sendCommand(dependencies, context, { update: sendMessageUpdate, fields: request.body });
    },
  );

  const answer = { params: AnswerParams, body: AnswerBodySchema };
  app.post(
    '/api/sessions/:id/answers/:questionId',
    { schema: answer, config: { permission: 'session:write' } },
    async (request) => {
      const { id, questionId } = request.params;
      const fields = { question: questionId, text: request.body.text };
      const context = commandContext(request, id);
      return await sendCommand(dependencies, context, { update: answerUpdate, fields });
    },
  );

  const approval = { params: ApprovalParams, body: ApprovalBodySchema };
  app.post(
    '/api/sessions/:id/approvals/:approvalId',
    { schema: approval, config: { permission: 'approval:decide' } },
    async (request) => {
      const { id, approvalId } = request.params;
      const fields = { approval: approvalId, ...request.body };
      const context = commandContext(request, id);
      return await sendCommand(dependencies, context, { update: approveUpdate, fields });
    },
  );

  done();
};

/** What a session recorded: its conversation, questions, steps and artifacts. */

import { z } from 'zod';
import { DecisionSchema } from '../../core/decisions.ts';
import { ArtifactSchema, MessageSchema, StepSchema } from '../../core/records.ts';
import { listArtifacts, listMessages, listQuestions, listSteps } from '../../db/index.ts';
import { contentDisposition } from '../http/media-types.ts';
import {
  ArtifactsQuery,
  DecisionsQuery,
  IdParams,
  MessagesQuery,
  pageOf,
  StepOutputParams,
  StepParams,
  StepsQuery,
} from '../schemas.ts';
import { readLedger } from '../services/decisions.ts';
import { ofSession, requireSession } from '../services/sessions.ts';
import { requireStep, StepDetailSchema } from '../services/step-detail.ts';
import { openStepOutput } from '../services/step-output.ts';
import type { Routes } from './route.ts';

const QuestionSchema = z.object({
  id: z.string(),
  kind: z.enum(['question', 'approval']),
  text: z.string(),
  choices: z.array(z.string()),
  /** `{text}` of a question, `{approved, note}` of an approval; null while it is open. */
  answer: z.record(z.string(), z.unknown()).nullable(),
  answered_by: z.string().nullable(),
  created_at: z.string(),
  answered_at: z.string().nullable(),
});

const LedgerSchema = z.object({
  /** In force; with `?history=true` every row. In the order in which they were made. */
  items: z.array(DecisionSchema),
  /** Changes of the person's that wait for the end of the stage that runs. */
  queued: z.array(DecisionSchema),
});

export const recordRoutes: Routes = (dependencies) => (app, _options, done) => {
  const { db } = dependencies;

  const messages = { params: IdParams, querystring: MessagesQuery, response: { 200: pageOf(MessageSchema) } };
  app.get(
    '/api/sessions/:id/messages',
    { schema: messages, config: { permission: 'session:read' } },
    async (request) => {
      const { id } = request.params;
      return ofSession(await listMessages(db, request.principal, { ...request.query, session: id }), id);
    },
  );

  const questions = { params: IdParams, response: { 200: z.object({ items: z.array(QuestionSchema) }) } };
  app.get(
    '/api/sessions/:id/questions',
    { schema: questions, config: { permission: 'session:read' } },
    async (request) => {
      const { id } = await requireSession(dependencies, request.principal, request.params.id);
      const asked = await listQuestions(db, request.principal, id);
      return { items: asked.map((question) => QuestionSchema.parse(question)) };
    },
  );

  const decisions = { params: IdParams, querystring: DecisionsQuery, response: { 200: LedgerSchema } };
  app.get(
    '/api/sessions/:id/decisions',
    { schema: decisions, config: { permission: 'session:read' } },
    async (request) => {
      const asked = { sessionId: request.params.id, history: request.query.history === 'true' };
      return await readLedger(dependencies, request.principal, asked);
    },
  );

  const steps = {
    params: IdParams,
    querystring: StepsQuery,
    response: { 200: z.object({ items: z.array(StepSchema) }) },
  };
  app.get(
    '/api/sessions/:id/steps',
    { schema: steps, config: { permission: 'session:read' } },
    async (request) => {
      const { id } = request.params;
      return {
        items: ofSession(await listSteps(db, request.principal, { ...request.query, session: id }), id),
      };
    },
  );

  const step = { params: StepParams, response: { 200: StepDetailSchema } };
  app.get(
    '/api/sessions/:id/steps/:step',
    { schema: step, config: { permission: 'session:read' } },
    async (request) => {
      const { id } = await requireSession(dependencies, request.principal, request.params.id);
      const place = { sessionId: id, id: request.params.step };
      return await requireStep(dependencies, request.principal, place);
    },
  );

  const output = { params: StepOutputParams };
  app.get(
    '/api/sessions/:id/steps/:step/output/:stream',
    { schema: output, config: { permission: 'session:read' } },
    async (request, reply) => {
      const { id, step, stream } = request.params;
      const session = await requireSession(dependencies, request.principal, id);
      const place = { sessionId: session.id, step, stream };
      const { name, body } = await openStepOutput(dependencies, request.principal, place);
      reply.headers({
        'content-type': 'text/plain; charset=utf-8',
        'content-disposition': contentDisposition(name, 'attachment'),
      });
      return reply.send(body);
    },
  );

  const artifacts = {
    params: IdParams,
    querystring: ArtifactsQuery,
    response: { 200: z.object({ items: z.array(ArtifactSchema) }) },
  };
  app.get(
    '/api/sessions/:id/artifacts',
    { schema: artifacts, config: { permission: 'session:read' } },
    async (request) => {
      const { id } = request.params;
      return {
        items: ofSession(await listArtifacts(db, request.principal, { ...request.query, session: id }), id),
      };
    },
  );

  done();
};

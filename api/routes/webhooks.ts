/** Webhooks and what was sent to them. */

import { z } from 'zod';
import {
  CreatedWebhookSchema,
  DeliverySchema,
  NewWebhookSchema,
  WebhookPatchSchema,
  WebhookSchema,
} from '../../core/webhooks.ts';
import { listWebhooks } from '../../db/index.ts';
import { idempotencyKey } from '../http/idempotency.ts';
import { IdParams, PageQuery, pageOf } from '../schemas.ts';
import {
  changeWebhook,
  createWebhook,
  deliveriesOf,
  removeWebhook,
  replay,
  tryWebhook,
} from '../services/webhooks.ts';
import type { Routes } from './route.ts';

/** Who may see what a session does may see who is told of it. */
const SEEN = { permission: 'session:read' } as const;
const CHANGED = { permission: 'session:write' } as const;

const List = z.object({ items: z.array(WebhookSchema) });
const DeliveryParams = z.strictObject({ id: z.string(), delivery: z.string() });

export const webhookRoutes: Routes = (dependencies) => (app, _options, done) => {
  const listed = { response: { 200: List } };
  app.get('/api/webhooks', { schema: listed, config: SEEN }, async ({ principal }) => {
    return { items: await listWebhooks(dependencies.db, principal) };
  });

  const made = { body: NewWebhookSchema, response: { 201: CreatedWebhookSchema } };
  app.post(
    '/api/webhooks',
    { schema: made, config: CHANGED },
    async ({ principal, body, headers }, reply) => {
      const webhook = await createWebhook(dependencies, principal, { body, key: idempotencyKey(headers) });
      return reply.code(201).send(webhook);
    },
  );

  const changed = { params: IdParams, body: WebhookPatchSchema, response: { 200: WebhookSchema } };
  app.patch(
    '/api/webhooks/:id',
    { schema: changed, config: CHANGED },
    async ({ principal, params, body }) => {
      return await changeWebhook(dependencies, principal, { id: params.id, patch: body });
    },
  );

  app.delete(
    '/api/webhooks/:id',
    { schema: { params: IdParams }, config: CHANGED },
    async ({ principal, params }, reply) => {
      await removeWebhook(dependencies, principal, params.id);
      return reply.code(204).send();
    },
  );

  const tried = { params: IdParams, response: { 202: z.object({ delivery_id: z.string() }) } };
  app.post(
    '/api/webhooks/:id/test',
    { schema: tried, config: { ...CHANGED, takesNoKey: true } },
    async ({ principal, params }, reply) =>
      reply.code(202).send(await tryWebhook(dependencies, principal, params.id)),
  );

  const sent = { params: IdParams, querystring: PageQuery, response: { 200: pageOf(DeliverySchema) } };
  app.get(
    '/api/webhooks/:id/deliveries',
    { schema: sent, config: SEEN },
    async ({ principal, params, query }) => {
      return await deliveriesOf(dependencies, principal, { id: params.id, ...query });
    },
  );

  const again = { params: DeliveryParams, response: { 202: DeliverySchema } };
  app.post(
    '/api/webhooks/:id/deliveries/:delivery/replay',
    { schema: again, config: { ...CHANGED, takesNoKey: true } },
    async ({ principal, params }, reply) =>
      reply.code(202).send(await replay(dependencies, principal, params)),
  );

  done();
};

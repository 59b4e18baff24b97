/** Webhooks: who is told when a session waits, failed or is done, or a classification has ended. */

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  CreatedWebhookSchema,
  DeliverySchema,
  WEBHOOK_EVENTS,
  type Webhook,
  WebhookSchema,
} from '../../core/webhooks.ts';
import { type Command, text } from '../command.ts';
import { tableOf } from '../output.ts';
import { Anything } from '../records.ts';

const Webhooks = z.object({ items: z.array(WebhookSchema) });
const Deliveries = z.object({ items: z.array(DeliverySchema), next_cursor: z.string().nullable() });

const PATH = '/api/webhooks';
const pathOf = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;

const list: Command = {
  name: 'webhooks list',
  usage: '',
  summary: 'Lists webhooks with their events, and why one is told nothing any more.',
  arguments: [0, 0],
  async run({ api, output, terminal }) {
    const { items } = await (await api()).request(Webhooks, PATH);
    output.result({ webhooks: items }, tableOf(items.map(row), terminal.columns));
    return undefined;
  },
};

const row = ({ id, url, events, disabled_at, disabled_reason }: Webhook): Record<string, unknown> => ({
  ...{
    id,
    url,
    events: events.join(','),
    enabled: disabled_at === null ? 'yes' : 'no',
    reason: disabled_reason,
  },
});

const add: Command = {
  name: 'webhooks add',
  usage: 'URL [--events EVENT,EVENT]',
  summary: `Makes a webhook and prints the secret that signs, this once; events: ${WEBHOOK_EVENTS.join(', ')} (all).`,
  options: { events: { type: 'string' } },
  arguments: [1, 1],
  async run({ api, output }, [url = ''], values) {
    const events = text(values, 'events')?.split(',');
    const json = { url, ...(events && { events }) };
    const made = await (await api()).request(CreatedWebhookSchema, PATH, {
      ...{ json, idempotencyKey: randomUUID() },
    });
    output.result(
      made,
      `The webhook ${made.id} is made. Its secret, which is not shown again: ${made.secret}\n`,
    );
    return undefined;
  },
};

const remove: Command = {
  name: 'webhooks remove',
  usage: 'ID',
  summary: 'Removes a webhook with what was sent to it.',
  arguments: [1, 1],
  async run({ api, output }, [id = '']) {
    await (await api()).request(Anything, pathOf(id), { method: 'DELETE' });
    output.result({ id, removed: true }, `The webhook ${id} is removed.\n`);
    return undefined;
  },
};

const enable: Command = {
  name: 'webhooks enable',
  usage: 'ID',
  summary: 'Tells a webhook again that was disabled.',
  arguments: [1, 1],
  async run({ api, output }, [id = '']) {
    const json = { enabled: true };
    const webhook = await (await api()).request(WebhookSchema, pathOf(id), { method: 'PATCH', json });
    output.result(webhook, `The webhook ${id} is told again.\n`);
    return undefined;
  },
};

const test: Command = {
  name: 'webhooks test',
  usage: 'ID',
  summary: 'Sends a webhook a message that tells of nothing.',
  arguments: [1, 1],
  async run({ api, output }, [id = '']) {
    const sent = await (await api()).request(z.object({ delivery_id: z.string() }), `${pathOf(id)}/test`, {
      json: {},
    });
    output.result(sent, `On its way: tempera webhooks deliveries ${id} shows what came of it.\n`);
    return undefined;
  },
};

const deliveries: Command = {
  name: 'webhooks deliveries',
  usage: 'ID [--limit N]',
  summary: 'Lists what was sent to a webhook, newest first, with what came of it and the next try.',
  options: { limit: { type: 'string' } },
  arguments: [1, 1],
  async run({ api, output, terminal }, [id = ''], values) {
    const limit = text(values, 'limit') ?? '50';
    const { items } = await (await api()).request(Deliveries, `${pathOf(id)}/deliveries?limit=${limit}`);
    const rows = items.map(({ id: delivery, event, state, attempts, status, error, next_attempt_at }) => ({
      ...{ delivery, event, state, attempts, status, next: next_attempt_at, error },
    }));
    output.result({ deliveries: items }, tableOf(rows, terminal.columns));
    return undefined;
  },
};

const replay: Command = {
  name: 'webhooks replay',
  usage: 'ID DELIVERY',
  summary: 'Sends a message again, by the same id.',
  arguments: [2, 2],
  async run({ api, output }, [id = '', delivery = '']) {
    const path = `${pathOf(id)}/deliveries/${encodeURIComponent(delivery)}/replay`;
    const again = await (await api()).request(DeliverySchema, path, { json: {} });
    output.result(again, `The message ${delivery} is sent again.\n`);
    return undefined;
  },
};

export const webhookCommands: Command[] = [list, add, remove, enable, test, deliveries, replay];

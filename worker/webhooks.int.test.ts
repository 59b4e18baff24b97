/**
 * Messages to webhooks over a real Temporal server, database and receiver: written with their event, signed, sent again
 * until they are taken, given up with a reason that is seen, and sent again by hand.
 */

import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createWebhookActivities } from '../activities/webhooks/index.ts';
import { startTestApi, type TestApi } from '../api/testing/api-server.ts';
import { call, json, newSession } from '../api/testing/client.ts';
import type { NewEvent } from '../core/events.ts';
import { newId } from '../core/ids.ts';
import { sessionStream } from '../core/session-names.ts';
import type { CreatedWebhook, Delivery, Webhook } from '../core/webhooks.ts';
import { appendEvents } from '../db/index.ts';
import { until } from '../tests/platform/wait.ts';
import { TASK_QUEUES } from '../workflows/contract/ids.ts';
import { startDeliveries } from './webhooks.ts';

interface Received {
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

const OWNER = 'ann';
/** Tries of a message, of which the test waits for none. */
const MOST = 4;
let environment: TestWorkflowEnvironment;
let api: TestApi;
let worker: Worker;
let working: Promise<void>;
let receiver: Server;
let url: string;
const received: Received[] = [];
/** What the receiver answers, in this order; then 204. */
let answers: number[] = [];

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    const body = await text(request);
    received.push({ headers: request.headers, body });
    response.writeHead(answers.shift() ?? 204).end();
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const path = process.env.TEMPERA_TEMPORAL ?? join(homedir(), '.cache/tempera/bin/temporal');
  const server = { executable: { type: 'existing-path' as const, path } };
  environment = await until('Temporal runs', () => TestWorkflowEnvironment.createLocal({ server }));
  api = await startTestApi({ temporalAddress: environment.address });
  const { outbound, connections } = api.dependencies;
  worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: TASK_QUEUES.workflows,
    workflowBundle: { codePath: resolve('build', 'workflow-bundle.js') },
    activities: createWebhookActivities({
      ...{ database: api.db, outbound, seal: connections.seal, bugAttempts: 2 },
      pauseAfter: (attempts) => (attempts < MOST ? 0.01 : null),
    }),
  });
  working = worker.run();
}, 120_000);

afterAll(async () => {
  worker?.shutdown();
  await working;
  await api?.close();
  await environment?.teardown();
  receiver?.close();
}, 60_000);

beforeEach(() => {
  received.length = 0;
  answers = [];
});

const make = (owner = OWNER, events = ['session.done', 'session.waiting']) =>
  json<CreatedWebhook>(call(api, '/api/webhooks', { json: { url, events }, owner }));
const remove = (id: string) => call(api, `/api/webhooks/${id}`, { method: 'DELETE', owner: OWNER });
const deliveries = async (id: string) =>
  (await json<{ items: Delivery[] }>(call(api, `/api/webhooks/${id}/deliveries`, { owner: OWNER }))).items;
const start = () => startDeliveries(environment.client, api.db);

async function ended(id: string): Promise<Delivery> {
  return await until('the message has ended', async () => {
    const [last] = await deliveries(id);
    return last && last.state !== 'pending' ? last : null;
  });
}

const done: NewEvent = { key: 'train/1/done', type: 'state_change', data: { state: 'train_done' } };

test('a message is written with its event, once, for its owner alone, and taken back with it', async () => {
  const [own, other] = [await make(), await make('bob')];
  const { id } = await newSession(api, OWNER);
  const stream = sessionStream(id);
  const back = new Error('taken back');
  const failing = api.db.transaction(async (tx) => {
    await appendEvents(tx, stream, [done]);
    throw back;
  });
  await expect(failing).rejects.toBe(back);
  expect(await deliveries(own.id)).toEqual([]);
  for (const _ of [1, 2]) await api.db.transaction((tx) => appendEvents(tx, stream, [done]));
  const [written, ...more] = await deliveries(own.id);
  expect(more).toEqual([]);
  expect(written).toMatchObject({
    ...{ event: 'session.done', state: 'pending', attempts: 0 },
    payload: { type: 'session.done', data: { session_id: id, state: 'train_done' } },
  });
  const asBob = await call(api, `/api/webhooks/${other.id}/deliveries`, { owner: 'bob' });
  expect((await json<{ items: unknown[] }>(asBob)).items).toEqual([]);
  await call(api, `/api/sessions/${id}`, { method: 'DELETE', owner: OWNER });
  expect(await deliveries(own.id)).toEqual([]);
  await remove(own.id);
});

test('a message is signed, sent again until it is taken, by one id', async () => {
  const { id, secret } = await make();
  answers = [500, 302];
  const tried = await call(api, `/api/webhooks/${id}/test`, { json: {}, owner: OWNER });
  expect(tried.status).toBe(202);
  expect(await start()).toBe(1);
  expect(await start()).toBe(0);
  expect(await ended(id)).toMatchObject({ state: 'delivered', attempts: 3, status: 204, error: null });
  expect(received).toHaveLength(3);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  for (const { headers, body } of received) {
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const signature = createHmac('sha256', key).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
    expect(JSON.parse(body)).toMatchObject({ type: 'webhook.test', data: { webhook_id: id } });
  }
  await remove(id);
});

test('what is never taken is given up; its webhook is disabled with the reason, and enabled again', async () => {
  const { id } = await make();
  answers = Array(MOST).fill(503);
  await call(api, `/api/webhooks/${id}/test`, { json: {}, owner: OWNER });
  await start();
  const given = await ended(id);
  expect(given).toMatchObject({ state: 'failed', attempts: MOST, status: 503 });
  const shown = async () =>
    (await json<{ items: Webhook[] }>(call(api, '/api/webhooks', { owner: OWNER }))).items.find(
      (each) => each.id === id,
    );
  expect(await shown()).toMatchObject({ disabled_reason: expect.stringContaining('answered 503') });
  const path = `/api/webhooks/${id}`;
  const replay = () => call(api, `${path}/deliveries/${given.id}/replay`, { json: {}, owner: OWNER });
  expect((await replay()).status).toBe(409);
  await call(api, path, { method: 'PATCH', json: { enabled: true }, owner: OWNER });
  expect(await shown()).toMatchObject({ disabled_at: null, disabled_reason: null });
  expect((await replay()).status).toBe(202);
  expect(await start()).toBe(1);
  expect(await ended(id)).toMatchObject({ id: given.id, state: 'delivered', attempts: 1 });
  expect(received.at(-1)?.headers['webhook-id']).toBe(given.id);
  await remove(id);
});

test('a receiver that wants no more is told no more', async () => {
  const { id } = await make();
  answers = [410];
  await call(api, `/api/webhooks/${id}/test`, { json: {}, owner: OWNER });
  await start();
  expect(await ended(id)).toMatchObject({ state: 'failed', attempts: 1, status: 410 });
  const again = await call(api, `/api/webhooks/${id}/test`, { json: {}, owner: OWNER });
  expect([again.status, (await json(again)).detail]).toEqual([409, expect.stringContaining('410')]);
  await remove(id);
});

test('the secret comes out once; a lost Temporal loses no message', async () => {
  const created = await make();
  const seen = await call(api, '/api/webhooks', { owner: OWNER });
  expect(await seen.text()).not.toContain(created.secret);
  const [row] = await api.db.query<{ row: string }>('select w::text as row from webhooks w where id = $1', [
    created.id,
  ]);
  expect(row?.row).not.toContain(created.secret.replace('whsec_', ''));
  await call(api, `/api/webhooks/${created.id}/test`, { json: {}, owner: OWNER });
  // as if its workflow had been started by a server that is gone
  await api.db.query('update webhook_deliveries set started_round = round where webhook_id = $1', [
    created.id,
  ]);
  expect(await start()).toBe(0);
  expect(await startDeliveries(environment.client, api.db, { all: true })).toBe(1);
  expect(await ended(created.id)).toMatchObject({ state: 'delivered' });
  await remove(created.id);
});

test('a URL that leads inside is refused when it is given, and when it is sent to', async () => {
  const inside = await call(api, '/api/webhooks', {
    json: { url: 'https://169.254.169.254/' },
    owner: OWNER,
  });
  expect([inside.status, (await json(inside)).code]).toEqual([400, 'INVALID_INPUT']);
  const absent = await call(api, `/api/webhooks/${newId()}/test`, { json: {}, owner: OWNER });
  expect(absent.status).toBe(404);
});

/** Managed keys over a real database: made, used, narrowed, rotated, ended and taken back, in two processes. */

import { credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { AccessKeyRecord, MadeKey } from '../../core/access/key-records.ts';
import { keyOf } from '../../core/access/keys.ts';
import { createEventHub } from '../../db/index.ts';
import { EndpointKind } from '../../proto/generated/tempera/v1/endpoints.ts';
import { PlatformClient } from '../../proto/generated/tempera/v1/platform.ts';
import { type App, createApp } from '../app.ts';
import { type GrpcServer, startGrpcServer } from '../grpc/server.ts';
import { createEndpointWatch } from '../services/endpoint-watch.ts';
import { startTestApi, type TestApi } from '../testing/api-server.ts';
import { call, json } from '../testing/client.ts';
import { authenticateByKey } from './authenticate.ts';
import { createCredentialWatch } from './credential-watch.ts';
import { createManagedKeys } from './managed-keys.ts';

const ROOT = 'token-of-the-settings';
/** Within which a key that was taken back is let in no longer, anywhere. */
const REVOKED_MILLISECONDS = 5_000;

let api: TestApi;
/** A second process on the same database, which hears of nothing but by it. */
let other: { url: string; app: App; close: () => Promise<void> };
let grpc: GrpcServer;

beforeAll(async () => {
  api = await startTestApi({
    settings: { keysRequired: true },
    keys: [keyOf(ROOT, 'admin')],
  });
  grpc = await startGrpcServer(api.dependencies, createEndpointWatch(api.dependencies));
  other = await secondProcess();
}, 60_000);
afterAll(async () => {
  await grpc?.close();
  await other?.close();
  await api?.close();
});

async function secondProcess() {
  const { db } = api;
  const hub = createEventHub(db, { pollMilliseconds: 200 });
  const watch = createCredentialWatch(db, hub);
  const authenticate = authenticateByKey({ keys: [], managed: createManagedKeys(db) });
  const app = createApp({ ...api.dependencies, hub, credentials: watch, authenticate });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const close = async () => {
    watch.close();
    await app.close();
    await hub.close();
  };
  return { url, app, close };
}

const by = (token: string) => ({ authorization: `Bearer ${token}` });
const send = (method: string, path: string, body?: object, token = ROOT) =>
  call(api, path, { method, headers: by(token), ...(body && { json: body }) });
const make = async (body: object) => await json<MadeKey>(send('POST', '/api/keys', body));
const statusOf = async (token: string, path = '/api/sessions') =>
  (await send('GET', path, undefined, token)).status;
const listed = async () => (await json<{ items: AccessKeyRecord[] }>(send('GET', '/api/keys'))).items;

/** Resolves when the stream has ended; its first bytes have come before. */
async function openStream(url: string, token: string): Promise<{ ended: Promise<void> }> {
  const response = await fetch(`${url}/api/stream`, { headers: by(token) });
  expect(response.status).toBe(200);
  const reader = response.body?.getReader();
  await reader?.read();
  const drain = async () => {
    while ((await reader?.read())?.done === false);
  };
  return { ended: drain() };
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const begun = performance.now();
  const result = await work;
  expect(performance.now() - begun).toBeLessThan(milliseconds);
  return result;
}

test('a key is shown once, and of it the database has the hash alone', async () => {
  const { key, token } = await make({ name: 'pipeline', role: 'agent', days: 30 });
  expect(token).toMatch(/^tempera_[\w-]{43}$/);
  expect(key).toMatchObject({
    name: 'pipeline',
    role: 'agent',
    scopes: null,
    state: 'active',
    owner: `key-${key.id}`,
  });
  const stored = JSON.stringify(await api.db.query('select * from access_keys'));
  expect(stored).not.toContain(token);
  expect(JSON.stringify(await listed())).not.toMatch(/tempera_|hash/);
  expect(await statusOf(token)).toBe(200);
  const me = await json(send('GET', '/api/me', undefined, token));
  expect(me).toMatchObject({ id: `key-${key.id}`, name: 'pipeline', role: 'agent', keys_required: true });
  const [used] = (await listed()).filter(({ id }) => id === key.id);
  expect(used?.last_used_at).not.toBeNull();
});

test('only who manages keys makes them, and a repeated request would show a token twice', async () => {
  const { token } = await make({ name: 'a user', role: 'user' });
  for (const [method, path] of [
    ['GET', '/api/keys'],
    ['POST', '/api/keys'],
    ['DELETE', '/api/keys/x'],
  ] as const)
    expect(
      (await send(method, path, method === 'POST' ? { name: 'x', role: 'admin' } : undefined, token)).status,
    ).toBe(403);
  const repeated = await call(api, '/api/keys', {
    json: { name: 'x', role: 'user' },
    headers: { ...by(ROOT), 'idempotency-key': 'x' },
  });
  expect(repeated.status).toBe(400);
});

test('scopes narrow a key, and never widen its role', async () => {
  const { token } = await make({ name: 'lists', role: 'user', scopes: ['session:read', 'endpoints:drain'] });
  expect(await statusOf(token)).toBe(200);
  const refused = await send('GET', '/api/agents', undefined, token);
  expect([refused.status, (await json(refused)).detail]).toEqual([403, expect.stringContaining('scopes')]);
  expect((await send('POST', '/api/endpoints/x/drain', { on: true }, token)).status).toBe(403);
});

test('keys of one owner share what they make', async () => {
  const [first, second] = [
    await make({ name: 'a', role: 'user', owner: 'ann' }),
    await make({ name: 'b', role: 'user', owner: 'ann' }),
  ];
  const upload = await call(api, '/api/uploads?name=a.csv', {
    body: 'a,b\n1,2\n',
    headers: { ...by(first.token), 'content-type': 'text/csv' },
  });
  const { id } = await json<{ id: string }>(upload);
  expect(await statusOf(second.token, `/api/uploads/${id}`)).toBe(200);
});

test('a rotated key is let in for the overlap, and its successor owns what it owned', async () => {
  const former = await make({ name: 'rotating', role: 'user', days: 1 });
  const path = `/api/keys/${former.key.id}/rotate`;
  const next = await json<MadeKey>(send('POST', path, { overlap_hours: 1 }));
  expect([await statusOf(former.token), await statusOf(next.token)]).toEqual([200, 200]);
  expect(next.key).toMatchObject({
    name: 'rotating',
    role: 'user',
    owner: former.key.owner,
    state: 'active',
  });
  expect((await send('POST', path, {})).status).toBe(409);
  const [seen] = (await listed()).filter(({ id }) => id === former.key.id);
  expect(seen).toMatchObject({ state: 'rotated', rotated_to: next.key.id });
  const atOnce = await json<MadeKey>(send('POST', `/api/keys/${next.key.id}/rotate`, { overlap_hours: 0 }));
  await refusedSoon(next.token);
  expect(await statusOf(atOnce.token)).toBe(200);
});

/** Asks until the token is refused, at most for as long as a key that was taken back may be let in. */
async function refusedSoon(token: string, url = api.url): Promise<void> {
  const deadline = performance.now() + REVOKED_MILLISECONDS;
  for (;;) {
    const answer = await fetch(`${url}/api/sessions`, { headers: by(token) });
    if (answer.status === 401) return;
    expect(performance.now()).toBeLessThan(deadline);
  }
}

test('a key past its end is refused by the database’s clock', async () => {
  const { key, token } = await make({ name: 'short', role: 'user', days: 1 });
  await api.db.query(`update access_keys set expires_at = clock_timestamp() - interval '1 s' where id = $1`, [
    key.id,
  ]);
  expect(await statusOf(token)).toBe(401);
  const [seen] = (await listed()).filter(({ id }) => id === key.id);
  expect(seen?.state).toBe('expired');
});

test('a key that is taken back ends its streams within 5 s, by REST and gRPC and in another process', async () => {
  const { key, token } = await make({ name: 'leaving', role: 'user' });
  const stays = await make({ name: 'staying', role: 'user' });
  const streams = [await openStream(api.url, token), await openStream(other.url, token)];
  const remaining = await openStream(other.url, stays.token);
  let open = true;
  void remaining.ended.then(() => {
    open = false;
  });
  const client = new PlatformClient(grpc.address, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  const watching = client.watchEndpoints({ kind: EndpointKind.UNSPECIFIED }, metadata);
  const ended = new Promise<number>((resolve) =>
    watching.on('error', ({ code }: ServiceError) => resolve(code)),
  );
  await new Promise((resolve) => watching.on('data', resolve));
  expect((await send('DELETE', `/api/keys/${key.id}`)).status).toBe(204);
  await within(
    REVOKED_MILLISECONDS,
    Promise.all([
      ...streams.map((stream) => stream.ended),
      refusedSoon(token),
      refusedSoon(token, other.url),
    ]),
  );
  expect(await ended).toBe(status.UNAUTHENTICATED);
  expect(open).toBe(true);
  client.close();
  expect((await send('DELETE', `/api/keys/${key.id}`)).status).toBe(204);
  expect((await send('DELETE', '/api/keys/nothing')).status).toBe(404);
});

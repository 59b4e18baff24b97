/** Browsers that sign in, over a real database: what their cookie is, what it lets in, and what ends it. */

import { credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { Caller, MadeKey } from '../../core/access/key-records.ts';
import { keyOf } from '../../core/access/keys.ts';
import type { AuditRow } from '../../core/audit.ts';
import { forgetSignIns } from '../../db/index.ts';
import { PlatformClient } from '../../proto/generated/tempera/v1/platform.ts';
import { createApp } from '../app.ts';
import { startGrpcServer } from '../grpc/server.ts';
import { createEndpointWatch } from '../services/endpoint-watch.ts';
import { startTestApi, type TestApi } from '../testing/api-server.ts';
import { type CallOptions, call, json } from '../testing/client.ts';

const ROOT = 'token-of-the-settings';
/** Within which what was taken back is let in no longer. */
const ENDED_MILLISECONDS = 5_000;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ settings: { keysRequired: true }, keys: [keyOf(ROOT, 'admin')] });
}, 60_000);
afterAll(() => api?.close());

const make = (body: object) =>
  json<MadeKey>(call(api, '/api/keys', { json: body, headers: { authorization: `Bearer ${ROOT}` } }));
const enter = (key: string, headers: Record<string, string> = {}) =>
  call(api, '/api/sign-in', { json: { key }, headers: { origin: api.url, ...headers } });

/** Signs in. @returns the cookie as a browser sends it back */
async function signedIn(key: string, headers?: Record<string, string>): Promise<string> {
  const answer = await enter(key, headers);
  expect(answer.status).toBe(200);
  return answer.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
}
const ask = (cookie: string, path = '/api/me', options: CallOptions = {}) =>
  call(api, path, { ...options, headers: { cookie, ...options.headers } });
const statusOf = async (cookie: string) => (await ask(cookie)).status;
const signOut = (cookie: string) =>
  ask(cookie, '/api/sign-out', { method: 'POST', headers: { origin: api.url } });

/** Opens a stream. */
async function openStream(cookie: string): Promise<{ ended: Promise<void> }> {
  const answer = await ask(cookie, '/api/stream');
  expect(answer.status).toBe(200);
  const reader = answer.body?.getReader();
  await reader?.read();
  const drain = async () => {
    while ((await reader?.read())?.done === false);
  };
  return { ended: drain() };
}

/** Asks until the cookie is refused, for as long as one that was ended may be let in. */
async function refusedSoon(cookie: string): Promise<void> {
  const deadline = performance.now() + ENDED_MILLISECONDS;
  while ((await statusOf(cookie)) !== 401) expect(performance.now()).toBeLessThan(deadline);
}

/** Rows of the audit of who signs in, newest first, once there are as many: they are written behind the answers. */
async function auditOf(query: string, expected: number): Promise<AuditRow[]> {
  for (;;) {
    const path = `/api/audit?action=POST%20/api/sign-in${query}`;
    const { items } = await json<{ items: AuditRow[] }>(
      call(api, path, { headers: { authorization: `Bearer ${ROOT}` } }),
    );
    if (items.length >= expected) return items;
  }
}

test('a key is exchanged for a cookie that no script reads, and neither is stored or written down', async () => {
  const { key, token } = await make({ name: 'ann', role: 'user' });
  const answer = await enter(token);
  const cookie = answer.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^tempera_sign_in=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800$/);
  const caller = await json<Caller>(answer);
  expect(caller).toMatchObject({ id: `key-${key.id}`, name: 'ann', role: 'user', signed_in: true });
  const [pair = ''] = cookie.split(';');
  expect(await json(ask(pair))).toEqual(caller);
  const stored = JSON.stringify(await api.db.query('select * from sign_ins'));
  expect(stored).not.toContain(pair.split('=')[1]);
  const [row] = await auditOf(`&principal=key-${key.id}`, 1);
  expect(row).toMatchObject({ result: 'ok', name: 'ann', details: {} });
  expect(JSON.stringify([stored, row])).not.toContain(token);
});

test('where the browser comes by TLS the cookie is bound to it', async () => {
  const answer = await enter(ROOT, { origin: api.url.replace('http:', 'https:') });
  const cookie = answer.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^__Host-tempera_sign_in=[\w-]+; Path=\/; HttpOnly; SameSite=Strict; .*; Secure$/);
  expect(await statusOf(cookie.split(';', 1)[0] ?? '')).toBe(200);
});

test('a key that is not known is refused and written down, without the key', async () => {
  const answer = await enter('a-key-of-nobody');
  expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
  const [row] = await auditOf('&result=refused', 1);
  expect(row).toMatchObject({ principal: null, code: 'UNAUTHENTICATED', details: {} });
});

test('an address may try so often a minute, and is told when to come back', async () => {
  const settings = { ...api.dependencies.settings };
  const app = createApp({
    ...api.dependencies,
    settings: { ...settings, signIn: { ...settings.signIn, attempts: 2 } },
  });
  const limited = { ...api, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
  const attempt = (key: string) => call(limited, '/api/sign-in', { json: { key } });
  try {
    await api.db.query(`delete from rate_windows where name = 'sign-in'`);
    expect([(await attempt('wrong')).status, (await attempt('wrong')).status]).toEqual([401, 401]);
    const refused = await attempt(ROOT);
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect((await json(refused)).code).toBe('LIMIT_REACHED');
  } finally {
    await app.close();
  }
});

test('a request by cookie that changes something must come from a page of ours; one by key need not', async () => {
  const cookie = await signedIn(ROOT);
  const change = (headers: Record<string, string>) => ask(cookie, '/api/webhooks', { json: {}, headers });
  const bare = await change({});
  expect([bare.status, (await json(bare)).code]).toEqual([403, 'WRONG_ORIGIN']);
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'http://127.0.0.1:1' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of foreign) expect((await change(headers)).status).toBe(403);
  const own: Record<string, string>[] = [
    { origin: api.url },
    { 'sec-fetch-site': 'same-origin' },
    { authorization: `Bearer ${ROOT}` },
  ];
  for (const headers of own) expect((await change(headers)).status).toBe(400);
  expect((await ask(cookie, '/api/sign-out', { method: 'POST' })).status).toBe(403);
  expect(await statusOf(cookie)).toBe(200);
});

test('a key that is sent comes before the cookie, and one that is wrong is refused beside a good cookie', async () => {
  const { token } = await make({ name: 'bea', role: 'readonly' });
  const cookie = await signedIn(ROOT);
  const by = (key: string) => ask(cookie, '/api/me', { headers: { 'x-api-key': key } });
  expect(await json(by(token))).toMatchObject({ name: 'bea', signed_in: false });
  expect((await by('wrong')).status).toBe(401);
});

test('who signs in again has a new value, and the former one is good for nothing', async () => {
  const first = await signedIn(ROOT);
  const second = await signedIn(ROOT, { cookie: first });
  expect(second).not.toBe(first);
  expect([await statusOf(first), await statusOf(second)]).toEqual([401, 200]);
});

test('who signs out is let in no more, and streams end', async () => {
  const cookie = await signedIn(ROOT);
  const other = await signedIn(ROOT);
  const { ended } = await openStream(cookie);
  const answer = await signOut(cookie);
  expect([answer.status, answer.headers.getSetCookie()]).toEqual([
    204,
    [expect.stringMatching(/^tempera_sign_in=; .*Max-Age=0/), expect.stringMatching(/^__Host-.*Max-Age=0/)],
  ]);
  expect(await statusOf(cookie)).toBe(401);
  await ended;
  expect(await statusOf(other)).toBe(200);
  expect((await signOut(cookie)).status).toBe(204);
});

test('a key that is taken back ends its sign-ins and their streams', async () => {
  const { key, token } = await make({ name: 'leaving', role: 'user' });
  const cookie = await signedIn(token);
  const { ended } = await openStream(cookie);
  const path = `/api/keys/${key.id}`;
  await call(api, path, { method: 'DELETE', headers: { authorization: `Bearer ${ROOT}` } });
  await Promise.all([refusedSoon(cookie), ended]);
  expect((await enter(token)).status).toBe(401);
});

test('by the database’s clock it ends when it is idle, at its end, and with the end of its key', async () => {
  const { key, token } = await make({ name: 'short', role: 'user', days: 1 });
  const ends = {
    idle: `update sign_ins set last_used_at = last_used_at - idle_seconds * interval '1 second'`,
    end: 'update sign_ins set ends_at = clock_timestamp()',
    key: `update access_keys set expires_at = clock_timestamp() where id = '${key.id}'`,
  };
  for (const statement of Object.values(ends)) {
    const cookie = await signedIn(token);
    expect(await statusOf(cookie)).toBe(200);
    await api.db.query(statement);
    await refusedSoon(cookie);
  }
  const stays = await signedIn(ROOT);
  expect(await forgetSignIns(api.db)).toBeGreaterThan(2);
  expect(await statusOf(stays)).toBe(200);
});

test('a use is written to the minute, so that who works is not signed out', async () => {
  const cookie = await signedIn(ROOT);
  const idle = () =>
    api.db.query<{ idle: boolean }>(
      `select last_used_at < clock_timestamp() - interval '1 hour' as idle from sign_ins
       order by created_at desc limit 1`,
    );
  await api.db.query(`update sign_ins set last_used_at = last_used_at - interval '2 hours'`);
  expect(await idle()).toEqual([{ idle: true }]);
  expect(await statusOf(cookie)).toBe(200);
  expect(await idle()).toEqual([{ idle: false }]);
});

test('by gRPC no cookie lets in', async () => {
  const cookie = await signedIn(ROOT);
  const server = await startGrpcServer(api.dependencies, createEndpointWatch(api.dependencies));
  const client = new PlatformClient(server.address, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('cookie', cookie);
  try {
    const code = await new Promise((resolve) =>
      client.listDataSources({}, metadata, (error: ServiceError | null) => resolve(error?.code)),
    );
    expect(code).toBe(status.UNAUTHENTICATED);
  } finally {
    client.close();
    await server.close();
  }
});

test('where no key is required nobody signs in, and no cookie is given', async () => {
  const { signIns: _none, ...dependencies } = api.dependencies;
  const app = createApp(dependencies);
  const open = { ...api, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
  try {
    const answer = await call(open, '/api/sign-in', { json: { key: ROOT } });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([409, null]);
    expect((await json(answer)).detail).toContain('asks for no key');
  } finally {
    await app.close();
  }
});

/** Requests a minute, over a real Postgres: two processes on one database count as one, on its clock alone. */

import { credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { type AccessLimits, UNLIMITED } from '../../core/access/limits.ts';
import { newId } from '../../core/ids.ts';
import { createDatabase } from '../../db/index.ts';
import { EndpointKind } from '../../proto/generated/tempera/v1/endpoints.ts';
import { PlatformClient } from '../../proto/generated/tempera/v1/platform.ts';
import { errorInfoOf } from '../../sandbox-client/status-details.ts';
import { createApp } from '../app.ts';
import { startGrpcServer } from '../grpc/server.ts';
import { createEndpointWatch } from '../services/endpoint-watch.ts';
import { startTestApi, type TestApi } from '../testing/api-server.ts';
import { call, json } from '../testing/client.ts';

const LIMIT = 6;
const LIMITS: AccessLimits = { ...UNLIMITED, requests: LIMIT, tools: { query: 2 } };

let api: TestApi;
/** The same platform as another process has it: its own connections, the same database. */
let other: TestApi;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  api = await startTestApi({ limitsOf: ({ role }) => (role === 'admin' ? UNLIMITED : LIMITS) });
  const app = createApp({ ...api.dependencies, db: api.postgres.open() });
  closing.push(() => app.close());
  other = { ...api, app, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
}, 60_000);
afterAll(async () => {
  for (const close of closing) await close();
  await api?.close();
});
afterEach(() => jest.restoreAllMocks());

const ask = (process: TestApi, owner?: string) => call(process, '/api/sessions', { owner });
const header = (answer: Response, name: string) => Number(answer.headers.get(name));

test('two processes count a caller as one, and a refusal says when to come back', async () => {
  const remaining: number[] = [];
  for (let place = 0; place < LIMIT; place += 1) {
    const answer = await ask(place % 2 === 0 ? api : other, 'ann');
    expect([answer.status, header(answer, 'x-ratelimit-limit')]).toEqual([200, LIMIT]);
    remaining.push(header(answer, 'x-ratelimit-remaining'));
  }
  expect(remaining).toEqual([5, 4, 3, 2, 1, 0]);
  const refused = await ask(other, 'ann');
  const seconds = header(refused, 'retry-after');
  expect([refused.status, seconds > 0, seconds <= 120]).toEqual([429, true, true]);
  expect(header(refused, 'x-ratelimit-reset')).toBeGreaterThanOrEqual(seconds);
  expect(await json(refused)).toMatchObject({
    code: 'LIMIT_REACHED',
    detail: expect.stringContaining(`Come back in ${seconds} s.`),
    details: { limit: LIMIT, retry_after: seconds, window_seconds: 60 },
  });
  expect((await ask(api, 'bob')).status).toBe(200);
});

test('many requests at once are granted as many times as the limit says', async () => {
  const answers = await Promise.all(
    Array.from({ length: 4 * LIMIT }, (_, place) => ask(place % 2 === 0 ? api : other, 'crowd')),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(LIMIT);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(3 * LIMIT);
});

test('the clock of a process that is moved by an hour, forward or back, changes nothing', async () => {
  const now = Date.now();
  for (let place = 0; place < LIMIT; place += 1) {
    jest.spyOn(Date, 'now').mockReturnValue(now + (place % 2 === 0 ? 1 : -1) * 3_600_000);
    expect((await ask(api, 'mover')).status).toBe(200);
  }
  for (const moved of [3_600_000, -3_600_000, 0]) {
    jest.spyOn(Date, 'now').mockReturnValue(now + moved);
    const refused = await ask(other, 'mover');
    expect([refused.status, header(refused, 'retry-after') <= 120]).toEqual([429, true]);
  }
});

test('of the minute before, what the window still covers counts; a database clock set back begins anew', async () => {
  const move = (minutes: number) =>
    api.db.query('update rate_windows set at = at - $1 where subject = $2', [minutes, 'dan']);
  for (let place = 0; place < LIMIT; place += 1) await ask(api, 'dan');
  await move(2);
  expect(header(await ask(api, 'dan'), 'x-ratelimit-remaining')).toBe(LIMIT - 1);
  await api.db.query(
    `update rate_windows set at = floor(extract(epoch from clock_timestamp()) / 60) - 1, current = $1, previous = 0
     where subject = 'dan'`,
    [LIMIT],
  );
  const slid = await ask(other, 'dan');
  const [row] = await api.db.query<{ previous: number; elapsed: number }>(
    `select previous, at - floor(at) as elapsed from rate_windows where subject = 'dan'`,
  );
  expect(row?.previous).toBe(LIMIT);
  expect(slid.status).toBe(LIMIT * (1 - (row?.elapsed ?? 0)) + 1 <= LIMIT ? 200 : 429);
  await move(-60);
  expect(header(await ask(api, 'dan'), 'x-ratelimit-remaining')).toBe(LIMIT - 1);
});

test('a tool has a limit of its own beside all requests', async () => {
  const query = () => call(api, `/api/sessions/${newId()}/sql`, { owner: 'tess', json: { sql: 'select 1' } });
  expect([(await query()).status, (await query()).status]).toEqual([404, 404]);
  const refused = await query();
  expect([refused.status, (await json(refused)).details]).toMatchObject([
    429,
    { what: 'tool query', limit: 2 },
  ]);
  const allowed = await ask(api, 'tess');
  expect([allowed.status, header(allowed, 'x-ratelimit-limit')]).toEqual([200, LIMIT]);
});

test('who has no limit, and what asks whether the platform lives, is not counted and is told so', async () => {
  for (const answer of [await ask(api), await call(api, '/api/live', { owner: 'zoe' })])
    expect([answer.status, answer.headers.get('x-ratelimit-limit')]).toEqual([200, 'unlimited']);
  const rows = await api.db.query(`select from rate_windows where subject in ('local', 'zoe')`);
  expect(rows).toEqual([]);
});

test('without its database a limited request is answered 503, what lives is said as ever', async () => {
  const nowhere = createDatabase({ url: 'postgres://127.0.0.1:1/none' });
  const app = createApp({ ...api.dependencies, db: nowhere });
  closing.push(
    () => app.close(),
    () => nowhere.close(),
  );
  const cut = { ...api, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
  const refused = await call(cut, '/api/sessions', { owner: 'ann' });
  expect([refused.status, header(refused, 'retry-after') > 0]).toEqual([503, true]);
  expect((await json(refused)).code).toBe('DATABASE_UNAVAILABLE');
  expect((await call(cut, '/api/live', { owner: 'ann' })).status).toBe(200);
});

test('calls over gRPC count like requests, and a refusal carries when to come back', async () => {
  const server = await startGrpcServer(api.dependencies, createEndpointWatch(api.dependencies));
  closing.push(() => server.close());
  const client = new PlatformClient(server.address, credentials.createInsecure());
  closing.push(async () => client.close());
  const by = new Metadata();
  by.set('x-test-owner', 'gail');
  const list = () =>
    new Promise<ServiceError | null>((resolve) => {
      client.listEndpoints({ kind: EndpointKind.UNSPECIFIED }, by, (error) => resolve(error));
    });
  for (let place = 0; place < LIMIT - 1; place += 1) expect(await list()).toBeNull();
  expect((await ask(api, 'gail')).status).toBe(200);
  const refused = await list();
  expect(refused?.code).toBe(status.RESOURCE_EXHAUSTED);
  const [details] = refused?.metadata.get('grpc-status-details-bin') ?? [];
  expect(errorInfoOf(details as Buffer)).toMatchObject({ reason: 'LIMIT_REACHED' });
  expect(String(details)).toContain('google.rpc.RetryInfo');
});

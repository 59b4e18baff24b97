/** Streams and uploads that a caller holds open at once: two api processes on one database count as one. */

import { request as httpRequest } from 'node:http';
import { UNLIMITED } from '../../core/access/limits.ts';
import { createApp } from '../app.ts';
import { startTestApi, type TestApi } from '../testing/api-server.ts';
import { call, json } from '../testing/client.ts';

const LIMITS = { ...UNLIMITED, streams: 2, uploads: 1 };
let api: TestApi;
let other: TestApi;

beforeAll(async () => {
  api = await startTestApi({ limitsOf: ({ role }) => (role === 'admin' ? UNLIMITED : LIMITS) });
  const app = createApp({ ...api.dependencies, db: api.postgres.open() });
  other = { ...api, app, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
}, 60_000);
afterAll(async () => {
  await other?.app.close();
  await api?.close();
});

/** An open stream: its status, and what closes it. */
async function open(process: TestApi, owner?: string) {
  const closing = new AbortController();
  const answer = await call(process, '/api/stream', { owner, signal: closing.signal });
  return { status: answer.status, answer, close: () => closing.abort() };
}

/** Asks until a stream is open: that one was closed is noticed by the server in its own time. */
async function untilOpen(process: TestApi, owner: string) {
  for (;;) {
    const stream = await open(process, owner);
    if (stream.status === 200) return stream;
    await stream.answer.body?.cancel();
  }
}

test('open streams are counted over both processes, and one that is closed makes room for another', async () => {
  const first = await open(api, 'ann');
  const second = await open(other, 'ann');
  const third = await open(api, 'ann');
  expect([first.status, second.status, third.status]).toEqual([200, 200, 429]);
  expect(third.answer.headers.get('retry-after')).toBe('5');
  expect(await json(third.answer)).toMatchObject({
    code: 'LIMIT_REACHED',
    details: { limit: 2, what: 'stream' },
  });
  const bob = await open(api, 'bob');
  expect(bob.status).toBe(200);
  first.close();
  const next = await untilOpen(other, 'ann');
  for (const stream of [second, next, bob]) stream.close();
});

test('who has no limit holds as many as the process serves, and no lease is written', async () => {
  const streams = await Promise.all([1, 2, 3, 4].map(() => open(api)));
  expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(await api.db.query(`select from open_leases where subject = 'local'`)).toEqual([]);
  for (const stream of streams) stream.close();
});

test('a lease whose process was lost counts no more', async () => {
  const lost = `insert into open_leases (id, subject, kind, seen_at)
    select gen_random_uuid(), 'cleo', 'stream', clock_timestamp() - make_interval(secs => $1)
    from generate_series(1, 2)`;
  await api.db.query(lost, [1]);
  const refused = await open(api, 'cleo');
  expect(refused.status).toBe(429);
  await refused.answer.body?.cancel();
  await api.db.query(
    `update open_leases set seen_at = seen_at - interval '30 seconds' where subject = 'cleo'`,
  );
  const granted = await open(api, 'cleo');
  expect(granted.status).toBe(200);
  granted.close();
});

test('an upload that is still being sent counts, and its end makes room', async () => {
  const { hostname, port } = new URL(api.url);
  const headers = { 'content-type': 'text/csv', 'x-test-owner': 'dan' };
  const sending = httpRequest({
    host: hostname,
    port,
    path: '/api/uploads?name=a.csv',
    method: 'POST',
    headers,
  });
  const answered = new Promise<number>((resolve, reject) => {
    sending.on('response', (answer) => resolve(answer.resume().statusCode ?? 0)).on('error', reject);
  });
  sending.write('a,b\n');
  const upload = () =>
    call(other, '/api/uploads?name=b.csv', {
      body: 'a,b\n1,2\n',
      owner: 'dan',
      headers: { 'content-type': 'text/csv' },
    });
  const held = () => api.db.query(`select from open_leases where subject = 'dan'`);
  while ((await held()).length === 0);
  expect((await upload()).status).toBe(429);
  sending.end('1,2\n');
  expect(await answered).toBe(201);
  while ((await held()).length > 0);
  expect((await upload()).status).toBe(201);
});

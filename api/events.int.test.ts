/** Event streams over a real Postgres, and what the API says while parts are away. */

import { connect } from 'node:net';
import { newId } from '../core/ids.ts';
import { sessionStream } from '../core/session-names.ts';
import { heartbeatWorker } from '../db/index.ts';
import { until } from '../db/testing/postgres.ts';
import { type TestApi, useTestApi } from './testing/api-server.ts';
import {
  append,
  call,
  connections,
  json,
  newExperiment,
  newSession,
  printed,
  readStream,
} from './testing/client.ts';

let api: TestApi;
useTestApi((started) => {
  api = started;
});

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

test('events come as pages and as a stream, each once and in order, from wherever a reader stopped', async () => {
  const session = await newSession(api);
  const path = `/api/sessions/${session.id}`;
  const readers = [0, 1, 2].map(() =>
    readStream(api, { path: `${path}/stream` }, (events) => events.length === 61),
  );
  for (let batch = 0; batch < 20; batch += 1) {
    await append(
      api,
      session,
      ['a', 'b', 'c'].map((part) => printed(`${batch}${part}`)),
    );
  }
  for (const events of await Promise.all(readers)) expect(events.map((event) => event.seq)).toEqual(upTo(61));
  const headers = { 'last-event-id': '50' };
  const from = { path: `${path}/stream?after=3`, headers };
  const later = await readStream(api, from, (events) => events.length === 1);
  expect(later[0]).toMatchObject({ seq: 51, type: 'code_output', data: { stage: 'eda', run: 1 } });
  const page = await json<{ items: { seq: number }[]; last_seq: number }>(
    call(api, `${path}/events?after=58`),
  );
  expect([page.items.map((event) => event.seq), page.last_seq]).toEqual([[59, 60, 61], 61]);
});

test('events of some types are left out on request, and the last number tells how far the stream is read', async () => {
  const session = await newSession(api);
  await append(
    api,
    session,
    ['a', 'b', 'c'].map((part) => printed(part)),
  );
  const read = (query: string) =>
    json<{ items: { type: string }[]; last_seq: number }>(
      call(api, `/api/sessions/${session.id}/events?${query}`),
    );
  const page = await read('except=code_output,metrics_batch');
  expect([page.items.map((event) => event.type), page.last_seq]).toEqual([['state_change'], 4]);
  expect(await read('after=1&except=code_output')).toEqual({ items: [], last_seq: 4 });
  expect((await read('limit=2&except=state_change')).last_seq).toBe(3);
  const refused = await call(api, `/api/sessions/${session.id}/events?except=code_output,noise`);
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('“noise” in ?except= is no type of event.');
});

test('a reader that comes and goes sees each event once', async () => {
  const session = await newSession(api);
  const seen: (number | null)[] = [];
  const writing = (async () => {
    for (let index = 0; index < 60; index += 1) await append(api, session, [printed(`${index}`)]);
  })();
  while (seen.length < 61) {
    const most = Math.min(1 + (seen.length % 7), 61 - seen.length);
    const path = `/api/sessions/${session.id}/stream?after=${seen.at(-1) ?? 0}`;
    const events = await readStream(api, { path }, ({ length }) => length >= most);
    seen.push(...events.map((event) => event.seq));
  }
  await writing;
  expect(seen).toEqual(upTo(61));
});

test('a live delta comes without a number', async () => {
  const session = await newSession(api);
  const stream = sessionStream(session.id);
  const delta = { message: 'm', epoch: 1, offset: 0, text: 'hel' };
  const sending = setInterval(() => api.dependencies.hub.publishLive(stream, delta), 50);
  const from = { path: `/api/sessions/${session.id}/stream` };
  const events = await readStream(api, from, ({ length }) => length >= 2);
  clearInterval(sending);
  expect(events[1]).toEqual({ seq: null, type: 'agent_delta', data: delta });
  const thinking = setInterval(() => api.dependencies.hub.publishLive(stream, delta, 'thinking_delta'), 50);
  const thought = await readStream(api, from, ({ length }) => length >= 2);
  clearInterval(thinking);
  expect(thought[1]).toEqual({ seq: null, type: 'thinking_delta', data: delta });
});

test('an idle stream is kept awake by comments', async () => {
  const session = await newSession(api);
  const stop = new AbortController();
  const response = await call(api, `/api/sessions/${session.id}/stream`, { signal: stop.signal });
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes(': keep-alive\n\n: keep-alive')) break;
  }
  stop.abort();
  expect(text).toMatch(/^retry: 1000\n\n/);
});

interface FollowedEvent {
  session: string;
  seq: number;
}

test('one stream follows several sessions, each event once, and refuses alone the one that is not there', async () => {
  const [first, second] = [await newSession(api), await newSession(api)];
  await append(api, first, [printed('a'), printed('b')]);
  const follow = [`${first.id}:2`, `${second.id}:0`, `${newId()}:0`].join(',');
  const writing = (async () => {
    for (let index = 0; index < 20; index += 1) {
      await append(api, first, [printed(`${index}`)]);
      await append(api, second, [printed(`${index}`)]);
    }
  })();
  const of = (events: { type: string; data: unknown }[], { id }: { id: string }) =>
    events
      .filter(({ type }) => type === 'session_event')
      .map(({ data }) => data as FollowedEvent)
      .filter(({ session }) => session === id)
      .map(({ seq }) => seq);
  const events = await readStream(
    api,
    { path: `/api/stream?follow=${follow}` },
    (read) => of(read, first).length === 21 && of(read, second).length === 21,
  );
  await writing;
  expect(of(events, first)).toEqual(upTo(23).slice(2));
  expect(of(events, second)).toEqual(upTo(21));
  const refused = events.filter(({ type }) => type === 'session_refused').map(({ data }) => data);
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatchObject({ code: 'NOT_FOUND', status: 404 });
  expect(events.some(({ type }) => type === 'session')).toBe(true);
  const event = events.find(({ type }) => type === 'session_event');
  expect(event).toMatchObject({
    seq: null,
    data: { type: expect.any(String), created_at: expect.any(String) },
  });
  for (const wrong of ['x', `${first.id}`, `${first.id}:-1`])
    expect((await call(api, `/api/stream?follow=${wrong}`)).status).toBe(400);
});

test.each(['62', '9007199254740993', '99999999999999999999999'])(
  'a reader that names event %s of a shorter stream is reset, and gets all of it',
  async (number) => {
    const session = await newSession(api);
    await append(api, session, [printed('a'), printed('b')]);
    const path = `/api/sessions/${session.id}/stream`;
    const headers = { 'last-event-id': number };
    const events = await readStream(api, { path, headers }, (all) => all.length === 4);
    expect(events[0]).toEqual({ type: 'reset', seq: 0, data: { last_seq: 3 } });
    expect(events.slice(1).map(({ seq }) => seq)).toEqual(upTo(3));
    const second = { path, headers: { 'last-event-id': '2' } };
    const exact = await readStream(api, second, (all) => all.length === 1);
    expect(exact[0]?.seq).toBe(3);
  },
);

test('of several sessions that are followed, the one whose place is past its end is reset alone', async () => {
  const [short, long] = [await newSession(api), await newSession(api)];
  await append(api, long, [printed('a'), printed('b')]);
  const follow = `${short.id}:7,${long.id}:2`;
  const isOf = (id: string) => (each: { type: string; data: Record<string, unknown> }) =>
    each.type === 'session_event' && each.data.session === id;
  const events = await readStream(
    api,
    { path: `/api/stream?follow=${follow}` },
    (read) => read.some(isOf(short.id)) && read.some(isOf(long.id)),
  );
  const resets = events.filter(({ type }) => type === 'session_reset').map(({ data }) => data);
  expect(resets).toEqual([{ session: short.id, last_seq: 1 }]);
  expect(events.filter(isOf(short.id)).map(({ data }) => data.seq)).toEqual([1]);
  expect(events.filter(isOf(long.id)).map(({ data }) => data.seq)).toEqual([3]);
});

test('a reader of the overview that names a time to come is reset, too', async () => {
  const session = await newSession(api, 'reset');
  const headers = { 'last-event-id': '2999-01-01T00:00:00.000Z', 'x-test-owner': 'reset' };
  const isOf = ({ data }: { data: Record<string, unknown> }) => data.id === session.id;
  const events = await readStream(api, { path: '/api/stream', headers }, (all) => all.some(isOf));
  expect(events[0]?.type).toBe('reset');
});

test('a wrong Last-Event-ID is refused, and so is one stream too many', async () => {
  const session = await newSession(api);
  const path = `/api/sessions/${session.id}/stream`;
  expect((await call(api, path, { headers: { 'last-event-id': 'x' } })).status).toBe(400);
  const stop = new AbortController();
  const open = await Promise.all(upTo(30).map(() => call(api, path, { signal: stop.signal })));
  const refused = open.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(10);
  expect(refused[0]?.headers.get('retry-after')).toBe('5');
  stop.abort();
  await until(async () => (await connections(api)) <= 12);
});

test('a reader that takes nothing is dropped, and resumes', async () => {
  const session = await newSession(api);
  const big = 'x'.repeat(200_000);
  for (let index = 0; index < 100; index += 1) await append(api, session, [printed(`${index}`, big)]);
  const { hostname, port } = new URL(api.url);
  const path = `/api/sessions/${session.id}/stream`;
  const before = await connections(api);
  // nobody listens to its data, so nothing is ever read
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
  await until(async () => (await connections(api)) > before);
  await until(async () => (await connections(api)) <= before);
  socket.destroy();
  const events = await readStream(api, { path }, ({ length }) => length === 101);
  expect(events.map((event) => event.seq)).toEqual(upTo(101));
}, 30_000);

test('without a worker a start is 503 and nothing is sent; the session of an auto run stays', async () => {
  const { id } = await newExperiment(api);
  const options = { json: { mode: 'auto' }, headers: { 'idempotency-key': newId() } };
  const first = await call(api, `/api/experiments/${id}/sessions`, options);
  expect([first.status, first.headers.get('retry-after')]).toEqual([503, '5']);
  const problem = await json<{ code: string; details: { session_id: string } }>(first);
  expect(problem.code).toBe('WORKFLOW_UNAVAILABLE');
  const again = await json(call(api, `/api/experiments/${id}/sessions`, options));
  expect(again.details).toEqual(problem.details);
  const start = await call(api, `/api/sessions/${problem.details.session_id}/stages/eda/start`, { json: {} });
  expect(start.status).toBe(503);
});

test('with Temporal away a start is 503 within three seconds, and reads go on', async () => {
  const session = await newSession(api);
  await heartbeatWorker(api.db, 'test', 'test');
  const from = performance.now();
  const start = await call(api, `/api/sessions/${session.id}/stages/eda/start`, { json: {} });
  expect([start.status, performance.now() - from < 3_000]).toEqual([503, true]);
  expect((await call(api, `/api/sessions/${session.id}/events`)).status).toBe(200);
  api.tools.away = true;
  const status = await json(call(api, '/api/status'));
  api.tools.away = false;
  expect(status).toMatchObject({
    overall_status: 'degraded',
    postgres: { status: 'ok' },
    temporal: { status: 'down' },
    // none of its hosts answers
    sandbox: { status: 'down' },
  });
  expect((await call(api, '/api/ready')).status).toBe(503);
  expect((await call(api, '/api/live')).status).toBe(200);
}, 20_000);

test('with Postgres away requests are 503, and open streams go on afterwards', async () => {
  const session = await newSession(api);
  const path = `/api/sessions/${session.id}`;
  const ofSession = (events: { type: string }[]) => events.filter(({ type }) => type === 'session_event');
  // both are under way before the database goes
  const heard = new Set<string>();
  const enough = (name: string, { length }: { length: number }) => {
    if (length > 0) heard.add(name);
    return length === 3;
  };
  const reading = readStream(api, { path: `${path}/stream` }, (events) => enough('one', events));
  const following = readStream(api, { path: `/api/stream?follow=${session.id}:0` }, (events) =>
    enough('several', ofSession(events)),
  );
  await append(api, session, [printed('before')]);
  await until(async () => heard.size === 2);
  await api.postgres.kill();
  // the server's processes end a moment after their parent
  await until(async () => (await call(api, path)).status !== 200);
  const answer = await call(api, path);
  expect([answer.status, answer.headers.has('retry-after')]).toEqual([503, true]);
  expect((await json(answer)).code).toBe('DATABASE_UNAVAILABLE');
  expect((await json(call(api, '/api/status'))).overall_status).toBe('down');
  await api.postgres.restart();
  await append(api, session, [printed('after')]);
  expect((await reading).map((event) => event.seq)).toEqual([1, 2, 3]);
  expect(ofSession(await following).map((event) => (event as { data?: unknown }).data)).toMatchObject(
    [1, 2, 3].map((seq) => ({ session: session.id, seq })),
  );
}, 30_000);

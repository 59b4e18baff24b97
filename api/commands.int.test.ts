/** Commands over a real Temporal server and the real workflow: told once, refused with reasons, outliving outages. */

import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import { TEST_SETTINGS } from '../activities/testing/settings.ts';
import { createCatalogue } from '../agents/index.ts';
import { newId, sha256 } from '../core/ids.ts';
import type { Session } from '../core/records.ts';
import * as repositories from '../db/index.ts';
import { createSandboxHosts } from '../sandbox-client/hosts.ts';
import { createListedProvider } from '../sandbox-client/providers/listed.ts';
import * as storage from '../storage/index.ts';
import { until } from '../tests/platform/wait.ts';
import { TASK_QUEUES } from '../workflows/contract/ids.ts';
import { SEARCH_ATTRIBUTES } from '../workflows/contract/search-attributes.ts';
import { startTestApi, type TestApi } from './testing/api-server.ts';
import { type CallOptions, call, form, json, newExperiment, newSession } from './testing/client.ts';
import { storeRun } from './testing/stored-run.ts';

let environment: TestWorkflowEnvironment;
let api: TestApi;
let worker: Worker;
let working: Promise<void>;
let heartbeat: NodeJS.Timeout;

beforeAll(async () => {
  const path = process.env.TEMPERA_TEMPORAL ?? join(homedir(), '.cache/tempera/bin/temporal');
  const server = {
    executable: { type: 'existing-path' as const, path },
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
  };
  // the library gives its server five seconds, which a busy machine may need more of
  environment = await until('Temporal runs', () => TestWorkflowEnvironment.createLocal({ server }));
  api = await startTestApi({ temporalAddress: environment.address });
  worker = await createWorker();
  working = worker.run();
  await repositories.heartbeatWorker(api.db, 'test', 'test');
  heartbeat = setInterval(() => void repositories.heartbeatWorker(api.db, 'test', 'test'), 2_000);
}, 120_000);

afterAll(async () => {
  clearInterval(heartbeat);
  worker?.shutdown();
  await working;
  await api?.close();
  await environment?.teardown();
}, 60_000);

/** Works on the sessions' own queue only: model and tool calls wait for a worker that never comes. */
async function createWorker(): Promise<Worker> {
  const { db, store, dependencies } = api;
  const activities = createActivities({
    ...{
      database: db,
      events: dependencies.hub,
      objects: store,
      blobs: dependencies.blobs,
      keys: storage,
    },
    models: new Map(),
    agents: createCatalogue(resolve('agents')),
    sandbox: createSandboxHosts(
      createListedProvider({ provider: 'local', addresses: [], token: 'none', tls: null }),
    ),
    settings: TEST_SETTINGS,
  });
  const workflowBundle = { codePath: resolve('build', 'workflow-bundle.js') };
  const { nativeConnection: connection } = environment;
  return await Worker.create({ connection, taskQueue: TASK_QUEUES.workflows, workflowBundle, activities });
}

const start = (session: Session, stage: string, key: string = newId()) =>
  call(api, `/api/sessions/${session.id}/stages/${stage}/start`, {
    json: {},
    headers: { 'idempotency-key': key },
  });

const cancel = (session: Session) => call(api, `/api/sessions/${session.id}/cancel`, { json: {} });

test('a double click starts one run, and its key is no good for anything else', async () => {
  const session = await newSession(api);
  const key = newId();
  const clicks = await Promise.all(Array.from({ length: 5 }, () => start(session, 'eda', key)));
  const answers = await Promise.all(clicks.map((click) => json(click)));
  expect(clicks.map(({ status }) => status)).toEqual(Array(5).fill(202));
  expect(answers).toEqual(Array(5).fill({ stage: 'eda', run: 1, state: 'eda_running' }));
  expect(await repositories.listStageRuns(api.db, session.id)).toHaveLength(1);
  const other = await start(session, 'prep', key);
  expect([other.status, (await json(other)).code]).toEqual([409, 'IDEMPOTENCY_MISMATCH']);
  expect(await json(cancel(session))).toEqual({ state: 'cancelled' });
});

test('what the workflow refuses arrives with its code and sentence', async () => {
  const session = await newSession(api);
  const early = await json(start(session, 'prep'));
  expect(early).toMatchObject({
    status: 409,
    code: 'STAGE_NOT_READY',
    detail: expect.stringContaining('eda'),
  });
  const answer = await call(api, `/api/sessions/${session.id}/answers/${newId()}`, { json: { text: 'x' } });
  expect([answer.status, (await json(answer)).code]).toEqual([409, 'NOT_WAITING']);
  expect((await cancel(session)).status).toBe(200);
  expect((await json(cancel(session))).code).toBe('NOT_CANCELLABLE');
  expect((await json(start(session, 'eda'))).code).toBe('STAGE_NOT_READY');
});

test('a message waits for the next stage, also after a failure, but not in a cancelled session', async () => {
  const failed = await newSession(api);
  await api.db.query(`update sessions set state = 'failed', failed_stage = 'eda' where id = '${failed.id}'`);
  const say = ({ id }: Session) => call(api, `/api/sessions/${id}/messages`, { json: { text: 'hello' } });
  expect((await say(failed)).status).toBe(201);
  const session = await newSession(api);
  await cancel(session);
  const refused = await say(session);
  expect([refused.status, await json(refused)]).toEqual([
    409,
    expect.objectContaining({
      code: 'CONFLICT',
      detail: expect.stringMatching(/cancelled.*Fork it.*new session/),
    }),
  ]);
  expect(await json(call(api, `/api/sessions/${session.id}/messages`))).toMatchObject({ items: [] });
});

test('a hundred messages at once are taken, each once, in the order in which they came', async () => {
  const session = await newSession(api);
  const texts = Array.from({ length: 100 }, (_, at) => `message ${at}`);
  const { hostname, port, host } = new URL(api.url);
  // over one connection, one after the other without waiting: so there is an order in which they came
  const requests = texts.map((text) => {
    const body = JSON.stringify({ text });
    const head = `POST /api/sessions/${session.id}/messages HTTP/1.1\r\nhost: ${host}\r\n`;
    return `${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  });
  const socket = connect(Number(port), hostname);
  socket.setEncoding('utf8').write(requests.join(''));
  let answers = '';
  for await (const piece of socket) {
    answers += piece;
    if ((answers.match(/HTTP\/1\.1 \d/g) ?? []).length === texts.length) break;
  }
  const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
  expect(statuses.filter((status) => status !== 201 && status !== 429)).toEqual([]);
  const path = `/api/sessions/${session.id}/messages?order=oldest&limit=200`;
  const { items } = await json<{ items: { content: { text: string }[] }[] }>(call(api, path));
  const taken = texts.filter((_, at) => statuses[at] === 201);
  expect(items.map(({ content }) => content[0]?.text)).toEqual(taken);
  // a machine with no time to spare may refuse the last ones
  expect(taken.length).toBeGreaterThan(10);
}, 60_000);

const decideOn = (value: string): CallOptions => ({
  json: { changes: [{ key: 'metric', value }], how: 'rerun' },
});

test('a key is kept or refused on every POST: with another request it gives nothing', async () => {
  const { experiment_id, id } = await newSession(api);
  await start({ id } as Session, 'eda');
  const model = newId();
  const path = 'train/models/model.pkl';
  const made = { session_id: id, stage: 'train' as const, run: 1, step_id: null };
  const content = { s3_path: `sessions/${id}/${path}`, size: 1, sha256: sha256('model') };
  await api.db.transaction(async (tx) => {
    await repositories.insertStageRun(tx, { session_id: id, stage: 'train', run: 1, state: 'done' });
    await repositories.upsertArtifacts(tx, [
      { id: model, ...made, type: 'model', name: 'model.pkl', path, ...content },
    ]);
  });
  const { source, run } = await storeRun(api);
  const ids: Record<string, string> = {
    ...{ models: model, experiments: experiment_id, sessions: id, fsm: run, 'data-sources': source },
    vocabularies: 'tempera',
  };
  const files = await json<{ id: string }>(
    call(api, '/api/uploads?name=a.csv', { body: 'a,b\n1,2\n', headers: { 'content-type': 'text/csv' } }),
  );
  const ofFiles = (display_name: string): CallOptions => ({
    json: { display_name, source_type: 'files', upload_ids: [files.id] },
  });
  const webhookTo = (path: string) => ({ json: { url: `http://127.0.0.1:9/${path}` } });
  const connectionTo = (database: string): CallOptions => ({
    json: { name: 'x', type: 'postgres', address: `postgres://127.0.0.1:1/${database}`, credentials: {} },
  });
  const attaching = (code: string): CallOptions => ({ json: { meaning: 'email', code, change: 'attach' } });
  const review = (decision: string): CallOptions => ({ json: { items: [{ column: '0.0', decision }] } });
  const bytes = { headers: { 'content-type': 'text/csv' } };
  // two requests of each route that differ; one that is added is added here
  const pairs: Record<string, [CallOptions, CallOptions]> = {
    '/api/experiments': [{ body: form({ name: 'a' }) }, { body: form({ name: 'b' }) }],
    '/api/uploads': [
      { ...bytes, body: 'a,b\n1,2\n' },
      { ...bytes, body: 'a,b\n1,3\n' },
    ],
    '/api/experiments/:id/sessions': [{ json: {} }, { json: { mode: 'auto' } }],
    '/api/sessions/:id/again': [{ body: form({ name: 'a' }) }, { body: form({ name: 'b' }) }],
    '/api/sessions/:id/messages': [{ json: { text: 'a' } }, { json: { text: 'b' } }],
    '/api/sessions/:id/decisions': [decideOn('accuracy'), decideOn('f1_macro')],
    '/api/sessions/:id/limits': [{ json: { turns: 7 } }, { json: { turns: 8 } }],
    '/api/data-sources': [ofFiles('a'), ofFiles('b')],
    '/api/data-connections': [connectionTo('a'), connectionTo('b')],
    '/api/webhooks': [webhookTo('a'), webhookTo('b')],
    '/api/fsm/start': [{ json: {} }, { json: { settings: { seed: 1 } } }],
    '/api/fsm/runs/:id/reviews': [review('accept'), review('none')],
    '/api/vocabularies/:id/attachments': [attaching('CITY'), attaching('COUNTRY')],
    '/api/models/:id/predict': [{ json: { rows: [{ a: 1 }] } }, { json: { rows: [{ a: 2 }] } }],
    '/api/models/:id/predict-file': [
      { ...bytes, body: 'a\n1\n' },
      { ...bytes, body: 'a\n2\n' },
    ],
  };
  const REFUSING = [
    ...['/api/sessions/:id/sql', '/api/endpoints/:id/drain', '/api/classify/explain'],
    ...['/api/data-connections/:name/test', '/api/keys', '/api/keys/:id/rotate'],
    ...['/api/webhooks/:id/test', '/api/webhooks/:id/deliveries/:delivery/replay'],
    ...['/api/data-sources/:id/test', '/api/data-sources/:id/reviews/undo', '/api/datasets/:id/activate'],
    ...['/api/vocabularies/:id/attachments/undo', '/api/sign-in', '/api/sign-out'],
  ];
  // without a field to differ in: the key of another command is another request
  const BARE =
    /\/(cancel|resume|stop-after-step|fork)$|\/(stages\/:stage\/start|answers\/:questionId|approvals\/:approvalId)$/;
  const posts = api.app.routes.filter(({ method }) => method === 'POST').map(({ url }) => url);
  expect(posts.filter((url) => !(url in pairs) && !REFUSING.includes(url) && !BARE.test(url))).toEqual([]);
  const query = (url: string) => (/uploads|predict-file/.test(url) ? '?name=a.csv' : '');
  const post = (url: string, key: string, options: CallOptions) =>
    call(api, `${url.replace(':id', ids[url.split('/')[2] ?? ''] ?? newId())}${query(url)}`, {
      ...options,
      headers: { ...options.headers, 'idempotency-key': key },
    });
  for (const [url, [first, other]] of Object.entries(pairs)) {
    const key = newId();
    const answers = [await post(url, key, first), await post(url, key, first)];
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect([url, answers.map(({ ok }) => ok)]).toEqual([url, [true, true]]);
    expect([url, texts[0]]).toEqual([url, texts[1]]);
    const mismatch = await post(url, key, other);
    expect([url, mismatch.status, (await json(mismatch)).code]).toEqual([url, 409, 'IDEMPOTENCY_MISMATCH']);
  }
  for (const url of REFUSING) {
    const answer = await post(url, newId(), { json: {} });
    expect([url, answer.status]).toEqual([url, 400]);
    expect(JSON.stringify(await json(answer))).toContain('header.idempotency-key');
  }
  const used = newId();
  await post('/api/sessions/:id/messages', used, { json: { text: 'c' } });
  const cross = await post('/api/sessions/:id/cancel', used, { json: {} });
  expect([cross.status, (await json(cross)).code]).toEqual([409, 'IDEMPOTENCY_MISMATCH']);
}, 60_000);

test('an auto session runs at once, takes messages and limits, and cannot be deleted while it runs', async () => {
  const { id } = await newExperiment(api);
  const session = await json<Session>(
    call(api, `/api/experiments/${id}/sessions`, { json: { mode: 'auto' } }),
  );
  expect(session.state).toBe('eda_running');
  const path = `/api/sessions/${session.id}`;
  const sent = await call(api, `${path}/messages`, { json: { text: 'hello' } });
  expect(sent.status).toBe(201);
  const limits = await json(call(api, `${path}/limits`, { json: { turns: 7 } }));
  expect(limits).toMatchObject({ limits: { turns: 7, tokens: session.limits.tokens } });
  expect((await call(api, path, { method: 'DELETE' })).status).toBe(409);
  expect((await call(api, `/api/experiments/${id}`, { method: 'DELETE' })).status).toBe(409);
  await cancel(session);
  expect((await call(api, path, { method: 'DELETE' })).status).toBe(204);
  expect((await call(api, path)).status).toBe(404);
  expect(api.tools.forgotten).toContain(session.id);
});

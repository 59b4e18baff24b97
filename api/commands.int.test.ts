/** Commands over a real Temporal server and the real workflow: told once, refused with reasons, outliving outages. */

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import { newId } from '../core/ids.ts';
import type { Session } from '../core/records.ts';
import * as repositories from '../db/index.ts';
import { createSandboxHosts } from '../sandbox-client/hosts.ts';
import { createListedProvider } from '../sandbox-client/providers/listed.ts';
import * as storage from '../storage/index.ts';
import { until } from '../tests/platform/wait.ts';
import { createCatalogue } from '../worker/ports.ts';
import { TASK_QUEUES } from '../workflows/contract/ids.ts';
import { SEARCH_ATTRIBUTES } from '../workflows/contract/search-attributes.ts';
import { startTestApi, type TestApi } from './testing/api-server.ts';
import { call, json, newExperiment, newSession } from './testing/client.ts';

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
      repositories,
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
    settings: {
      providerPauses: { first: 1, longest: 1 },
      ...{ heartbeatSeconds: 10, idleHours: 24, continueAfterEvents: 4_096, executionSeconds: 60 },
      ...{
        maxAnswerTokens: 1_000,
        callsPerAnswer: 64,
        outputHeadBytes: 1_000,
        killAfterMs: 1_000,
        bugAttempts: 3,
      },
      limits: {
        memoryBytes: 1,
        workspaceBytes: 1,
        workspaceFiles: 1,
        processes: 1,
        outputBytes: 1,
        tmpBytes: 1,
      },
      memoryRetryFactor: 1,
    },
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

test('an auto session runs at once, takes messages and limits, and cannot be deleted while it runs', async () => {
  const { id } = await newExperiment(api);
  const session = await json<Session>(
    call(api, `/api/experiments/${id}/sessions`, { json: { mode: 'auto' } }),
  );
  expect(session.state).toBe('eda_running');
  const path = `/api/sessions/${session.id}`;
  const said = await call(api, `${path}/messages`, { json: { text: 'hello' } });
  expect(said.status).toBe(201);
  const limits = await json(call(api, `${path}/limits`, { json: { turns: 7 } }));
  expect(limits).toMatchObject({ limits: { turns: 7, tokens: session.limits.tokens } });
  expect((await call(api, path, { method: 'DELETE' })).status).toBe(409);
  expect((await call(api, `/api/experiments/${id}`, { method: 'DELETE' })).status).toBe(409);
  await cancel(session);
  expect((await call(api, path, { method: 'DELETE' })).status).toBe(204);
  expect((await call(api, path)).status).toBe(404);
  expect(api.tools.forgotten).toContain(session.id);
});

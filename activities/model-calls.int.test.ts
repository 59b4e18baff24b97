/**
 * A turn's call over real rows: what came is kept or counted, whatever becomes of the database, the worker and the
 * answer.
 */

import { resolve } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createCatalogue } from '../agents/index.ts';
import { TemperaError } from '../core/errors.ts';
import type { LanguageModel, ModelAnswer, ModelRequest } from '../core/ports/model.ts';
import * as repositories from '../db/index.ts';
import { startTestPostgres, type TestPostgres } from '../db/testing/postgres.ts';
import { addSession, USER_A } from '../db/testing/rows.ts';
import { createSandboxHosts } from '../sandbox-client/hosts.ts';
import { createListedProvider } from '../sandbox-client/providers/listed.ts';
import * as storage from '../storage/index.ts';
import type { ModelTurn, TurnKey } from '../workflows/contract/activities.ts';
import { createModelCalls, MAX_ANSWER_BYTES } from './model-calls.ts';
import type { ActivityPorts } from './ports.ts';
import { TEST_SETTINGS } from './testing/settings.ts';
import { MAX_DELIVERIES, prepareTurn } from './turn-request.ts';

const logger = new DefaultLogger('ERROR');
const usage = { input: 100, output: 10, cacheRead: 0, cacheWrite: 0 };
const saying = (text: string): ModelAnswer => ({
  content: [{ type: 'text', text }],
  stopReason: 'end_turn',
  usage,
  cost: 0.5,
});

let postgres: TestPostgres;
let database: repositories.Database;
let events: repositories.EventHub;
let sandbox: ReturnType<typeof createSandboxHosts>;
beforeAll(async () => {
  postgres = await startTestPostgres();
  database = postgres.open();
  events = repositories.createEventHub(database, { pollMilliseconds: 1_000 });
  const hosts = { provider: 'local' as const, addresses: [], token: 'none', tls: null };
  sandbox = createSandboxHosts(createListedProvider(hosts));
}, 60_000);
afterAll(async () => {
  await sandbox?.close();
  await events?.close();
  await postgres?.stop();
});

/** A model that answers each request as `complete` does, and counts a request as 40 tokens for 0.2 dollars. */
function portsFor(complete: LanguageModel['complete']): ActivityPorts {
  const objects = storage.createObjectStore({
    ...{ endpoint: 'http://127.0.0.1:1', region: 'none', bucket: 'none' },
    ...{ accessKey: 'none', secretKey: 'none' },
  });
  const model: LanguageModel = {
    complete,
    usual: 'usual-model',
    estimate: () => ({ usage: { ...usage, input: 40, output: 0 }, cost: 0.2 }),
    list: async () => [],
  };
  return {
    ...{ database, events, objects, sandbox, keys: storage },
    blobs: storage.createBlobStore(objects),
    models: new Map([['test', model]]),
    agents: createCatalogue(resolve('agents')),
    settings: { ...TEST_SETTINGS, callsPerAnswer: 16 },
  };
}

/** The third turn of a session whose first two read a long file each. */
async function openTurn(): Promise<TurnKey> {
  const { session } = await addSession(database);
  const place = { session_id: session.id, stage: 'eda' as const, run: 1 };
  const text = (words: string) => [{ type: 'text', text: words }];
  await database.transaction(async (tx) => {
    await repositories.updateSession(tx, session.id, { model: 'test/one' });
    const insert = (
      name: string,
      message: { turn: number; role: 'user' | 'assistant' | 'tool'; content: object[] },
    ) =>
      repositories.insertMessage(tx, {
        ...place,
        id: `${session.id.slice(0, -2)}${name}`,
        ...message,
        content: message.content.map((block) => ({ ...block })),
      });
    await insert('00', { turn: 1, role: 'user', content: text('The brief.') });
    for (const turn of [1, 2]) {
      const call = { type: 'tool_use', id: `call_${turn}`, name: 'read_file', input: { path: 'a.csv' } };
      await insert(`${turn}1`, { turn, role: 'assistant', content: [call] });
      const result = { type: 'tool_result', tool_use_id: call.id, content: 'x'.repeat(9_000) };
      await insert(`${turn}2`, { turn, role: 'tool', content: [result] });
    }
  });
  return { sessionId: session.id, owner: USER_A.id, stage: 'eda', run: 1, turn: 3 };
}

const call = (ports: ActivityPorts, turn: TurnKey): Promise<ModelTurn> =>
  new MockActivityEnvironment(undefined, { logger }).run(() => createModelCalls(ports).callModel(turn));
const failureOf = (ports: ActivityPorts, turn: TurnKey): Promise<TemperaError> =>
  call(ports, turn).then(
    () => Promise.reject(new Error('the call did not fail')),
    (error: unknown) => (error instanceof TemperaError ? error : Promise.reject(error)),
  );
const usageOf = (turn: TurnKey) => repositories.sessionUsage(database, turn.sessionId);
const eventsOf = async (turn: TurnKey, type: string) =>
  (
    await database.query<{ type: string; data: Record<string, unknown> }>(
      "select type, data from events where stream_id = 'session/' || $1::text order by seq",
      [turn.sessionId],
    )
  ).filter((event) => event.type === type);

test('an answer that has come is kept however long the database is away, and is asked for once', async () => {
  const turn = await openTurn();
  let asked = 0;
  let tellGone: () => void = () => undefined;
  const gone = new Promise<void>((tell) => {
    tellGone = tell;
  });
  const ports = portsFor(async () => {
    asked += 1;
    await postgres.kill();
    tellGone();
    return saying('Paid for.');
  });
  const called = call(ports, turn);
  await gone;
  await postgres.restart();
  expect(await called).toMatchObject({ stopReason: 'end_turn', cost: 0.5 });
  expect(await call(ports, turn)).toMatchObject({ stopReason: 'end_turn', cost: 0.5 });
  expect(asked).toBe(1);
  expect(await usageOf(turn)).toMatchObject({ requests: 1, model_calls: 1, cost: 0.5 });
}, 60_000);

test('calls whose worker was lost are counted, and asked for three times at most', async () => {
  const turn = await openTurn();
  let asked = 0;
  const ports = portsFor(async () => {
    asked += 1;
    return saying('Too late.');
  });
  // each of these workers was lost after the call had been begun
  for (let lost = 0; lost < MAX_DELIVERIES; lost += 1)
    expect((await database.transaction((tx) => prepareTurn(ports, tx, turn))).state).toBe('ready');
  const failure = await failureOf(ports, turn);
  expect(failure.details).toMatchObject({ cause: 'repeated', spent: { tokens: 120 } });
  expect(asked).toBe(0);
  const { cost, requests } = await usageOf(turn);
  expect(requests).toBe(MAX_DELIVERIES);
  expect(cost).toBeCloseTo(0.6, 9);
  await database.transaction((tx) => repositories.forgiveDeliveries(tx, turn.sessionId));
  expect((await call(ports, turn)).cost).toBeCloseTo(1.1, 9);
});

test('answers that no row takes are counted at their price, and asked for three times at most', async () => {
  const turn = await openTurn();
  let asked = 0;
  const ports = portsFor(async () => {
    asked += 1;
    return saying('x'.repeat(MAX_ANSWER_BYTES));
  });
  for (let lost = 1; lost <= MAX_DELIVERIES; lost += 1) {
    const failure = await failureOf(ports, turn);
    expect(failure.code).toBe('MODEL_UNAVAILABLE');
    expect(failure.details).toMatchObject({
      cause: 'answer',
      spent: { tokens: 110 * lost, cost: 0.5 * lost },
    });
  }
  expect((await failureOf(ports, turn)).details).toMatchObject({ cause: 'repeated' });
  expect(asked).toBe(MAX_DELIVERIES);
  expect((await eventsOf(turn, 'usage')).map(({ data }) => data)).toEqual(
    Array(MAX_DELIVERIES).fill({ turn: 3, tokens: 110, cost: 0.5, lost: true }),
  );
});

test('one that was given up on purpose costs what it costs, and is no delivery', async () => {
  const turn = await openTurn();
  const ports = portsFor(async () => {
    const details = { delivered: { usage, cost: 0.5 } };
    throw new TemperaError('CANCELLED', 'given up', { details });
  });
  for (let given = 1; given <= MAX_DELIVERIES + 1; given += 1)
    expect((await failureOf(ports, turn)).code).toBe('CANCELLED');
  expect((await usageOf(turn)).cost).toBeCloseTo(2, 9);
});

test.each([
  ['test', 'usual-model'],
  ['test/one', 'one'],
  ['test/own/one', 'own/one'],
])('a session of %s asks for %s', async (model, name) => {
  const turn = await openTurn();
  await database.transaction((tx) => repositories.updateSession(tx, turn.sessionId, { model }));
  const asked: string[] = [];
  await call(
    portsFor(async (request) => {
      asked.push(request.model);
      return saying('Here.');
    }),
    turn,
  );
  expect(asked).toEqual([name]);
});

test('a conversation that is too long is asked again shorter in the same call, until nothing may go', async () => {
  const turn = await openTurn();
  const lengths: number[] = [];
  let most = 12_000;
  const ports = portsFor(async ({ messages }: ModelRequest) => {
    const length = JSON.stringify(messages).length;
    lengths.push(length);
    if (length <= most) return saying('It fits.');
    throw new TemperaError('MODEL_REQUEST', 'too long', {
      details: { cause: 'context', excess: length / most },
    });
  });
  most = 10;
  const failure = await failureOf(ports, turn);
  expect(failure.details.cause).toBe('context');
  expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
  most = 12_000;
  expect(await call(ports, turn)).toMatchObject({ stopReason: 'end_turn' });
  expect((await eventsOf(turn, 'context_shortened')).length).toBeGreaterThan(0);
  expect(await usageOf(turn)).toMatchObject({ cost: 0.5 });
});

/**
 * Whatever a model says, its turn is recorded by the activities themselves, in Postgres: no answer fails them, each
 * call is handed to the loop, finds its input again and has its result, those beyond the limit are answered too.
 */

import { resolve } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import fc from 'fast-check';
import { callInput } from '../../activities/call-input.ts';
import { checkedInput, writeToolResult } from '../../activities/call-records.ts';
import { createModelCalls } from '../../activities/model-calls.ts';
import type { ActivityPorts } from '../../activities/ports.ts';
import { createStageRecords } from '../../activities/stage-records.ts';
import { TEST_SETTINGS } from '../../activities/testing/settings.ts';
import { createToolCalls } from '../../activities/tool-calls.ts';
import { createCatalogue } from '../../agents/index.ts';
import { toConversation } from '../../core/conversation.ts';
import * as repositories from '../../db/index.ts';
import { inSession } from '../../db/index.ts';
import { startTestPostgres, type TestPostgres } from '../../db/testing/postgres.ts';
import { addSession, USER_A } from '../../db/testing/rows.ts';
import { createAnthropic } from '../../models/anthropic/index.ts';
import { createSandboxHosts } from '../../sandbox-client/hosts.ts';
import { createListedProvider } from '../../sandbox-client/providers/listed.ts';
import * as storage from '../../storage/index.ts';
import type { ModelTurn, ToolCall, TurnKey } from '../../workflows/contract/activities.ts';
import { type AnthropicServer, startAnthropicServer } from '../anthropic-server/index.ts';
import { inOrder, type ScriptedAnswer, say } from '../anthropic-server/script.ts';
import { callsOf, randomAnswer } from './random-answers.ts';

const SESSIONS = 60;
const CALLS_PER_ANSWER = 4;

let postgres: TestPostgres;
let server: AnthropicServer;
let ports: ActivityPorts;
beforeAll(async () => {
  [postgres, server] = await Promise.all([
    startTestPostgres(),
    startAnthropicServer({ script: inOrder([]) }),
  ]);
  ports = createTestPorts(postgres.open(), server.url);
}, 120_000);
afterAll(async () => {
  await ports?.events.close();
  await Promise.all([postgres?.stop(), server?.close()]);
});

/** The sessions' model is the one at the server; nothing here comes to a sandbox host or the object store. */
function createTestPorts(database: repositories.Database, baseUrl: string): ActivityPorts {
  const nowhere = {
    endpoint: 'http://127.0.0.1:9',
    region: 'x',
    bucket: 'x',
    accessKey: 'x',
    secretKey: 'x',
  };
  const objects = storage.createObjectStore(nowhere);
  const nobody = { provider: 'local' as const, addresses: [], token: 'none', tls: null };
  return {
    ...{ database, events: repositories.createEventHub(database), objects, keys: storage },
    blobs: storage.createBlobStore(objects),
    models: new Map([['autopilot', createAnthropic({ apiKey: 'test-key', baseUrl })]]),
    agents: createCatalogue(resolve('agents')),
    sandbox: createSandboxHosts(createListedProvider(nobody)),
    settings: { ...TEST_SETTINGS, callsPerAnswer: CALLS_PER_ANSWER },
  };
}

/** Answers a call as the loop would, as far as that needs no sandbox host. */
async function answerCall(call: ToolCall): Promise<void> {
  const input = await callInput(ports.database, call);
  const { name, kind } = call.call;
  const records = createStageRecords(ports);
  if (name === 'ask_user' || name === 'request_approval') {
    if ((await records.openQuestion(call)).invalid) return;
  } else if (kind === 'control') {
    await records.recordControl(call);
    return;
  } else if (!checkedInput(ports, name, input).ok) {
    expect(await createToolCalls(ports).runTool(call)).toEqual({ ok: false, checkpoint: null });
    return;
  }
  const result = { content: 'done', isError: false, events: [] };
  await inSession(ports, call, (tx, tell) => writeToolResult({ tx, tell }, call, result));
}

const keyOf = (sessionId: string) => ({ sessionId, owner: USER_A.id, stage: 'eda' as const, run: 1 });

async function converse(answers: ScriptedAnswer[]): Promise<void> {
  let asked = 0;
  server.forget();
  server.setScript((request) => inOrder([...answers, say('Done.')])(request, ++asked));
  const { session } = await addSession(ports.database);
  await createStageRecords(ports).nudge({ ...keyOf(session.id), turn: 0, text: 'Begin.' });
  const { callModel } = createModelCalls(ports);
  const environment = new MockActivityEnvironment();
  const key = keyOf(session.id);
  const take = (turn: TurnKey) => environment.run<[TurnKey], ModelTurn, typeof callModel>(callModel, turn);
  for (const [at, scripted] of answers.entries()) {
    const turn = { ...key, turn: at + 1 };
    const { calls, tokens, cost } = await take(turn);
    expect(calls).toHaveLength(Math.min(callsOf(scripted), CALLS_PER_ANSWER));
    expect([tokens, cost].every((sum) => Number.isFinite(sum) && sum >= 0)).toBe(true);
    for (const call of calls) await answerCall({ ...turn, call, base: null });
    if (calls.length === 0) await createStageRecords(ports).nudge({ ...turn, text: 'Go on.' });
    const rows = await repositories.conversationMessages(ports.database, {
      session_id: session.id,
      stage: 'eda',
      run: 1,
    });
    expect(rows.filter((row) => row.role === 'tool' && row.turn === turn.turn)).toHaveLength(calls.length);
    const results =
      toConversation(rows)
        .at(-1)
        ?.content.filter((block) => block.type === 'tool_result') ?? [];
    if (calls.length > 0) expect(results).toHaveLength(callsOf(scripted));
  }
  expect((await take({ ...key, turn: answers.length + 1 })).stopReason).toBe('end_turn');
}

test('each turn is recorded, its calls run or answered, and the next request accepted', async () => {
  await fc.assert(fc.asyncProperty(fc.array(randomAnswer, { minLength: 1, maxLength: 4 }), converse), {
    numRuns: SESSIONS,
  });
  expect(server.counts().refused).toBe(0);
}, 240_000);

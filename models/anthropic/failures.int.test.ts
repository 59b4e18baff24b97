/** Each refusal and failure of the provider by its cause, with the advice that mends it. */

import { TemperaError } from '../../core/errors.ts';
import type { ModelRequest } from '../../core/ports/model.ts';
import { type AnthropicServer, startAnthropicServer } from '../../tests/anthropic-server/index.ts';
import {
  fail,
  inOrder,
  outOfCredit,
  type Reply,
  type ScriptedAnswer,
  say,
} from '../../tests/anthropic-server/script.ts';
import { type AnthropicOptions, createAnthropic } from './index.ts';

const request: ModelRequest = {
  model: 'claude-sonnet-5-5',
  system: '',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello.' }] }],
  tools: [],
  maxTokens: 100,
};

let server: AnthropicServer;
beforeAll(async () => {
  server = await startAnthropicServer({ script: inOrder([]) });
});
afterAll(() => server.close());

interface Attempt extends Partial<AnthropicOptions> {
  signal?: AbortSignal;
  onText?: (text: string) => void;
  request?: Partial<ModelRequest>;
}

/** Makes one call that must fail; returns its error and how many requests reached the server. */
async function failure(reply: Reply, attempt: Attempt = {}): Promise<{ error: TemperaError; calls: number }> {
  server.setScript(() => reply);
  const { signal = new AbortController().signal, onText = () => undefined, ...options } = attempt;
  const before = server.counts().calls;
  const model = createAnthropic({ apiKey: 'test-key', baseUrl: server.url, ...options });
  const error: unknown = await model.complete({ ...request, ...attempt.request }, { signal, onText }).then(
    () => new Error('the call did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TemperaError)) throw error;
  return { error, calls: server.counts().calls - before };
}

const longAnswer: ScriptedAnswer = say('One two three four five six seven eight nine ten. '.repeat(10));

test.each([
  [400, 'MODEL_REQUEST'],
  [401, 'MODEL_AUTHENTICATION'],
  [403, 'MODEL_AUTHENTICATION'],
  [404, 'MODEL_REQUEST'],
  [413, 'MODEL_REQUEST'],
  [422, 'MODEL_REQUEST'],
  [429, 'MODEL_QUOTA'],
  [500, 'MODEL_UNAVAILABLE'],
  [503, 'MODEL_UNAVAILABLE'],
  [529, 'MODEL_UNAVAILABLE'],
])('status %d is %s, and the call is made once', async (status, code) => {
  const { error, calls } = await failure(fail(status));
  expect([error.code, calls]).toEqual([code, 1]);
  expect(error.details).toMatchObject({ status, request_id: expect.stringMatching(/^req_/) });
});

test('429 carries its retry-after in seconds', async () => {
  expect((await failure(fail(429, '17'))).error.retryAfter).toBe(17);
});

test('429 carries its retry-after when it is a date', async () => {
  const { error } = await failure(fail(429, new Date(Date.now() + 60_000).toUTCString()));
  expect(error.retryAfter).toBeGreaterThan(55);
  expect(error.retryAfter).toBeLessThanOrEqual(60);
});

test('a wrong key is MODEL_AUTHENTICATION', async () => {
  const { error } = await failure(say(''), { apiKey: 'wrong' });
  expect(error.code).toBe('MODEL_AUTHENTICATION');
  expect(error.message).toContain('invalid x-api-key');
});

test('an answer that is complete and cannot be read says what it used', async () => {
  const before = server.counts().completed;
  const { error } = await failure({ ...longAnswer, garbled: true });
  expect(error.code).toBe('MODEL_UNAVAILABLE');
  const { cause, delivered } = error.details as { cause: string; delivered: { usage: object; cost: number } };
  expect(cause).toBe('answer');
  expect(delivered.usage).toMatchObject({ output: expect.any(Number) });
  expect(delivered.cost).toBeGreaterThan(0);
  expect(server.counts().completed - before).toBe(1);
});

test('what broke off is reckoned by what came; what never began used nothing', async () => {
  const cut = await failure({ ...longAnswer, cutAfter: 7 });
  expect(cut.error.details).toMatchObject({
    cause: 'answer',
    delivered: { usage: { output: Math.ceil('One two thr'.length / 4) } },
  });
  for (const reply of [fail(529), { ...longAnswer, cutAfter: 0 }, { ...longAnswer, cutAfter: 2 }])
    expect((await failure(reply)).error.details).not.toHaveProperty('delivered');
  const late = {
    ...longAnswer,
    cutAfter: 6,
    errorEvent: { type: 'overloaded_error', message: 'Overloaded' },
  };
  expect((await failure(late)).error.details).toMatchObject({ cause: 'down', delivered: expect.anything() });
});

test('an address that ends in /v1 is told with the one that is right', async () => {
  for (const end of ['/v1', '/v1/', '/v1/messages']) {
    const { error } = await failure(say('x'), { baseUrl: `${server.url}${end}` });
    expect(error.details.cause).toBe('address');
    expect(error.message).toContain(`set it to ${server.url}, without /v1`);
  }
});

test('a model that is not there is told with those that are', async () => {
  server.change({ models: ['claude-haiku-6', 'claude-sonnet-6'] });
  const { error, calls } = await failure(say('x'));
  server.change({ models: undefined });
  expect([error.details.cause, calls]).toEqual(['model', 1]);
  expect(error.message).toContain('On offer are claude-sonnet-6, claude-haiku-6.');
});

test('a conversation too long says how much, and no credit is no wrong request', async () => {
  server.change({ contextTokens: 20 });
  const { error } = await failure(say('x'), { request: { system: 'word '.repeat(40) } });
  server.change({ contextTokens: undefined });
  expect(error.details).toMatchObject({ cause: 'context', excess: expect.any(Number) });
  expect(Number(error.details.excess)).toBeGreaterThan(2);
  expect((await failure(outOfCredit())).error.details.cause).toBe('credit');
});

test('no server is MODEL_UNAVAILABLE', async () => {
  const gone = await startAnthropicServer({ script: inOrder([]) });
  await gone.close();
  expect((await failure(say(''), { baseUrl: gone.url })).error.code).toBe('MODEL_UNAVAILABLE');
});

test('a connection cut in mid-stream is MODEL_UNAVAILABLE, after the text that came', async () => {
  const heard: string[] = [];
  const { error, calls } = await failure(
    { ...longAnswer, cutAfter: 7 },
    { onText: (text) => heard.push(text) },
  );
  expect([error.code, calls]).toEqual(['MODEL_UNAVAILABLE', 1]);
  expect(heard.join('')).toBe('One two thr');
});

test('a stream that ends without message_stop is MODEL_UNAVAILABLE', async () => {
  const errorEvent = { type: 'ping', message: '' };
  expect((await failure({ ...longAnswer, cutAfter: 7, errorEvent })).error.code).toBe('MODEL_UNAVAILABLE');
});

test('an error event in the stream is judged by its type', async () => {
  const errorEvent = { type: 'overloaded_error', message: 'Overloaded' };
  const { error } = await failure({ ...longAnswer, cutAfter: 6, errorEvent });
  expect(error.code).toBe('MODEL_UNAVAILABLE');
  expect(error.message).toContain('529 overloaded_error: Overloaded');
});

test('a server that takes the call and says nothing is given up', async () => {
  const { error } = await failure({ kind: 'silence' }, { answerTimeout: 50 });
  expect(error.code).toBe('MODEL_UNAVAILABLE');
});

test('an answer that falls silent is given up', async () => {
  const midway = { after: 4, wait: () => new Promise<void>(() => undefined) };
  const { error } = await failure({ ...longAnswer, midway }, { silenceTimeout: 50 });
  expect([error.code, error.message]).toEqual([
    'MODEL_UNAVAILABLE',
    expect.stringContaining('nothing came for 0.05 s'),
  ]);
});

test('a cancelled call ends at once with CANCELLED, in the middle of its stream', async () => {
  const controller = new AbortController();
  const midway = { after: 8, wait: () => new Promise<void>(() => undefined) };
  const { error } = await failure(
    { ...longAnswer, midway },
    { signal: controller.signal, onText: () => controller.abort() },
  );
  expect(error.code).toBe('CANCELLED');
});

test('a call cancelled while it waits for its answer ends with CANCELLED', async () => {
  const controller = new AbortController();
  const model = createAnthropic({ apiKey: 'test-key', baseUrl: server.url });
  server.setScript(() => {
    controller.abort();
    return { kind: 'silence' };
  });
  await expect(
    model.complete(request, { signal: controller.signal, onText: () => undefined }),
  ).rejects.toMatchObject({
    code: 'CANCELLED',
  });
});

test('a call cancelled before it is made is never sent', async () => {
  const { error, calls } = await failure(say('x'), { signal: AbortSignal.abort() });
  expect([error.code, calls]).toEqual(['CANCELLED', 0]);
});

test('an error of the listener leaves as it is', async () => {
  server.setScript(() => longAnswer);
  const model = createAnthropic({ apiKey: 'test-key', baseUrl: server.url });
  const broken = new Error('the listener broke');
  const onText = () => {
    throw broken;
  };
  await expect(model.complete(request, { signal: new AbortController().signal, onText })).rejects.toBe(
    broken,
  );
});

test('a request that breaks the protocol is MODEL_REQUEST with the provider’s words', async () => {
  const { error } = await failure(say('x'), { request: { messages: [{ role: 'assistant', content: [] }] } });
  expect(error.code).toBe('MODEL_REQUEST');
  expect(error.message).toContain('messages: first message must use the "user" role');
});

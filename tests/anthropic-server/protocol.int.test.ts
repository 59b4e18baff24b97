import { type AnthropicServer, startAnthropicServer } from './index.ts';
import { fail, inOrder, say } from './script.ts';

const HEADERS = {
  'content-type': 'application/json',
  'x-api-key': 'test-key',
  'anthropic-version': '2026-10-21',
};
const text = (value: string) => ({ type: 'text', text: value });
const user = (...content: object[]) => ({ role: 'user', content });
const assistant = (...content: object[]) => ({ role: 'assistant', content });
const call = (id: string) => ({ type: 'tool_use', id, name: 'look', input: {} });
const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: 'seen' });
const tool = { name: 'look', description: 'Looks.', input_schema: { type: 'object' } };
const valid = {
  model: 'claude-test',
  max_tokens: 10,
  stream: true,
  tools: [tool],
  messages: [user(text('Hi.'))],
};
const without = (field: keyof typeof valid) => ({ ...valid, [field]: undefined });
const saying = (...messages: object[]) => ({ ...valid, messages });

let server: AnthropicServer;
beforeEach(async () => {
  server = await startAnthropicServer({ script: () => say('Yes.') });
});
afterEach(() => server.close());

async function post(body: unknown, headers: Record<string, string> = HEADERS) {
  const sent = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${server.url}/v1/messages`, { method: 'POST', headers, body: sent });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

const REFUSED: [what: string, body: unknown, message: string][] = [
  ['no JSON', '{', 'The request body is not valid JSON'],
  ['no max_tokens', without('max_tokens'), 'max_tokens: Field required'],
  ['no model', without('model'), 'model: Field required'],
  ['no messages', without('messages'), 'messages: Field required'],
  ['an unknown field', { ...valid, colour: 'red' }, 'colour: Extra inputs are not permitted'],
  [
    'an unknown field of a block',
    saying(user({ ...text('a'), id: '1' })),
    'messages.0.content.0.id: Extra inputs are not permitted',
  ],
  [
    'a role that is none',
    saying({ role: 'tool', content: 'a' }),
    "messages.0.role: Input should be 'user' or 'assistant'",
  ],
  [
    'an assistant who begins',
    saying(assistant(text('a'))),
    'messages: first message must use the "user" role',
  ],
  ['two users in a row', saying(user(text('a')), user(text('b'))), 'messages: roles must alternate'],
  ['an empty text', saying(user(text(''))), 'messages: text content blocks must be non-empty'],
  [
    'a blank text',
    saying(user(text(' \n'))),
    'messages: text content blocks must contain non-whitespace text',
  ],
  ['an empty message', saying(user()), 'messages.0: all messages must have non-empty content'],
  [
    'a call without a result',
    saying(user(text('a')), assistant(call('t1')), user(text('b'))),
    'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: t1.',
  ],
  [
    'a call at the end',
    saying(user(text('a')), assistant(call('t1'))),
    'messages.1: `tool_use` ids were found without',
  ],
  [
    'a result after a text',
    saying(user(text('a')), assistant(call('t1')), user(text('b'), result('t1'))),
    'messages.1: `tool_use` ids were found without',
  ],
  [
    'a result without a call',
    saying(user(text('a')), assistant(text('b')), user(result('t1'))),
    'messages.2.content.0: unexpected `tool_use_id` found in `tool_result` blocks: t1.',
  ],
  [
    'two results of a call',
    saying(user(text('a')), assistant(call('t1')), user(result('t1'), result('t1'))),
    'messages.2.content.1: each tool_use must have a single result.',
  ],
  [
    'a call twice',
    saying(
      user(text('a')),
      assistant(call('t1')),
      user(result('t1')),
      assistant(call('t1')),
      user(result('t1')),
    ),
    'messages.3: `tool_use` ids must be unique',
  ],
  [
    'a call by the user',
    saying(user(call('t1'))),
    'messages.0.content.0: `tool_use` blocks can only be in `assistant` messages',
  ],
  [
    'an answer begun for the model',
    saying(user(text('a')), assistant(text('b'))),
    'The conversation must end with a user message.',
  ],
  [
    'thinking at the end',
    saying(user(text('a')), assistant({ type: 'redacted_thinking', data: '' }), user(text('b'))),
    'messages.1: The final block in an assistant message cannot be `thinking`.',
  ],
  [
    'forged thinking',
    saying(
      user(text('a')),
      assistant({ type: 'thinking', thinking: 'a', signature: 'b' }, text('c')),
      user(text('d')),
    ),
    'messages.1.content.0: Invalid `signature` in `thinking` block',
  ],
  [
    'a tool without an object',
    { ...valid, tools: [{ ...tool, input_schema: { type: 'string' } }] },
    "tools.0.input_schema.type: Input should be 'object'",
  ],
  [
    'a tool without a schema',
    { ...valid, tools: [{ name: 'look' }] },
    'tools.0.input_schema: Field required',
  ],
  [
    'a tool’s name',
    { ...valid, tools: [{ ...tool, name: 'look up' }] },
    "tools.0.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
  ],
  ['a tool twice', { ...valid, tools: [tool, tool] }, 'tools: Tool names must be unique.'],
];

test.each(REFUSED)('%s is refused with 400', async (_what, body, message) => {
  const answer = await post(body);
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body)).toEqual({
    type: 'error',
    error: { type: 'invalid_request_error', message: expect.stringContaining(message) },
    request_id: expect.stringMatching(/^req_/),
  });
  expect(server.counts()).toMatchObject({ calls: 1, refused: 1, completed: 0 });
});

test.each([
  ['x-api-key', 401, 'authentication_error'],
  ['anthropic-version', 400, 'invalid_request_error'],
])('a request without %s is refused with %d', async (header, status, type) => {
  const headers = Object.fromEntries(Object.entries(HEADERS).filter(([name]) => name !== header));
  const answer = await post(valid, headers);
  expect([answer.status, JSON.parse(answer.body).error.type]).toEqual([status, type]);
});

test('a valid request is answered by the protocol’s events, in order', async () => {
  const { body } = await post(valid);
  const kinds = body.split('\n').flatMap((line) => (line.startsWith('event: ') ? [line.slice(7)] : []));
  expect(kinds.slice(0, 4)).toEqual(['message_start', 'ping', 'content_block_start', 'content_block_delta']);
  expect(kinds.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop']);
  expect(server.counts()).toEqual({ calls: 1, completed: 1, repeated: 0, refused: 0, failed: 0, broken: 0 });
});

test('a second completed answer to the same body is counted as repeated', async () => {
  await post(valid);
  await post(valid);
  await post({ ...valid, max_tokens: 11 });
  expect(server.counts()).toMatchObject({ calls: 3, completed: 3, repeated: 1 });
});

test('orders from outside make the next calls fail, one after the other', async () => {
  const order = JSON.stringify({ failures: [429, 529, 0], retryAfter: '3' });
  await fetch(`${server.url}/control`, { method: 'PUT', body: order });
  const limited = await post(valid);
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3']);
  expect((await post(valid)).status).toBe(529);
  await expect(post(valid)).rejects.toThrow();
  expect((await post(valid)).status).toBe(200);
  const counts = await (await fetch(`${server.url}/counts`)).json();
  expect(counts).toMatchObject({ calls: 4, completed: 1, failed: 2, broken: 1 });
});

test('a list of replies is used in order, and a call beyond its end fails', async () => {
  server.setScript(inOrder([fail(529), say('a')]));
  expect([(await post(valid)).status, (await post(valid)).status, (await post(valid)).status]).toEqual([
    529, 200, 500,
  ]);
});

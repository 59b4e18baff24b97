/**
 * What answers a model streams, as server-sent events with and without `event:` lines; the data's type tells them
 * apart.
 */

import { toConversation } from '../../core/conversation.ts';
import type { ModelAnswer, ModelMessage, ModelRequest } from '../../core/ports/model.ts';
import { malformedText } from '../../core/tool-input.ts';
import { type AnthropicServer, startAnthropicServer } from '../../tests/anthropic-server/index.ts';
import { inOrder, type Reply, type ScriptedBlock, say } from '../../tests/anthropic-server/script.ts';
import { type AnthropicOptions, createAnthropic } from './index.ts';

const tools = [
  { name: 'read_file', description: 'Reads.', input_schema: { type: 'object', properties: {} } },
];
const hello: ModelMessage = { role: 'user', content: [{ type: 'text', text: 'Hello.' }] };
const callTool: ScriptedBlock = {
  type: 'tool_use',
  id: 'toolu_1',
  name: 'read_file',
  input: { path: 'a "b" é\n🐧' },
};

let server: AnthropicServer;
beforeAll(async () => {
  server = await startAnthropicServer({ script: inOrder([]) });
});
afterAll(() => server.close());

/** Asks the server, which answers in the order of `replies`, once for each conversation. */
function start(replies: Reply[], options: Partial<AnthropicOptions> = {}) {
  let call = 0;
  server.setScript((request) => inOrder(replies)(request, ++call));
  const model = createAnthropic({ apiKey: 'test-key', baseUrl: server.url, ...options });
  const heard: [string, number][] = [];
  const thought: [string, number][] = [];
  const ask = (messages: ModelMessage[], more: Partial<ModelRequest> = {}): Promise<ModelAnswer> =>
    model.complete(
      { model: 'claude-sonnet-5-5', system: 'Be brief.', messages, tools, maxTokens: 1000, ...more },
      {
        signal: new AbortController().signal,
        onText: (text, offset) => heard.push([text, offset]),
        onThinking: (text, offset) => thought.push([text, offset]),
      },
    );
  return { model, ask, heard, thought };
}

const lastRequest = () => server.requests.at(-1);

test('text is streamed piece by piece, each at its place', async () => {
  const text = 'Das Fräulein zählt 344 🐧🐧, "auf Zeilen verteilt".\n\tUnd fertig.';
  const { ask, heard } = start([say(text)]);
  const answer = await ask([hello]);
  expect(answer.content).toEqual([{ type: 'text', text }]);
  expect(answer.stopReason).toBe('end_turn');
  expect(heard.length).toBeGreaterThan(3);
  for (const [piece, offset] of heard) expect(text.slice(offset, offset + piece.length)).toBe(piece);
  expect(heard.map(([piece]) => piece).join('')).toBe(text);
});

test('events without `event:` lines are read by the type in their data', async () => {
  const content: ScriptedBlock[] = [{ type: 'text', text: 'I read.' }, callTool];
  const { ask, heard } = start([{ kind: 'answer', content, dataOnly: true }]);
  const answer = await ask([hello]);
  expect(answer).toMatchObject({ content, stopReason: 'tool_use' });
  expect(heard.map(([piece]) => piece).join('')).toBe('I read.');
  expect(answer.usage.output).toBeGreaterThan(0);
});

test('a request of which nobody knows what became is reckoned at its input', () => {
  const { model } = start([]);
  const request = { model: 'claude-sonnet-5-5', system: '', messages: [hello], tools, maxTokens: 1000 };
  const { usage, cost } = model.estimate?.(request) ?? { usage: null, cost: 0 };
  expect(usage).toEqual({
    input: Math.ceil(JSON.stringify(request).length / 4),
    output: 0,
    cacheRead: 0,
    cacheWrite: 0,
  });
  expect(cost).toBeCloseTo(((usage?.input ?? 0) * 2) / 1e6, 12);
});

test('a tool call’s input is put together from odd pieces', async () => {
  const { ask } = start([{ kind: 'answer', content: [{ type: 'text', text: 'I read.' }, callTool] }]);
  const answer = await ask([hello]);
  expect(answer.content).toEqual([{ type: 'text', text: 'I read.' }, callTool]);
  expect(answer.stopReason).toBe('tool_use');
});

test('thinking comes back byte for byte and is accepted in the next turn', async () => {
  const thinking: ScriptedBlock = { type: 'thinking', thinking: ' Weigh  it –\ttwice.\r\n "é" \u2028 🐧' };
  const redacted: ScriptedBlock = { type: 'redacted_thinking', thinking: 'secret' };
  const { ask, thought } = start([{ kind: 'answer', content: [thinking, redacted, callTool] }, say('Done.')]);
  const answer = await ask([hello]);
  // told as it came, apart from text, and of what is sealed only that it is there
  expect(thought.map(([piece]) => piece).join('')).toBe(thinking.thinking);
  expect(thought.filter(([piece]) => piece === '')).toHaveLength(2);
  for (const [piece, at] of thought) expect(thinking.thinking.slice(at, at + piece.length)).toBe(piece);
  const stored = JSON.parse(JSON.stringify(answer.content));
  const messages = toConversation([
    { role: 'user', content: [{ type: 'text', text: 'Hello.' }] },
    { role: 'assistant', content: stored },
    { role: 'tool', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'rows' }] },
  ]);
  expect((await ask(messages)).content).toEqual([{ type: 'text', text: 'Done.' }]);
  expect(lastRequest()?.messages[1]?.content).toEqual(answer.content);
});

test('changed or dropped thinking is refused as MODEL_REQUEST', async () => {
  // an id of its own: the server remembers which answers began their calls with which
  const id = 'toolu_after_thinking';
  const { ask } = start([
    {
      kind: 'answer',
      content: [
        { type: 'thinking', thinking: 'Hm.' },
        { ...callTool, id },
      ],
    },
  ]);
  const { content } = await ask([hello]);
  const result: ModelMessage = {
    role: 'user',
    content: [{ type: 'tool_result', tool_use_id: id, content: '' }],
  };
  const changed = content.map((block) => (block.type === 'thinking' ? { ...block, thinking: 'Hm!' } : block));
  await expect(ask([hello, { role: 'assistant', content: changed }, result])).rejects.toMatchObject({
    code: 'MODEL_REQUEST',
    message: expect.stringContaining('messages.1.content.0: Invalid `signature` in `thinking` block'),
  });
  const dropped = content.filter((block) => block.type !== 'thinking');
  await expect(ask([hello, { role: 'assistant', content: dropped }, result])).rejects.toMatchObject({
    code: 'MODEL_REQUEST',
    message: expect.stringContaining('Expected `thinking` or `redacted_thinking`, but found `tool_use`'),
  });
});

test('a tool call whose JSON is broken keeps its text, and the provider takes it back with a tool error', async () => {
  const broken: ScriptedBlock = {
    type: 'raw_tool_use',
    id: 'toolu_1',
    name: 'read_file',
    json: '{"path": "a',
  };
  const { ask } = start([{ kind: 'answer', content: [broken] }, say('Sorry.')]);
  const { content } = await ask([hello]);
  const [call] = content;
  expect(call?.type === 'tool_use' && malformedText(call.input)).toBe('{"path": "a');
  const result: ModelMessage = {
    role: 'user',
    content: [
      { type: 'tool_result', tool_use_id: 'toolu_1', content: 'The input is no JSON.', is_error: true },
    ],
  };
  expect((await ask([hello, { role: 'assistant', content }, result])).content).toEqual([
    { type: 'text', text: 'Sorry.' },
  ]);
});

test.each(['max_tokens', 'refusal', 'model_context_window_exceeded', 'stop_sequence'] as const)(
  'the stop reason %s arrives with what was said so far',
  async (stopReason) => {
    const { ask } = start([{ ...answerOf('So far'), stopReason }]);
    expect(await ask([hello])).toMatchObject({ stopReason, content: [{ type: 'text', text: 'So far' }] });
  },
);

function answerOf(text: string) {
  return { kind: 'answer' as const, content: [{ type: 'text' as const, text }] };
}

test('a paused turn is resumed by sending it back as the last message', async () => {
  const { ask } = start([{ ...answerOf('First'), stopReason: 'pause_turn' }, say('second.')]);
  const paused = await ask([hello]);
  expect(paused.stopReason).toBe('pause_turn');
  const resumed = await ask([hello, { role: 'assistant', content: paused.content }]);
  expect(resumed.content).toEqual([{ type: 'text', text: 'second.' }]);
});

test('the second turn reads from the prompt cache what the first wrote, and costs accordingly', async () => {
  const system = 'Be brief. '.repeat(500);
  const { ask } = start([say('One.'), say('Two.')]);
  const first = await ask([hello], { system });
  const next: ModelMessage[] = [hello, { role: 'assistant', content: first.content }, hello];
  const second = await ask(next, { system });
  expect(first.usage).toMatchObject({ cacheRead: 0, input: 0 });
  expect(second.usage.cacheRead).toBe(first.usage.cacheWrite);
  const { input, output, cacheRead, cacheWrite } = second.usage;
  expect(second.cost).toBeCloseTo((input * 2 + output * 10 + cacheRead * 0.1 + cacheWrite * 2.5) / 1e6, 12);
  expect(second.cost).toBeLessThan(first.cost);
});

test('a model without a price costs the dearest one’s and is told of once', async () => {
  const notices: string[] = [];
  const { ask } = start([say('a'), say('b')], { onNotice: (message) => notices.push(message) });
  const { usage, cost } = await ask([hello], { model: 'claude-next' });
  await ask([hello], { model: 'claude-next' });
  expect(cost).toBeCloseTo((usage.input * 10 + usage.output * 50 + usage.cacheWrite * 12.5) / 1e6, 12);
  expect(notices).toEqual([
    "No price is known for model claude-next: its cost is reckoned at the dearest model's price.",
  ]);
});

test('the models on offer are listed', async () => {
  expect(await start([]).model.list()).toEqual([{ id: 'claude-test', name: 'Claude Test' }]);
});

test('the real API’s rules take the thinking that a setting asks for', async () => {
  for (const kind of ['off', 'adaptive', 'budget'] as const) {
    const { ask } = start([say('Done.')], { thinking: { kind, tokens: 1024 } });
    expect((await ask([hello], { maxTokens: 1 })).stopReason).toBe('end_turn');
    expect(lastRequest()).toHaveProperty('thinking');
  }
});

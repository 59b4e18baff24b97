import type { AssistantBlock, ModelMessage, ModelRequest } from '../../core/ports/model.ts';
import { toParams } from './request-params.ts';

const CACHED = { cache_control: { type: 'ephemeral' } };
const tool = (name: string) => ({
  name,
  description: `${name}.`,
  input_schema: { type: 'object', properties: {} },
});
const request: ModelRequest = {
  model: 'claude-test',
  system: 'You are careful.',
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'Look.' }] },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: '', signature: 's' },
        { type: 'tool_use', id: 't1', name: 'a', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 't1', content: 'ok' },
        { type: 'text', text: 'Go on.' },
      ],
    },
  ],
  tools: [tool('a'), tool('b')],
  maxTokens: 100,
};

test('the prompt cache is marked after the system prompt and at the end of the conversation', () => {
  expect(toParams(request)).toEqual({
    model: 'claude-test',
    max_tokens: 100,
    stream: true,
    system: [{ type: 'text', text: 'You are careful.', ...CACHED }],
    tools: [tool('a'), tool('b')],
    messages: [
      request.messages[0],
      request.messages[1],
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 't1', content: 'ok' },
          { type: 'text', text: 'Go on.', ...CACHED },
        ],
      },
    ],
  });
});

test('without a system prompt the last tool carries the mark', () => {
  const params = toParams({ ...request, system: ' ' });
  expect(params.system).toBeUndefined();
  expect(params.tools).toEqual([tool('a'), { ...tool('b'), ...CACHED }]);
});

test('no tools and a conversation that ends with the assistant carry no mark', () => {
  const params = toParams({ ...request, tools: [], messages: request.messages.slice(0, 2) });
  expect(params.tools).toBeUndefined();
  expect(params.messages).toEqual(request.messages.slice(0, 2));
});

test('the request is not changed', () => {
  const before = JSON.stringify(request);
  toParams(request);
  expect(JSON.stringify(request)).toBe(before);
});

test.each([
  ['default', 100, undefined],
  ['off', 100, { type: 'disabled' }],
  ['adaptive', 100, { type: 'adaptive', display: 'summarized' }],
  ['budget', 2148, { type: 'enabled', budget_tokens: 2048, display: 'summarized' }],
] as const)('thinking is asked for as set: %s', (kind, tokens, thinking) => {
  const params = toParams(request, { kind, tokens: 2048 });
  expect(params.thinking).toEqual(thinking);
  expect(params.max_tokens).toBe(tokens);
});

test('a budget of thinking is not asked for where results answer an answer without any: it would be refused', () => {
  const budget = { kind: 'budget', tokens: 2048 } as const;
  const answered = (...before: AssistantBlock[]): ModelMessage[] => [
    { role: 'user', content: [{ type: 'text', text: 'Look.' }] },
    { role: 'assistant', content: [...before, { type: 'tool_use', id: 'a', name: 'look', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'seen' }] },
  ];
  const asked = (messages: ModelMessage[]) => toParams({ ...request, messages }, budget).thinking?.type;
  expect(asked(answered())).toBe('disabled');
  expect(asked(answered({ type: 'thinking', thinking: 'Hm', signature: 'c2ln' }))).toBe('enabled');
  expect(asked([...answered(), ...answered().slice(0, 1)])).toBe('enabled');
});

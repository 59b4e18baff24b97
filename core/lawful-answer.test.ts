import fc from 'fast-check';
import { LAWFUL_NAME, lawfulAnswer, MAX_INPUT_DEPTH } from './lawful-answer.ts';
import type { AssistantBlock, ModelAnswer } from './ports/model.ts';
import { malformedText } from './tool-input.ts';

const answerOf = (...content: AssistantBlock[]): ModelAnswer => ({
  content,
  stopReason: 'tool_use',
  usage: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 },
  cost: 0.5,
});
const call = (id: string, name = 'look', input: Record<string, unknown> = {}): AssistantBlock => ({
  type: 'tool_use',
  id,
  name,
  input,
});
const tools = [{ name: 'look', description: 'Looks.', input_schema: {} }];
const asked = { messages: [{ role: 'assistant' as const, content: [call('a'), call('call_3')] }], tools };
const lawful = (...content: AssistantBlock[]) => lawfulAnswer(answerOf(...content), asked).content;
const idsOf = (content: AssistantBlock[]) =>
  content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));

test('a lawful answer stays as it is', () => {
  const answer = answerOf(
    { type: 'thinking', thinking: ' Hm\t🐧', signature: 'c2ln' },
    { type: 'redacted_thinking', data: 'sealed' },
    { type: 'text', text: 'I look.' },
    call('b', 'look', { at: [1, { deep: null }], text: ' kept ' }),
    call('c', 'no_tool'),
  );
  expect(lawfulAnswer(answer, asked)).toEqual(answer);
});

test('calls get ids of their own, whatever ids came and whatever ids are taken', () => {
  expect(
    idsOf(lawful(call('b'), call('b'), call('a'), call('call_3'), call(''), call('é'), call('i'.repeat(65)))),
  ).toEqual(['b', 'call_4', 'call_5', 'call_6', 'call_7', 'call_8', 'call_9']);
  const id = fc.oneof(
    fc.constantFrom('', 'a', 'b', '\0'),
    fc.integer({ min: 1, max: 9 }).map((at) => `call_${at}`),
  );
  fc.assert(
    fc.property(fc.array(id, { maxLength: 12 }), fc.array(id, { maxLength: 6 }), (ids, taken) => {
      const messages = [{ role: 'assistant' as const, content: taken.map((each) => call(each)) }];
      const given = idsOf(
        lawfulAnswer(answerOf(...ids.map((each) => call(each))), { messages, tools }).content,
      );
      expect(new Set([...given, ...taken]).size).toBe(given.length + new Set(taken).size);
      for (const each of given) expect(each).toMatch(LAWFUL_NAME);
    }),
  );
});

test.each([
  ['look\n', 'look'],
  ['\ufeff look', 'look'],
  ['lo.ok', 'unknown_lo_ok'],
  ['look\0', 'unknown_look_'],
  ['', 'unknown_tool'],
  ['🐧', 'unknown__'],
  ['n'.repeat(65), `unknown_${'n'.repeat(50)}`],
  ['other', 'other'],
])('a tool named %j is %j', (name, expected) => {
  expect(lawful(call('b', name))).toEqual([call('b', expected)]);
});

test('thinking that cannot go back as it came loses its signature, so that it is shown and not sent', () => {
  expect(
    lawful(
      { type: 'thinking', thinking: 'Hm', signature: '' },
      { type: 'thinking', thinking: 'a\0b', signature: 'c2ln' },
      { type: 'thinking', thinking: 'Hm', signature: '\ud800' },
      { type: 'redacted_thinking', data: '\udc00' },
    ),
  ).toEqual([
    { type: 'thinking', thinking: 'Hm', signature: '' },
    { type: 'thinking', thinking: 'a\ufffdb', signature: '' },
    { type: 'thinking', thinking: 'Hm', signature: '' },
    { type: 'redacted_thinking', data: '' },
  ]);
});

test('texts and inputs lose what cannot be kept, and a byte order mark before code', () => {
  const input = { code: '\ufeffprint("\ufeff")', 'k\0': ['\ud800', Number.POSITIVE_INFINITY, -0, undefined] };
  expect(lawful({ type: 'text', text: 'a\0\ud83d🐧' }, call('b', 'look', input))).toEqual([
    { type: 'text', text: 'a\ufffd\ufffd🐧' },
    call('b', 'look', { code: 'print("\ufeff")', 'k\ufffd': ['\ufffd', null, 0, undefined] }),
  ]);
  const [own] = lawful(call('b', 'look', JSON.parse('{"__proto__": {"x": "\\u0000"}}')));
  expect(JSON.stringify(own)).toContain('{"__proto__":{"x":"\ufffd"}}');
});

test('an input that is nested without end is told as one that cannot be read', () => {
  const nested = (depth: number) => JSON.parse(`{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`);
  for (const depth of [MAX_INPUT_DEPTH + 1, 100_000]) {
    const [block] = lawful(call('b', 'look', nested(depth)));
    expect(block?.type === 'tool_use' && malformedText(block.input)).toMatch(/more than 100 levels/);
  }
  const deepest = call('b', 'look', nested(MAX_INPUT_DEPTH));
  expect(lawful(deepest)).toEqual([deepest]);
});

test('tokens and costs can be added up whatever the provider says', () => {
  const usage = { input: -5, output: 1.5, cacheRead: Number.NaN, cacheWrite: 1e300 };
  expect(lawfulAnswer({ ...answerOf(), usage, cost: Number.NEGATIVE_INFINITY }, asked)).toMatchObject({
    usage: { input: 0, output: 2, cacheRead: 0, cacheWrite: Number.MAX_SAFE_INTEGER },
    cost: 0,
  });
});

test('ten thousand calls of one id cost no more than a look at each', () => {
  const ids = idsOf(lawful(...Array.from({ length: 10_000 }, () => call('a'))));
  expect(new Set(ids).size).toBe(10_000);
  expect(ids.at(-1)).toBe('call_10003');
});

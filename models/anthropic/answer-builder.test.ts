import { AnswerBuilder } from './answer-builder.ts';
import type { WireBlock, WireDelta, WireEvent } from './stream-events.ts';

const start: WireEvent = {
  type: 'message_start',
  message: {
    usage: { input_tokens: 7, output_tokens: 1, cache_read_input_tokens: 5, cache_creation_input_tokens: 3 },
  },
};
const open = (index: number, content_block: WireBlock): WireEvent => ({
  type: 'content_block_start',
  index,
  content_block,
});
const delta = (index: number, value: WireDelta): WireEvent => ({
  type: 'content_block_delta',
  index,
  delta: value,
});
const stop = (stop_reason: string): WireEvent => ({
  type: 'message_delta',
  delta: { stop_reason },
  usage: { output_tokens: 20, input_tokens: null },
});
const text = (index: number, value: string) => delta(index, { type: 'text_delta', text: value });
const json = (index: number, partial_json: string) =>
  delta(index, { type: 'input_json_delta', partial_json });
const tool: WireBlock = { type: 'tool_use', id: 't1', name: 'read_file', input: {} };

function build(events: WireEvent[]) {
  const heard: [string, number][] = [];
  const builder = new AnswerBuilder((piece, offset) => heard.push([piece, offset]));
  for (const event of events) builder.add(event);
  return { heard, answer: builder.finish() };
}

test('text comes with offsets in UTF-16 units over all text blocks', () => {
  const blank: WireBlock = { type: 'text', text: '' };
  const { heard, answer } = build([
    start,
    open(0, blank),
    text(0, 'a🐧'),
    text(0, ''),
    text(0, 'b'),
    open(1, blank),
    text(1, 'c'),
    stop('end_turn'),
  ]);
  expect(heard).toEqual([
    ['a🐧', 0],
    ['b', 3],
    ['c', 4],
  ]);
  expect(answer.content).toEqual([
    { type: 'text', text: 'a🐧b' },
    { type: 'text', text: 'c' },
  ]);
});

test('later counts replace earlier ones, absent ones do not', () => {
  expect(build([start, stop('end_turn')]).answer.usage).toEqual({
    input: 7,
    output: 20,
    cacheRead: 5,
    cacheWrite: 3,
  });
});

test('thinking and signature are put together as they came; redacted thinking is kept', () => {
  const { answer } = build([
    start,
    open(0, { type: 'thinking', thinking: '', signature: '' }),
    delta(0, { type: 'thinking_delta', thinking: 'Hm \n' }),
    delta(0, { type: 'thinking_delta', thinking: ' …' }),
    delta(0, { type: 'signature_delta', signature: 'c2ln' }),
    open(1, { type: 'redacted_thinking', data: 'xyz' }),
    stop('end_turn'),
  ]);
  expect(answer.content).toEqual([
    { type: 'thinking', thinking: 'Hm \n …', signature: 'c2ln' },
    { type: 'redacted_thinking', data: 'xyz' },
  ]);
});

test('thinking is told with offsets of its own; a later block stands a blank line apart', () => {
  const pieces: [string, number][] = [];
  const builder = new AnswerBuilder(
    () => undefined,
    (piece, offset) => pieces.push([piece, offset]),
  );
  for (const event of [
    start,
    open(0, { type: 'thinking', thinking: '', signature: '' }),
    delta(0, { type: 'thinking_delta', thinking: 'One' }),
    open(1, { type: 'text', text: 'Said.' }),
    open(2, { type: 'redacted_thinking', data: 'xyz' }),
    open(3, { type: 'thinking', thinking: '', signature: '' }),
    delta(3, { type: 'thinking_delta', thinking: 'Two' }),
    delta(3, { type: 'thinking_delta', thinking: '.' }),
  ])
    builder.add(event);
  expect(pieces).toEqual([
    ['', 0],
    ['One', 0],
    ['', 3],
    ['', 3],
    ['\n\nTwo', 3],
    ['.', 8],
  ]);
});

test.each([
  ['pieces of JSON', ['{"pa', 'th":"a', '\\u00e9"}'], { path: 'aé' }],
  ['no JSON at all', [], {}],
  ['an empty piece', [''], {}],
  ['JSON cut off', ['{"path":"a'], { malformed_json: '{"path":"a' }],
  ['JSON that is no object', ['[1]'], { malformed_json: '[1]' }],
  ['null', ['null'], { malformed_json: 'null' }],
  ['no JSON', ['path=a'], { malformed_json: 'path=a' }],
])('a tool call with %s', (_what, parts, input) => {
  const { answer } = build([start, open(0, tool), ...parts.map((part) => json(0, part)), stop('tool_use')]);
  expect(answer.content).toEqual([{ type: 'tool_use', id: 't1', name: 'read_file', input }]);
});

test.each([
  'end_turn',
  'tool_use',
  'max_tokens',
  'stop_sequence',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
])('the stop reason %s is kept', (reason) => {
  expect(build([start, stop(reason)]).answer.stopReason).toBe(reason);
});

test('an unknown stop reason is judged by the blocks', () => {
  expect(build([start, stop('sunset')]).answer.stopReason).toBe('end_turn');
  expect(build([start, open(0, tool), stop('sunset')]).answer.stopReason).toBe('tool_use');
});

test('an answer without a stop reason is not an answer', () => {
  expect(() => build([start])).toThrow('without a stop reason');
});

test('an index that comes twice begins another block: no call is lost', () => {
  const { answer } = build([
    start,
    open(0, tool),
    json(0, '{"path":"a"}'),
    open(0, { ...tool, id: 't2' }),
    json(0, '{"path":"b"}'),
    stop('tool_use'),
  ]);
  expect(answer.content).toEqual([
    { type: 'tool_use', id: 't1', name: 'read_file', input: { path: 'a' } },
    { type: 'tool_use', id: 't2', name: 'read_file', input: { path: 'b' } },
  ]);
});

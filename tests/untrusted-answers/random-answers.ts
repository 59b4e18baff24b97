/**
 * Random answers of a model that keeps no rule: every form that the protocol can carry, with what breaks things in
 * it.
 */

import fc from 'fast-check';
import { TOOL_NAMES } from '../../agents/index.ts';
import { STOP_REASONS } from '../../core/ports/model.ts';
import type { ScriptedAnswer, ScriptedBlock } from '../anthropic-server/script.ts';

/** NUL, halves of characters, a byte order mark, quotes and the rest of what texts break over. */
const hostile = fc.string({
  unit: fc.constantFrom(
    'a',
    'Z',
    '7',
    '_',
    '.',
    ' ',
    '\n',
    '"',
    '\\',
    'é',
    '🐧',
    '\0',
    '\ud83d',
    '\udc27',
    '\ufeff',
    '\u202e',
  ),
  maxLength: 40,
});
const words = fc.oneof(hostile, fc.constantFrom('', ' \n', '\ud800', 'Well.', 'x'.repeat(5_000)));

/**
 * Ids come from few, so that they repeat, within an answer and over turns. None is one that a mended call may get:
 * the server could not tell which of its answers such a call is from (core/lawful-answer.test.ts has those).
 */
const id = fc.oneof(
  fc.constantFrom('toolu_1', 'toolu_2', '', ' ', 'a b', 'é', '\0', '\ud800', 'i'.repeat(300)),
  hostile,
);
const name = fc.oneof(
  fc.constantFrom(...TOOL_NAMES),
  fc.constantFrom(
    '',
    ' finish',
    'execute_code\n',
    'functions.read_file',
    '__proto__',
    'constructor',
    'n'.repeat(300),
  ),
  hostile,
);

const key = fc.oneof(fc.constantFrom('code', 'title', 'items', '__proto__', 'malformed_json', ''), hostile);
const value = fc.oneof(
  words,
  fc.constantFrom('\ufeffprint(1)', 't'.repeat(1_000)),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const input = fc.dictionary(
  key,
  fc.oneof(value, fc.array(fc.dictionary(key, value, { maxKeys: 3 }), { maxLength: 3 })),
  { maxKeys: 5 },
);
/** JSON as text: cut off, no object, numbers too large, nested without end, a key that is no key elsewhere. */
const json = fc.oneof(
  fc.tuple(input, fc.nat(200)).map(([object, end]) => JSON.stringify(object).slice(0, end)),
  fc.constantFrom(
    '',
    'null',
    '[]',
    '"text"',
    '{"a": 1e999, "b": -0}',
    '{"a": "\\u0000\\ud800"}',
    '{"__proto__": {"x": 1}}',
  ),
  fc.constantFrom('[', '{"a":').map((open) => `{"a": ${open.repeat(5_000)}`),
  fc.integer({ min: 90, max: 3_000 }).map((depth) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`),
);

const block: fc.Arbitrary<ScriptedBlock> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: words }),
  fc.record({ type: fc.constant('tool_use' as const), id, name, input }),
  fc.record({ type: fc.constant('raw_tool_use' as const), id, name, json }),
  fc.record({ type: fc.constant('thinking' as const), thinking: words }),
  fc.record({
    type: fc.constant('redacted_thinking' as const),
    thinking: fc.constantFrom('sealed', 'also sealed'),
  }),
  fc.record({
    type: fc.constant('raw_thinking' as const),
    thinking: words,
    signature: fc.constantFrom('', '', '\0', '\ud800'),
  }),
);

export const randomAnswer: fc.Arbitrary<ScriptedAnswer> = fc
  .record({
    content: fc.array(block, { maxLength: 6 }),
    stopReason: fc.option(fc.constantFrom(...STOP_REASONS)),
  })
  .map(({ content, stopReason }) => ({
    kind: 'answer',
    content,
    ...(stopReason === null ? {} : { stopReason }),
  }));

/** How many calls the answer makes. */
export const callsOf = (answer: ScriptedAnswer): number =>
  answer.content.filter((each) => each.type === 'tool_use' || each.type === 'raw_tool_use').length;

/**
 * What no part can keep is found in a body with its field: NUL, half characters, infinite numbers, nesting without
 * end.
 */

import fc from 'fast-check';
import { TemperaError } from '../../core/errors.ts';
import { assertLawful } from './lawful-input.ts';

const fieldOf = (value: unknown): unknown => {
  try {
    assertLawful(value, 'body');
    return null;
  } catch (error) {
    if (!(error instanceof TemperaError)) throw error;
    return (error.details.issues as { field: string }[])[0]?.field;
  }
};

test.each([
  [{ text: 'a\0b' }, 'body.text'],
  [{ rows: [{ a: 1 }, { a: '\ud800' }] }, 'body.rows.1.a'],
  [{ 'a\udc00': 1 }, 'body'],
  [JSON.parse('{"rows": [{"a": 1e999}]}'), 'body.rows.0.a'],
  [JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`), `body${'.0'.repeat(32)}`],
  ['\0', 'body'],
])('%j is refused at its field', (value, field) => {
  expect(fieldOf(value)).toBe(field);
});

test('a nesting of any depth is refused, not run into', () => {
  let deep: unknown = 'x';
  for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
  expect(() => assertLawful(deep, 'body')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
});

test('everything else passes: any JSON whose texts are whole', () => {
  const whole = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8, stringUnit: whole }), (value) => {
      expect(fieldOf(value)).toBeNull();
    }),
    { numRuns: 300 },
  );
});

test('one unlawful character anywhere in a JSON value is found', () => {
  const bad = fc.constantFrom('\0', '\ud800', '\udfff', 'a\ud800b');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, bad, tie('list'), tie('object')),
    list: fc.tuple(fc.jsonValue({ maxDepth: 1 }), tie('value')).map(([other, each]) => [other, each]),
    object: fc.tuple(fc.jsonValue({ maxDepth: 1 }), tie('value')).map(([a, b]) => ({ a, b })),
  }));
  fc.assert(fc.property(value, (each) => expect(fieldOf(each)).not.toBeNull()));
});

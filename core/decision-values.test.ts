import { readFileSync } from 'node:fs';
import { isToConfirm, LINES, waysOf } from './decision-values.ts';

/** Of each kind of column the ways, to which sandbox/tests/tables/test_feature_ways.py holds the features. */
const WAYS: Record<string, string[]> = JSON.parse(
  readFileSync('sandbox/tests/tables/feature_ways.json', 'utf8'),
);

test.each(Object.entries(WAYS))('a column that is %s becomes features in these ways: %j', (kind, ways) => {
  expect(waysOf(kind)).toEqual(ways);
});

test('lines that may be rows are those that the reader of tables may keep', () => {
  const python = readFileSync('sandbox/tempera/tables/findings.py', 'utf8');
  const reasons = /KEEPABLE: .* = \((.*)\)/.exec(python)?.[1];
  expect(reasons?.match(/\w+/g)).toEqual([...LINES]);
});

test.each([
  ['agent', 0.5, true],
  ['default', 0.5, true],
  ['person', 0.5, false],
  ['agent', 0.9, false],
  ['rule', null, false],
])('of %s with confidence %p, to confirm: %p', (by, confidence, expected) => {
  expect(isToConfirm({ by, confidence })).toBe(expected);
});

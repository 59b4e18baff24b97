import { expect, test } from '@jest/globals';
import { barsOf, kindAndType, kindOf, kindWords, missingShare, sentenceOf } from './column-profile.ts';

test('types are told in words', () => {
  expect(['BIGINT', 'DECIMAL(18,3)', 'TIMESTAMP', 'BOOLEAN', 'VARCHAR'].map(kindOf)).toEqual([
    ...['number', 'number', 'date', 'yes or no', 'text'],
  ]);
});

test('a column is called what reports call it, with SQL’s type behind', () => {
  const planned = { type: 'DOUBLE', kind_words: 'amount of money ($)' };
  expect([kindWords(planned), kindWords({ type: 'DOUBLE' })]).toEqual(['amount of money ($)', 'number']);
  expect([kindAndType(planned), kindAndType({ type: 'DOUBLE' })]).toEqual([
    ...['amount of money ($) · double', 'double'],
  ]);
});

test('bars are shares of the tallest', () => {
  const histogram = [
    { from: 0, to: 1, count: 5 },
    { from: 1, to: 2, count: 10 },
  ];
  const column = { name: 'a', type: 'DOUBLE', missing: 0, distinct: 9 };
  expect(barsOf({ ...column, histogram }).map((bar) => bar.height)).toEqual([0.5, 1]);
  expect(barsOf({ ...column, top_values: [{ value: null, count: 3 }] })).toEqual([
    { height: 1, title: 'missing: 3' },
  ]);
  expect(barsOf(column)).toEqual([]);
});

test('a few missing values are never none, nearly all never all', () => {
  expect(missingShare(0, 10)).toBe('');
  expect(missingShare(1, 100_000)).toBe('<1 % missing');
  expect(missingShare(99_999, 100_000)).toBe('99 % missing');
  expect(missingShare(5, 5)).toBe('100 % missing');
});

test('the sentence has what a careful reader asks first', () => {
  const column = {
    name: 'mass',
    type: 'DOUBLE',
    missing: 2,
    distinct: 94,
    min: 2700,
    max: 6300,
    mean: 4201.754,
  };
  expect(sentenceOf({ ...column, kind_words: 'number (g)' }, 344)).toContain(
    'mass: number (g) (in SQL DOUBLE), 94',
  );
  expect(sentenceOf(column, 344)).toBe('mass: number, 94 distinct, 2,700 to 6,300, mean 4,200, <1 % missing');
});

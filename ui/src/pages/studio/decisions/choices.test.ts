import { choicesOf, formOf, foundChoices, isFree, readValue, writeValue } from './choices.ts';
import { decision } from './testing/decision.ts';

const facts = {
  files: ['later.csv'],
  names: ['species', 'sex', 'mass'],
  kinds: new Map([
    ['mass', 'number'],
    ['seen', 'date'],
    ['alive', 'boolean'],
  ]),
  target: 'species',
  problem: 'regression',
};
const wordsOf = (...args: Parameters<typeof choicesOf>) => choicesOf(...args).map(({ words }) => words);

test('what was weighed comes first with what it would change, without the value in force', () => {
  const current = decision({
    ...{ key: 'split.strategy', value: 'group' },
    alternatives: [
      { value: 'group', changes: 'nothing' },
      { value: 'time', changes: 'the latest rows would be the test' },
    ],
  });
  const found = choicesOf({ key: 'split.strategy', current }, facts);
  expect(found[0]).toEqual({
    ...{ id: '"time"', value: 'time', words: 'forward in time' },
    ...{ changes: 'the latest rows would be the test', weighed: true },
  });
  expect(found.map(({ value }) => value)).toEqual(['time', 'random', 'column']);
});

test('where nothing was weighed, what the table and the platform know is offered', () => {
  expect(wordsOf({ key: 'target', current: decision({ key: 'target', value: 'species' }) }, facts)).toEqual([
    'sex',
    'mass',
  ]);
  expect(wordsOf({ key: 'split.by', current: null }, facts)).toEqual(['none', 'sex', 'mass']);
  expect(wordsOf({ key: 'split.test_file', current: null }, facts)).toEqual(['none', 'later.csv']);
  expect(wordsOf({ key: 'metric', current: null }, facts)).toEqual(['r2', 'rmse', 'mae']);
  expect(wordsOf({ key: 'column.sex.use', current: null }, facts)).toEqual(['used', 'left out']);
  expect(wordsOf({ key: 'column.sex.kind', current: null }, facts)).toEqual(['category', 'text', 'number']);
  expect(wordsOf({ key: 'model.choice', current: null }, facts)).toContain('random forest');
  expect(wordsOf({ key: 'column.mass.features', current: null }, facts)).toEqual([
    'the number as it is',
    'its logarithm',
  ]);
  expect(wordsOf({ key: 'column.alive.features', current: null }, facts)).toEqual([]);
  expect(wordsOf({ key: 'column.seen.date_order', current: null }, facts)).toEqual(['the day', 'the month']);
  expect(wordsOf({ key: 'threshold', current: decision({ key: 'threshold', value: 0.5 }) }, facts)).toEqual(
    [],
  );
});

test('a long list is searched by what is typed', () => {
  const choices = choicesOf({ key: 'target', current: null }, facts);
  expect(foundChoices(choices, ' S', 2).map(({ words }) => words)).toEqual(['species', 'sex']);
  expect(foundChoices(choices, 'mass', 2).map(({ words }) => words)).toEqual(['mass']);
});

test('another value may be written where a script or a limit takes any', () => {
  const free = (key: string, value: unknown) => isFree({ key, current: decision({ key, value }) }, facts);
  expect([free('threshold', 0.5), free('budget.cost', 2), free('metric', 'r2')]).toEqual([true, true, false]);
  expect([
    isFree({ key: 'budget.cost', current: null }, facts),
    isFree({ key: 'threshold', current: null }, facts),
  ]).toEqual([true, false]);
});

test.each([
  ['0.25', 0.5, 0.25],
  ['a quarter', 0.5, undefined],
  ['', 0.5, undefined],
  [' late ', 'early', 'late'],
  ['[1, 2]', [3], [1, 2]],
  ['NA, -999 ,', ['x'], ['NA', '-999']],
  ['', ['x'], []],
  ['["a', ['x'], undefined],
  ['not json', null, 'not json'],
  ['', null, undefined],
])('%p where %p is in force is read as %p', (text, like, value) => {
  expect(readValue(text, like)).toEqual(value);
});

test('a value is written as it is read', () => {
  for (const value of [0.25, 'late', [1, 2], ['NA', '-999'], ['a, b', ' '], [], { depth: 3 }])
    expect(readValue(writeValue(value), value)).toEqual(value);
  expect(writeValue(null)).toBe('');
});

test('lines that are left out are offered as they were weighed, with none at the end', () => {
  const current = decision({
    ...{ key: 'rows.left_out', value: ['footnote', 'total'] },
    alternatives: [{ value: ['footnote'], changes: '1 more row: totals count as rows' }],
  });
  expect(wordsOf({ key: 'rows.left_out', current }, facts)).toEqual(['notes below the table', 'none']);
});

test('texts that stand for no value are written, of any column', () => {
  const open = { key: 'column.mass.missing', current: null };
  expect(isFree(open, facts)).toBe(true);
  expect(readValue('-1', formOf(open))).toEqual(['-1']);
});

/** Decisions by column: each with its reason and evidence; of 5,000 columns each is found, and few elements show it. */

import type { Decision, TableProfile } from '../../../lib/api/types.ts';
import { columnKinds, columnRows, countWords, foundColumns, openOf } from './column-rows.ts';
import { decisionsByKey } from './ledger.ts';
import { decision } from './testing/decision.ts';

const profile = (...names: string[]): TableProfile => ({
  ...{ format: 'csv', encoding: 'utf-8', delimiter: ',', rows: 200 },
  columns: names.map((name) => ({ name, type: 'integer', kind_words: 'count', distinct: 12, missing: 3 })),
  ...{ preview: [], suggested_target: null, warnings: [] },
});
const rowsOf = (table: TableProfile | null, ...items: Decision[]) =>
  columnRows(table, decisionsByKey({ items, queued: [] }));
const cellsOf = (...args: Parameters<typeof rowsOf>) =>
  rowsOf(...args).map(({ name, use, kind, role, why }) => [name, use, kind, role, why]);

test('what nobody disputed is as the upload found it', () => {
  expect(cellsOf(profile('Age', 'Shop'))).toEqual([
    ['Age', 'in', 'count', 'feature', '12 different values, 2 % missing'],
    ['Shop', 'in', 'count', 'feature', '12 different values, 2 % missing'],
  ]);
});

test('what was decided stands in its cells, with the reason', () => {
  const rows = cellsOf(
    profile('Age (y)', 'Shop', 'sold', 'Day'),
    decision({ key: 'target', value: 'sold' }),
    decision({ key: 'split.strategy', value: 'time' }),
    decision({ key: 'split.by', value: ['Day'] }),
    decision({ key: 'column.age_y.use', value: 'out', reason: 'it is known only afterwards' }),
    decision({ key: 'column.shop.kind', value: 'category', reason: 'its numbers are names' }),
  );
  expect(rows).toEqual([
    ['Age (y)', 'out', 'count', 'feature', 'It is known only afterwards.'],
    ['Shop', 'in', 'category', 'feature', 'Its numbers are names.'],
    ['sold', 'in', 'count', 'target', '12 different values, 2 % missing'],
    ['Day', 'in', 'count', 'time', '12 different values, 2 % missing'],
  ]);
});

test('names that differ in little have keys of their own, and one that the table does not have is shown', () => {
  const rows = rowsOf(
    profile('a b', 'a_b'),
    decision({ key: 'column.a_b_2.use', value: 'out' }),
    decision({ key: 'column.gone.use', value: 'out' }),
  );
  expect(rows.map(({ key, use }) => [key, use])).toEqual([
    ['a_b', 'in'],
    ['a_b_2', 'out'],
    ['gone', 'out'],
  ]);
  expect(rowsOf(null, decision({ key: 'column.age.use', value: 'out' })).map(({ name }) => name)).toEqual([
    'age',
  ]);
});

test('columns are found by part of their name and by what was decided of them', () => {
  const rows = rowsOf(
    profile('Age', 'Shop', 'Page'),
    decision({ key: 'column.age.use', value: 'out' }),
    decision({ key: 'column.shop.kind', value: 'category', by: 'person' }),
  );
  const found = (search: string, filter: Parameters<typeof foundColumns>[1]['filter']) =>
    foundColumns(rows, { search, filter }).map(({ name }) => name);
  expect(found(' aGE', 'all')).toEqual(['Age', 'Page']);
  expect(found('', 'out')).toEqual(['Age']);
  expect(found('', 'decided')).toEqual(['Age', 'Shop']);
  expect(found('', 'person')).toEqual(['Shop']);
  expect(found('x', 'all')).toEqual([]);
  expect([countWords(2, 5_000), countWords(1, 1)]).toEqual(['2 of 5,000 columns', '1 column']);
});

test('columns with something to confirm are found', () => {
  const asked = { key: 'column.shop.missing', value: [], by: 'default', confidence: 0.5 } as const;
  const sure = { key: 'column.age.missing', value: ['-1'], by: 'agent', confidence: 0.9 } as const;
  const names = (...items: Decision[]) =>
    foundColumns(rowsOf(profile('Age', 'Shop'), ...items), { search: '', filter: 'confirm' }).map(
      ({ name }) => name,
    );
  expect(names(decision(asked), decision(sure))).toEqual(['Shop']);
  expect(names(decision(asked), decision({ ...asked, by: 'person', confidence: null }))).toEqual([]);
});

test('of any column can be decided what stands for no value, and its features where they can be others', () => {
  const columns = [
    { name: 'Age', type: 'integer', kind: 'count' },
    { name: 'Alive', type: 'boolean', kind: 'boolean' },
  ];
  const table = { ...profile(), columns };
  const kinds = columnKinds(table, (key) => (key === 'column.alive.kind' ? 'text' : undefined));
  expect([...kinds]).toEqual([
    ['age', 'count'],
    ['alive', 'text'],
  ]);
  const open = (items: Decision[], found: ReadonlyMap<string, string>) =>
    rowsOf(table, ...items).map((row) => openOf(row, found).map(({ key }) => key));
  expect(
    open(
      [],
      columnKinds(table, () => undefined),
    ),
  ).toEqual([['column.age.missing', 'column.age.features'], ['column.alive.missing']]);
  expect(open([decision({ key: 'column.age.missing', value: [] })], kinds)).toEqual([
    ['column.age.features'],
    ['column.alive.missing', 'column.alive.features'],
  ]);
});

import { type PlaceOfScore, rowGroups, type ScoredSession, scoreStandings } from './comparable-scores.ts';

type Row = [id: string, rows: string | null, metric: string | null, value: number | null];
const sessions = (...rows: Row[]): ScoredSession[] =>
  rows.map(([id, test_rows, metric, value]) => ({ id, test_rows, metric, value }));
const standings = (...rows: Row[]): [string, PlaceOfScore['standing'], boolean][] =>
  [...scoreStandings(sessions(...rows), (metric) => metric === 'rmse')].map(([id, { standing, best }]) => [
    id,
    standing,
    best,
  ]);

test('scores on the same rows are ranked, others are named as not comparable and have a best of their own', () => {
  expect(
    standings(
      ['a', 'one', 'accuracy', 0.8],
      ['b', 'one', 'accuracy', 0.9],
      ['c', 'one', 'accuracy', 0.7],
      ['d', 'two', 'accuracy', 0.99],
      ['e', 'two', 'accuracy', 0.98],
      ['f', 'one', 'roc_auc', 0.97],
      ['g', null, 'accuracy', 1],
    ),
  ).toEqual([
    ['a', 'comparable', false],
    ['b', 'comparable', true],
    ['c', 'comparable', false],
    ['d', 'other_rows', true],
    ['e', 'other_rows', false],
    ['f', 'other_metric', false],
    ['g', 'unknown_rows', false],
  ]);
});

test('the best is the least where less is better, and none where all are the same', () => {
  expect(standings(['a', 'one', 'rmse', 2], ['b', 'one', 'rmse', 1]).map(([, , best]) => best)).toEqual([
    false,
    true,
  ]);
  expect(standings(['a', 'one', 'rmse', 2], ['b', 'one', 'rmse', 2]).map(([, , best]) => best)).toEqual([
    false,
    false,
  ]);
});

test('of rows that were not measured nothing is known, not even among each other', () => {
  expect(standings(['a', null, 'r2', 1], ['b', null, 'r2', 2])).toEqual([
    ['a', 'unknown_rows', false],
    ['b', 'unknown_rows', false],
  ]);
});

test('the only score stands alone, and a session without one nowhere', () => {
  expect(standings(['a', null, 'r2', 1], ['b', 'one', null, null])).toEqual([['a', 'alone', false]]);
  expect(standings(['a', 'one', 'r2', 1], ['b', 'two', 'r2', 2])).toEqual([
    ['a', 'comparable', false],
    ['b', 'other_rows', false],
  ]);
});

test('sets of test rows are numbered as they come', () => {
  const groups = rowGroups(
    sessions(['a', 'x', null, null], ['b', null, null, null], ['c', 'y', null, null], ['d', 'x', null, null]),
  );
  expect([...groups]).toEqual([
    ['a', 1],
    ['b', null],
    ['c', 2],
    ['d', 1],
  ]);
});

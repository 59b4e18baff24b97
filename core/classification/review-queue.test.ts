/** The review queue: what one decision would settle comes first. */

import { likeness, reviewQueue, type UndecidedColumn } from './review-queue.ts';

const wordsOf = (name: string): string[] => name.toLowerCase().split('_');

let position = 0;
function column(name: string, change: Partial<UndecidedColumn> = {}): UndecidedColumn {
  position += 1;
  return {
    ...{ database: '', table_name: `t${position}`, column_name: name },
    ...{ table_position: position, column_position: 0, predicted_code: 'A', predicted_label: 'A' },
    ...{ belief: 0.4, probability: 0.5, signals: [], ...change },
  };
}

const shown = (columns: UndecidedColumn[]): (string | number)[][] =>
  reviewQueue(columns, wordsOf).map(({ first, columns: all }) => [first.column_name, all.length]);

test('columns that are alike count together, and the largest group comes first', () => {
  expect(shown([column('zip'), column('cust_no'), column('CUST_NO'), column('cust_no')])).toEqual([
    ['cust_no', 3],
    ['zip', 1],
  ]);
});

test('of equal groups that comes first of which less is known, and it stands for its group', () => {
  const columns = [column('b', { belief: 0.3 }), column('a', { belief: 0.2 }), column('a', { belief: 0.1 })];
  const [first] = reviewQueue([...columns, column('b', { belief: 0.05 })], wordsOf);
  expect([first?.first.column_name, first?.first.belief]).toEqual(['b', 0.05]);
  expect(first?.columns.map(({ belief }) => belief)).toEqual([0.05, 0.3]);
});

test('another prediction, another form or another word is another group', () => {
  const others: Partial<UndecidedColumn>[] = [{ predicted_code: null }, { signals: ['email'] }];
  const same = column('x');
  for (const other of [...others.map((change) => column('x', change)), column('y')])
    expect(shown([same, other]).map(([, settled]) => settled)).toEqual([1, 1]);
  // in whichever order they were found
  const [one, two] = [column('x', { signals: ['a', 'b'] }), column('x', { signals: ['b', 'a'] })];
  expect(likeness(one, ['x'])).toBe(likeness(two, ['x']));
});

test('a queue of nothing is empty, and its order does not depend on that of the columns', () => {
  expect(reviewQueue([], wordsOf)).toEqual([]);
  const columns = ['a', 'b', 'a', 'c'].map((name) => column(name));
  expect(shown(columns)).toEqual(shown(columns.toReversed()));
});

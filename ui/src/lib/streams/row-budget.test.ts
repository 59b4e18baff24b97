import { expect, test } from '@jest/globals';
import { RowBudget } from './row-budget.ts';

test('new rows come in a few at a time, the middle first, and known ones stay', () => {
  const budget = new RowBudget(2);
  const keys = ['a', 'b', 'c', 'd', 'e'];
  const first = budget.admit(keys);
  expect([[...first.drawn].sort(), first.more]).toEqual([['b', 'c'], true]);
  expect(budget.admit(keys).drawn.size).toBe(4);
  expect(budget.admit(keys)).toMatchObject({ more: false });
  expect([...budget.admit(['e', 'f']).drawn]).toEqual(['e', 'f']);
});

test('everything is let in where it is wanted', () => {
  expect(new RowBudget(1).admit(['a', 'b', 'c'], true)).toMatchObject({ more: false });
});

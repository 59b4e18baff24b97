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

test('frames that take long halve what comes in at once, short ones let in more up to the bound', () => {
  const budget = new RowBudget(4);
  const fresh = (name: string) => ['1', '2', '3', '4', '5', '6'].map((key) => `${name}${key}`);
  expect(budget.admit(fresh('a')).drawn.size).toBe(3);
  budget.took(90);
  expect(budget.admit(fresh('b')).drawn.size).toBe(1);
  budget.took(90);
  expect(budget.admit(fresh('c')).drawn.size).toBe(1);
  for (let frame = 0; frame < 9; frame += 1) budget.took(16);
  expect(budget.admit(fresh('d')).drawn.size).toBe(4);
});

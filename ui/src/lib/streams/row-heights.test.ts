import { RowHeights } from './row-heights.ts';

test('rows that were not drawn count with the estimate', () => {
  const rows = new RowHeights(40);
  rows.length = 10;
  expect(rows.total).toBe(400);
  expect(rows.measure(2, 100)).toBe(60);
  expect(rows.top(2)).toBe(80);
  expect(rows.top(3)).toBe(180);
  expect(rows.total).toBe(460);
});

test('an offset is found in the row that covers it', () => {
  const rows = new RowHeights(40);
  rows.length = 5;
  rows.measure(0, 10);
  expect([0, 9, 10, 49, 50, 9_999].map((offset) => rows.at(offset))).toEqual([0, 0, 1, 1, 2, 4]);
});

test('a list that grows keeps what was measured', () => {
  const rows = new RowHeights(10);
  rows.length = 2;
  rows.measure(1, 30);
  expect(rows.total).toBe(40);
  rows.length = 4;
  expect(rows.total).toBe(60);
});

import { withDates } from './date-cells.ts';

const columns = [{ type: 'TIMESTAMP' }, { type: 'VARCHAR' }];

test('a column of midnights shows dates, also with missing cells', () => {
  const rows = [
    ['2021-01-01T00:00:00', 'a'],
    [null, 'b'],
    ['2021-01-03 00:00:00.000', '2021-01-01T00:00:00'],
  ] as const;
  expect(withDates(rows, columns)).toEqual([
    ['2021-01-01', 'a'],
    [null, 'b'],
    ['2021-01-03', '2021-01-01T00:00:00'],
  ]);
});

test('one time that is not midnight keeps all of them', () => {
  const rows = [['2021-01-01T00:00:00Z'], ['2021-01-01T12:00:00Z']] as const;
  expect(withDates(rows, [{ type: 'TIMESTAMP WITH TIME ZONE' }])).toEqual(rows);
});

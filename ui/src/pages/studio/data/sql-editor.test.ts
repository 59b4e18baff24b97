/** What the SQL editor offers and keeps: names to complete, the last queries, the answer as a file. */

import { toCsv } from '../../../lib/format/csv.ts';
import { withQuery } from './sql-history.ts';
import { completionsOf } from './sql-names.ts';

test('columns are completed with their types; those that SQL would misread are quoted', () => {
  const columns = [
    { name: 'bill_length_mm', type: 'DOUBLE' },
    { name: 'Body mass (g)', type: 'BIGINT' },
    { name: 'a "b"', type: 'VARCHAR' },
    { name: 'Order', type: 'DATE' },
  ];
  expect(completionsOf([{ name: 'train', columns }])).toEqual({
    train: [
      { label: 'bill_length_mm', detail: 'double', type: 'property', apply: 'bill_length_mm' },
      { label: 'Body mass (g)', detail: 'bigint', type: 'property', apply: '"Body mass (g)"' },
      { label: 'a "b"', detail: 'varchar', type: 'property', apply: '"a ""b"""' },
      { label: 'Order', detail: 'date', type: 'property', apply: '"Order"' },
    ],
  });
});

test('the newest query comes first, each once, and the oldest are forgotten', () => {
  expect(withQuery(['select 1', 'select 2'], ' select 2\n')).toEqual(['select 2', 'select 1']);
  expect(withQuery(['select 1'], '  ')).toEqual(['select 1']);
  expect(withQuery(['select 1'], `select '${'x'.repeat(5_000)}'`)).toEqual(['select 1']);
  const many = Array.from({ length: 30 }, (_, at) => at).reduce<string[]>(
    (history, at) => withQuery(history, `select ${at}`),
    [],
  );
  expect(many).toHaveLength(20);
  expect(many[0]).toBe('select 29');
});

test('an answer becomes CSV in which nothing runs in a spreadsheet and nothing is lost', () => {
  const rows = [
    ['=HYPERLINK("x")', -1.5, null],
    ['-2.5', 3, true],
    ['two\nlines, "quoted"', 0, false],
  ];
  expect(toCsv([{ name: 'note' }, { name: 'a,b' }, { name: 'ok' }], rows)).toBe(
    'note,"a,b",ok\r\n"\'=HYPERLINK(""x"")",-1.5,\r\n-2.5,3,true\r\n"two\nlines, ""quoted""",0,false\r\n',
  );
});

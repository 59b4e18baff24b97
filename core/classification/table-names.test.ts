/** Names of tables that are files: folders and ending stay in the keys of runs and reviews, and are no words. */

import fc from 'fast-check';
import { tableNameParts, tableWords } from './table-names.ts';

test.each([
  ['orders', 'orders'],
  ['orders.csv', 'orders'],
  ['exports/2024/Orders.CSV.gz', 'Orders'],
  ['lake/book.xlsx#Rates #2', 'book Rates #2'],
  ['all.zip#inner/customers.csv', 'customers'],
  ['book#People', 'book#People'],
  ['sales.v2', 'sales.v2'],
  ['csv', 'csv'],
  ['.csv', '.csv'],
])('of the table %j the words are %j', (name, words) => {
  expect(tableWords(name)).toBe(words);
});

test('the parts of a name are the name', () => {
  const name = fc.stringMatching(
    /^[a-z/#.]{0,6}(orders|a b)?(\.csv|\.xlsx|\.tar\.gz|\.gz|\.x)?(#[a-z.]{0,5})?$/,
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), name), (each) => {
      const { folders, stem, ending, part } = tableNameParts(each);
      expect(folders + stem + ending + part).toBe(each);
    }),
  );
});

import { readFileSync } from 'node:fs';
import { columnKeys } from './column-keys.ts';

/** Tables of names with their keys, to which sandbox/tests/tables/test_kinds.py holds the plan's. */
const KEYED: [string, string][][] = JSON.parse(readFileSync('sandbox/tests/tables/column_keys.json', 'utf8'));

test.each(KEYED)('keys are those of a plan: %j', (...table) => {
  expect([...columnKeys(table.map(([name]) => name))]).toEqual(table);
});

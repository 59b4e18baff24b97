import { expect, test } from '@jest/globals';
import { RecentValues } from './recent-values.ts';

test('a value is made once while it is among the last that were asked for', () => {
  const values = new RecentValues<string>(2);
  const made: string[] = [];
  const ask = (key: string) => values.get(key, () => `${made.push(key)}`);
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) ask(key);
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});

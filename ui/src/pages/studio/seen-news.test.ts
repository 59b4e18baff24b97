import { expect, test } from '@jest/globals';
import { toSeen } from './seen-news.ts';

test('only tabs and their numbers are taken from what was kept', () => {
  expect(toSeen({ report: 7, metrics: '8', elsewhere: 9 })).toEqual([['report', 7]]);
  for (const odd of [null, 'report', 3, []]) expect(toSeen(odd)).toEqual([]);
});

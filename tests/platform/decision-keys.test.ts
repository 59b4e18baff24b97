/** The keys of the ledger in words: each has an order that the offline agent reads as the change, or says why not. */

import { DECIDED_KEYS, SPOKEN_KEYS, wishes } from './decision-keys.ts';
import { changesSpoken } from './spoken-changes.ts';

test.each(SPOKEN_KEYS.map((row) => [row.key, row.order, row] as const))(
  '%s is changed by “%s”',
  (key, order, row) => {
    const { changes } = changesSpoken(order);
    const asked = row.key === 'target' ? [{ key: 'target', value: row.value }] : wishes(row);
    expect(changes).toEqual(expect.arrayContaining(asked));
    expect(changes.some((change) => change.key === key)).toBe(true);
  },
);

test('every other key says why words do not change it', () => {
  const reasons = DECIDED_KEYS.flatMap(({ words }) => ('none' in words ? [words.none] : []));
  expect(reasons).toHaveLength(DECIDED_KEYS.length - SPOKEN_KEYS.length);
  expect(reasons.filter((reason) => reason.split(' ').length < 5)).toEqual([]);
});

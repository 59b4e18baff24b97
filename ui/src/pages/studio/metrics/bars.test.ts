/** Values of one step as bars, whatever a number holds, from 5e−320 to 1.8e308. */

import { expect, test } from '@jest/globals';
import { bars } from './bars.ts';

test('bars of positive values begin at the left', () => {
  expect(bars([1, 2, 0])).toEqual({
    zero: 0,
    bars: [
      { left: 0, width: 50 },
      { left: 0, width: 100 },
      { left: 0, width: 0 },
    ],
  });
});

test('a negative value lies left of zero, and a better one is never the shorter for it', () => {
  expect(bars([-3, 1])).toEqual({
    zero: 75,
    bars: [
      { left: 0, width: 75 },
      { left: 75, width: 25 },
    ],
  });
  expect(bars([-2])).toEqual({ zero: 100, bars: [{ left: 0, width: 100 }] });
});

test('what is no number has no bar', () => {
  expect(bars([null, Number.POSITIVE_INFINITY, 4])).toEqual({
    zero: 0,
    bars: [null, null, { left: 0, width: 100 }],
  });
  expect(bars([])).toEqual({ zero: 0, bars: [] });
});

test('bars between the ends of what a number holds have a length', () => {
  expect(bars([-1e308, 1e308])).toEqual({
    zero: 50,
    bars: [
      { left: 0, width: 50 },
      { left: 50, width: 50 },
    ],
  });
});

/** The lists are read again when a session came or went, and not for a change of one that they have no room for. */

import { expect, test } from '@jest/globals';
import type { Session } from '../api/types.ts';
import { isOutOfDate } from './list-changes.ts';

const session = (day: number): Session =>
  ({ id: `s${day}`, created_at: `2026-11-${String(day).padStart(2, '0')}T00:00:00.000Z` }) as Session;
const listed = [session(9), session(7), session(5)];
const changed = (day: number) => new Map([[`s${day}`, session(day)]]);
const gone = (day: number) => new Map([[`s${day}`, null]]);

test.each([
  ['a newer one', changed(10), 3, true],
  ['one between them', changed(6), 3, true],
  ['one that is listed', changed(7), 3, false],
  ['one that is older than a full list', changed(4), 3, false],
  ['one that is older, where there is room', changed(4), 4, true],
  ['a listed one that is gone', gone(7), 3, true],
  ['another one that is gone', gone(4), 3, true],
])('%s', (_what, changes, most, expected) => {
  expect(isOutOfDate(changes, listed, most)).toBe(expected);
});

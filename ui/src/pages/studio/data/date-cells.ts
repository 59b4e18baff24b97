/** Moments as people read them: a column whose times are all midnight holds dates. */

import type { Row } from '../../../lib/grid/row-pages.ts';
import { kindOf } from './column-profile.ts';

const MIDNIGHT = /^(\d{4,}-\d\d-\d\d)[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]00(?::?00)?)?$/;

/** The rows with dates in place of midnights, in each column that holds nothing else in these rows. */
export function withDates(rows: readonly Row[], columns: readonly { type: string }[]): Row[] {
  const dates = new Set(
    columns.flatMap(({ type }, place) => (kindOf(type) === 'date' && holdsDates(rows, place) ? [place] : [])),
  );
  if (dates.size === 0) return [...rows];
  return rows.map((row) =>
    row.map((cell, place) =>
      dates.has(place) && typeof cell === 'string' ? cell.slice(0, cell.search(/[T ]/)) : cell,
    ),
  );
}

function holdsDates(rows: readonly Row[], place: number): boolean {
  const cells = rows.map((row) => row[place]).filter((cell) => cell !== null && cell !== undefined);
  return cells.length > 0 && cells.every((cell) => typeof cell === 'string' && MIDNIGHT.test(cell));
}

/** A query's answer as a CSV file. */

import type { Cell, Row } from '../../../lib/grid/row-pages.ts';

/** A spreadsheet would run text that begins so (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** RFC 4180, with a header; text that a spreadsheet would run is marked as text. */
export function toCsv(columns: readonly { name: string }[], rows: readonly Row[]): string {
  const lines = [columns.map(({ name }) => cellText(name)), ...rows.map((row) => row.map(cellText))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = FORMULA.test(cell) && !Number.isFinite(Number(cell)) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as a CSV file. */

import type { Cell, Row } from '../grid/row-pages.ts';

/** A spreadsheet would run text that begins so (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/**
 * RFC 4180; text that a spreadsheet would run is marked as text.
 * @param columns of the header; null: further rows of a file that has one
 */
export function toCsv(columns: readonly { name: string }[] | null, rows: readonly Row[]): string {
  const header = columns === null ? [] : [columns.map(({ name }) => cellText(name))];
  const lines = [...header, ...rows.map((row) => row.map(cellText))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = FORMULA.test(cell) && !Number.isFinite(Number(cell)) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

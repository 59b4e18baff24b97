/** Rows of comma-separated text (RFC 4180) with the line on which each begins. */

import { VocabularyError } from './vocabulary-error.ts';

export interface CsvRow {
  /** From 1. */
  line: number;
  cells: string[];
}

/**
 * One pass over the text, whatever it holds.
 *
 * @throws VocabularyError for a quote that does not end
 */
export function readCsv(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let row: CsvRow = { line: 1, cells: [] };
  let line = 1;
  for (let at = 0; at <= text.length; ) {
    const { value, end } = text[at] === '"' ? quotedCell(text, at, line) : plainCell(text, at);
    row.cells.push(value);
    line += lineEndsIn(text, at, end);
    at = end + 1;
    if (text[end] === ',') continue;
    rows.push(row);
    if (text[end] === '\r' && text[end + 1] === '\n') at += 1;
    line += 1;
    row = { line, cells: [] };
  }
  return rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
}

/** Rows by the names in the first one; a cell that lacks is empty. @throws as readCsv */
export function readCsvRecords(text: string): Record<string, string>[] {
  const [head, ...rows] = readCsv(text.replace(/^\ufeff/, ''));
  const names = (head?.cells ?? []).map((name) => name.trim());
  return rows.map(({ cells }) => Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])));
}

interface Cell {
  value: string;
  /** Where the comma or line end behind it stands, or the text's end. */
  end: number;
}

function plainCell(text: string, from: number): Cell {
  let end = from;
  while (end < text.length && !',\r\n'.includes(text[end] ?? '')) end += 1;
  return { value: text.slice(from, end), end };
}

function quotedCell(text: string, from: number, line: number): Cell {
  const parts: string[] = [];
  for (let at = from + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote === -1) throw new VocabularyError('A quote begins here that does not end.', line);
    parts.push(text.slice(at, quote));
    if (text[quote + 1] !== '"') {
      const { value, end } = plainCell(text, quote + 1);
      return { value: parts.join('"') + value, end };
    }
    at = quote + 2;
  }
}

function lineEndsIn(text: string, from: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

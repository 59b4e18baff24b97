import type { ColumnProfile, TableProfile } from '../../lib/api/types.ts';

/** The cells of a preview's row in the columns' order; rows come as objects or as lists. */
export function cellsOf(row: unknown, columns: readonly ColumnProfile[]): string[] {
  if (Array.isArray(row)) return columns.map((column, at) => shown(row[at], column));
  if (typeof row !== 'object' || row === null) return columns.map(() => '');
  const cells = new Map<string, unknown>(Object.entries(row));
  return columns.map((column) => shown(cells.get(column.name), column));
}

/** Words that stand for a missing number: the preview has the cells as the file writes them. */
const NO_NUMBER = /^(n\.?\/?a\.?|nan|null|none|missing|[-?.]+)$/i;

/** A cell as text; '' where it is missing. */
function shown(cell: unknown, column: ColumnProfile): string {
  const words = text(cell);
  return isNumeric(column) && NO_NUMBER.test(words.trim()) ? '' : words;
}

const text = (cell: unknown): string => (cell === null || cell === undefined ? '' : String(cell));

/** Share of missing cells, 0 to 1; 0 where it is not known. */
export const missingShare = ({ missing = 0 }: ColumnProfile, rows: number): number =>
  rows > 0 ? missing / rows : 0;

/** What a column is, as reports say it; profiles of older versions have a coarser word. */
export const kindOf = ({ kind_words, type }: ColumnProfile): string => kind_words ?? type;

const NUMBERS = ['number', 'integer', 'float', 'decimal'];
export const isNumeric = ({ type }: ColumnProfile): boolean => NUMBERS.includes(type);

/** How many columns are drawn: wide tables show their first and say how many there are. */
export const SHOWN_COLUMNS = 60;
export const shownColumns = ({ columns }: TableProfile): ColumnProfile[] => columns.slice(0, SHOWN_COLUMNS);

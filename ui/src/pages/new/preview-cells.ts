import type { ColumnProfile } from '../../lib/api/types.ts';

/** A preview's cells of some `columns` of the table; rows come as objects or as lists. */
export function cellsOf(
  row: unknown,
  columns: readonly ColumnProfile[],
  all: readonly ColumnProfile[],
): string[] {
  if (Array.isArray(row)) return columns.map((column) => shown(row[all.indexOf(column)], column));
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

/** How many columns are drawn: wide tables show their first, say how many there are, and are searched. */
export const SHOWN_COLUMNS = 60;

/** The first of those whose name has the words searched for. */
export function foundColumns(columns: readonly ColumnProfile[], search: string): ColumnProfile[] {
  const words = search.trim().toLowerCase();
  const found = words === '' ? columns : columns.filter(({ name }) => name.toLowerCase().includes(words));
  return found.slice(0, SHOWN_COLUMNS);
}

import type { ColumnProfile, TableProfile } from '../../lib/api/types.ts';

/** The cells of a preview's row in the columns' order; rows come as objects or as lists. */
export function cellsOf(row: unknown, columns: readonly ColumnProfile[]): string[] {
  if (Array.isArray(row)) return columns.map((_, at) => text(row[at]));
  if (typeof row !== 'object' || row === null) return columns.map(() => '');
  const cells = new Map<string, unknown>(Object.entries(row));
  return columns.map(({ name }) => text(cells.get(name)));
}

const text = (cell: unknown): string => (cell === null || cell === undefined ? '' : String(cell));

/** Share of missing cells, 0 to 1; 0 where it is not known. */
export const missingShare = ({ missing = 0 }: ColumnProfile, rows: number): number =>
  rows > 0 ? missing / rows : 0;

const NUMBERS = ['number', 'integer', 'float', 'decimal'];
export const isNumeric = ({ type }: ColumnProfile): boolean => NUMBERS.includes(type);

/** How many columns are drawn: wide tables show their first and say how many there are. */
export const SHOWN_COLUMNS = 60;
export const shownColumns = ({ columns }: TableProfile): ColumnProfile[] => columns.slice(0, SHOWN_COLUMNS);

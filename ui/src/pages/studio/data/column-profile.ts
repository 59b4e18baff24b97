/** What a column's header tells: its kind, how much is missing, and the shape of its values as a few bars. */

import type { ColumnSummary } from '../../../lib/api/answers.ts';
import { formatCount, formatFixed, formatNumber } from '../../../lib/format/numbers.ts';

export interface Bar {
  /** share of the tallest bar, from 0 to 1 */
  height: number;
  title: string;
}

const NUMERIC =
  /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|UHUGEINT|FLOAT|DOUBLE|DECIMAL)/;

export const isNumeric = (type: string): boolean => NUMERIC.test(type);

/** What a column is: the plan's kind in a report's words, or a word for SQL's type where no plan knows the column. */
export const kindWords = ({ type, kind_words }: { type: string; kind_words?: string | undefined }): string =>
  kind_words ?? kindOf(type);

/** The same with SQL's type behind it, for who writes a query. */
export const kindAndType = (column: { type: string; kind_words?: string | undefined }): string =>
  column.kind_words ? `${column.kind_words} · ${column.type.toLowerCase()}` : column.type.toLowerCase();

/** A word for SQL's type. */
export function kindOf(type: string): 'number' | 'date' | 'yes or no' | 'text' {
  if (isNumeric(type)) return 'number';
  if (/^(DATE|TIME)/.test(type)) return 'date';
  return type === 'BOOLEAN' ? 'yes or no' : 'text';
}

/** Bars of a histogram, or of the most frequent values. */
export function barsOf({ histogram = [], top_values = [] }: ColumnSummary): Bar[] {
  const bars =
    histogram.length > 0
      ? histogram.map(({ from, to, count }) => ({ count, name: `${digits(from)} to ${digits(to)}` }))
      : top_values.map(({ value, count }) => ({ count, name: value === null ? 'missing' : String(value) }));
  const tallest = Math.max(1, ...bars.map((bar) => bar.count));
  return bars.map(({ count, name }) => ({
    height: count / tallest,
    title: `${name}: ${formatCount(count)}`,
  }));
}

/** Share of missing values as text; '' where none is missing, never 0 % for a few. */
export function missingShare(missing: number, rows: number): string {
  if (missing === 0 || rows === 0) return '';
  const share = (100 * missing) / rows;
  return share < 1
    ? '<1 % missing'
    : `${formatFixed(Math.min(share, missing < rows ? 99 : 100), 0)} % missing`;
}

/** One sentence for the header's tooltip and for screen readers. */
export function sentenceOf(column: ColumnSummary, rows: number): string {
  const parts = [
    column.kind_words ? `${column.kind_words} (in SQL ${column.type})` : kindOf(column.type),
    `${formatCount(column.distinct)} distinct`,
  ];
  if (typeof column.min === 'number' && typeof column.max === 'number') {
    parts.push(`${digits(column.min)} to ${digits(column.max)}`);
  }
  if (typeof column.mean === 'number') parts.push(`mean ${digits(column.mean)}`);
  parts.push(missingShare(column.missing, rows) || 'none missing');
  return `${column.name}: ${parts.join(', ')}`;
}

const digits = formatNumber;

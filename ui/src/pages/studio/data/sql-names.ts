/** The names that a query can hold: the session's tables and their columns, as completions and as quoted text. */

import type { Completion } from '@codemirror/autocomplete';
import { quoteName } from '../../../lib/grid/table-query.ts';
import { kindAndType } from './column-profile.ts';

export interface Table {
  name: string;
  columns: readonly { name: string; type: string; kind_words?: string | undefined }[];
}

const PLAIN = /^[a-z_][a-z0-9_]*$/i;
/** DuckDB's reserved words: as names they stand in quotes. */
const RESERVED = new Set(
  `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default
  deferrable desc describe distinct do else end except false fetch for foreign from group having in initially intersect
  into lambda lateral leading limit not null offset on only or order pivot pivot_longer pivot_wider placing primary
  qualify references returning select show some summarize symmetric table then to trailing true union unique unpivot
  using variadic when where window with`.split(/\s+/),
);

/** A name as a query holds it: in quotes where it needs them. */
export const sqlName = (name: string): string =>
  PLAIN.test(name) && !RESERVED.has(name.toLowerCase()) ? name : quoteName(name);

/** What is completed after each table's name; each column says its kind and its type. */
export function completionsOf(tables: readonly Table[]): Record<string, Completion[]> {
  return Object.fromEntries(
    tables.map(({ name, columns }) => [
      name,
      columns.map((column) => ({
        label: column.name,
        detail: kindAndType(column),
        type: 'property',
        apply: sqlName(column.name),
      })),
    ]),
  );
}

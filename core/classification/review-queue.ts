/**
 * In which order a person's decisions settle most: undecided columns that are alike are settled by one decision, so
 * the largest such group comes first, and of equal ones that of which less is known.
 *
 * Alike are columns of which all of this is equal: the words of the name, what is predicted, and the forms and lists
 * that their values have. So what is right of one is likely right of all.
 */

import type { ColumnKey } from './records.ts';
import type { ColumnPlace } from './stored-columns.ts';

export interface UndecidedColumn extends ColumnKey, ColumnPlace {
  predicted_code: string | null;
  predicted_label: string | null;
  belief: number;
  probability: number;
  /** Forms and lists that count. */
  signals: readonly string[];
}

export interface UndecidedGroup {
  /** Of which least is known; of equal ones that which stands first. */
  first: UndecidedColumn;
  /** All of them, the least sure first. */
  columns: readonly UndecidedColumn[];
}

/** By what columns are alike. @param words of its name */
export const likeness = (column: UndecidedColumn, words: readonly string[]): string =>
  JSON.stringify([words, column.predicted_code, [...column.signals].sort()]);

/** @param wordsOf the words of a name */
export function reviewQueue(
  columns: readonly UndecidedColumn[],
  wordsOf: (name: string) => readonly string[],
): UndecidedGroup[] {
  const groups = new Map<string, UndecidedColumn[]>();
  for (const column of columns) {
    const key = likeness(column, wordsOf(column.column_name));
    const known = groups.get(key);
    if (known) known.push(column);
    else groups.set(key, [column]);
  }
  return [...groups.values()].flatMap(grouped).sort(bySettled);
}

function grouped(columns: readonly UndecidedColumn[]): UndecidedGroup[] {
  const sorted = [...columns].sort(byDoubt);
  const [first] = sorted;
  return first === undefined ? [] : [{ first, columns: sorted }];
}

const bySettled = (one: UndecidedGroup, other: UndecidedGroup): number =>
  other.columns.length - one.columns.length || byDoubt(one.first, other.first);

const byDoubt = (one: UndecidedColumn, other: UndecidedColumn): number =>
  one.belief - other.belief ||
  one.table_position - other.table_position ||
  one.column_position - other.column_position;

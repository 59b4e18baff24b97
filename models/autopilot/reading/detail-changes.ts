/** Orders of how cells are read, of features and of the threshold, as changes of the ledger. */

import type { DecisionChange } from '../../../core/decision-changes.ts';
import type { Decided } from './decided-so-far.ts';
import { type Detail, type DetailAbout, keyOfDetail } from './detail.ts';

export interface DetailedTable {
  columns: readonly string[];
  /** Columns that order rows, and those of text, as far as they are known. */
  dates?: readonly string[];
  texts?: readonly string[];
  decided: Decided;
}

/** None where it names no column and none is known that it can concern. */
export function detailChanges(detail: Detail, table: DetailedTable): DecisionChange[] {
  const { about, value } = detail;
  const { decided } = table;
  if (about === 'threshold' || about === 'problem') return [{ key: about, value }];
  if (about === 'lines')
    return [{ key: 'rows.left_out', value: listAfter(detail, 'rows.left_out', decided) }];
  return concerned(detail, table).map((name) => {
    const key = keyOfDetail(about, decided.keyOf(name));
    return { key, value: about === 'missing' ? listAfter(detail, key, decided) : value };
  });
}

/** The columns that are named, else all that it can concern. */
function concerned(
  { about, columns, value }: Detail,
  { dates = [], texts = [], ...table }: DetailedTable,
): readonly string[] {
  if (columns.length > 0) return columns;
  const isOfDates =
    about === 'date_order' || (about === 'features' && (value === 'parts' || value === 'elapsed'));
  if (isOfDates) return dates;
  if (about === 'texts') return texts;
  return about === 'decimal' ? decidedAbout(about, table) : [];
}

/** Columns of which it was decided already: the table raises the question there. */
const decidedAbout = (
  about: DetailAbout,
  { columns, decided }: Pick<DetailedTable, 'columns' | 'decided'>,
): string[] =>
  columns.filter((name) => decided.heldOf(keyOfDetail(about, decided.keyOf(name))) !== undefined);

/** What is in force with the texts, or lines, of the order; without them where it denies them. */
function listAfter({ value, denied = false }: Detail, key: string, decided: Decided): unknown[] {
  const held = decided.heldOf(key);
  const before: unknown[] = Array.isArray(held) ? held : [];
  const named: readonly unknown[] = Array.isArray(value) ? value : [value];
  return denied ? before.filter((each) => !named.includes(each)) : [...new Set([...before, ...named])];
}

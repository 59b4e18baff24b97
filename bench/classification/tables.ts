/**
 * Labelled tables in the documented form: `tables/*.csv`, `labels.csv` with table, column, code and, where they are
 * known, part and header, and `vocabulary.csv` or `vocabulary.json`.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ColumnSample } from '../../classification/column.ts';
import { readCsv, readCsvRecords } from '../../classification/vocabulary/csv.ts';
import { readVocabulary, type Vocabulary } from '../../classification/vocabulary/vocabulary.ts';

/** As many values as a source samples of a column. */
const SAMPLE_SIZE = 50;
/** The part of tables that say none. */
const ONLY_PART = 'all';

/** Code of the right term; null: none of the vocabulary's is. */
export interface ColumnLabel {
  code: string | null;
}

export interface LabelledColumn {
  sample: ColumnSample;
  /** null: nobody has labelled it, and it only stands beside the others. */
  label: ColumnLabel | null;
  /** Its header is labelled as one that says little or something else. */
  isUnclear: boolean;
}

const UNCLEAR = new Set(['opaque', 'misleading']);

export interface LabelledTable {
  table: string;
  part: string;
  columns: LabelledColumn[];
}

/** @throws Error for a folder that is not so, or labels of columns that there are not */
export function readTables(folder: string): LabelledTable[] {
  const labels = readCsvRecords(readFileSync(join(folder, 'labels.csv'), 'utf8'));
  return [...groupedBy(labels, ({ table = '' }) => table)].map(([table, rows]) => {
    const columns = columnsOf(join(folder, 'tables', `${table}.csv`), table);
    for (const { column = '', code = '', header = '' } of rows) {
      const found = columns.find(({ sample }) => sample.name === column);
      if (found === undefined) throw new Error(`labels.csv names ${table}.${column}, which is no column.`);
      found.label = { code: code === '' ? null : code };
      found.isUnclear = UNCLEAR.has(header);
    }
    return { table, part: rows[0]?.part || ONLY_PART, columns };
  });
}

/** @throws Error where there is none, VocabularyError where it cannot be used */
export function vocabularyIn(folder: string): Vocabulary {
  const file = ['vocabulary.csv', 'vocabulary.json'].map((name) => join(folder, name)).find(existsSync);
  if (file === undefined) throw new Error(`${folder} has no vocabulary.csv and no vocabulary.json.`);
  return readVocabulary(readFileSync(file, 'utf8'));
}

function columnsOf(file: string, table: string): LabelledColumn[] {
  const [head, ...rows] = readCsv(readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
  return (head?.cells ?? []).map((name, at) => {
    const cells = rows.map(({ cells: row }) => row[at] ?? '').filter((cell) => cell.trim() !== '');
    return { sample: { name, table, values: evenly(cells, SAMPLE_SIZE) }, label: null, isUnclear: false };
  });
}

/** In the order in which the keys come first. */
export function groupedBy<T>(list: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of list) {
    const key = keyOf(each);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return groups;
}

/** So many of a list, evenly over it. */
const evenly = (list: readonly string[], most: number): string[] =>
  list.length <= most
    ? [...list]
    : Array.from({ length: most }, (_, at) => list[Math.floor((at * list.length) / most)] ?? '');

/** As if nobody had written headers: col_1, col_2, …, and no table's name. */
export const withoutHeaders = (table: LabelledTable): LabelledTable => ({
  ...table,
  columns: table.columns.map(({ sample, ...rest }, at) => ({
    ...rest,
    sample: { name: `col_${at + 1}`, values: sample.values },
  })),
});

/** Each column under the header of the next one: what a reader of headers and values must be wrong about. */
export const shifted = (table: LabelledTable): LabelledTable => ({
  ...table,
  columns: table.columns.map(({ sample: own, ...rest }, at) => ({
    ...rest,
    sample: table.columns[(at + 1) % table.columns.length]?.sample ?? own,
  })),
});

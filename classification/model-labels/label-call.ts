/** Which columns are asked about together: of one table, and so many that the answer and the vocabulary have room. */

import type { BoundedColumn } from '../column.ts';

export interface AskedColumn {
  /** Of the column in its run, as the caller knows it. */
  key: string;
  column: BoundedColumn;
  /** Codes that other sources hold possible, the likeliest first: what is listed of a vocabulary that is too big. */
  candidates: readonly string[];
}

/** One column is written in two ways: where both give one answer, that is worth more than the model's word. */
export const WRITINGS = ['lines', 'records'] as const;
export type Writing = (typeof WRITINGS)[number];

export interface LabelCall {
  table: string;
  columns: readonly AskedColumn[];
  writing: Writing;
  /** How often columns of it were asked again because their code was none of the vocabulary's. */
  repairs: number;
  /** How often they were asked again because they had no answer. */
  repeats: number;
  /** Codes that came and are none, by key. */
  refused: Readonly<Record<string, string>>;
  /** Codes for which other evidence speaks, the likeliest first, by key: of columns that are asked about again. */
  hints: Readonly<Record<string, readonly string[]>>;
}

const MOST_COLUMNS = 25;
const LEAST_COLUMNS = 5;
/** Terms up to which so many columns are asked about at once. */
const MANY_TERMS = 400;

/** Fewer for a vocabulary that takes much of the model's attention. */
export const columnsACall = (terms: number): number =>
  Math.max(
    LEAST_COLUMNS,
    Math.min(MOST_COLUMNS, Math.floor((MOST_COLUMNS * MANY_TERMS) / Math.max(1, terms))),
  );

/** Calls about all columns in one writing, table by table, in their order. */
export function labelCalls(
  columns: readonly AskedColumn[],
  { terms, writing, hints = {} }: { terms: number; writing: Writing; hints?: LabelCall['hints'] },
): LabelCall[] {
  const tables = new Map<string, AskedColumn[]>();
  for (const each of columns) {
    const known = tables.get(each.column.table);
    if (known) known.push(each);
    else tables.set(each.column.table, [each]);
  }
  return [...tables].flatMap(([table, own]) =>
    chunks(own, columnsACall(terms)).map((some) => firstCall(table, some, { writing, hints })),
  );
}

const firstCall = (
  table: string,
  columns: readonly AskedColumn[],
  { writing, hints }: Pick<LabelCall, 'writing' | 'hints'>,
): LabelCall => ({
  ...{ table, columns, writing },
  ...{ repairs: 0, repeats: 0, refused: {}, hints },
});

/** Lists of equal length, as near as can be. */
function chunks<T>(list: readonly T[], most: number): T[][] {
  const count = Math.ceil(list.length / most);
  return Array.from({ length: count }, (_, at) =>
    list.slice(Math.floor((at * list.length) / count), Math.floor(((at + 1) * list.length) / count)),
  );
}

/** The two halves of a call whose answer was cut. */
export function halves(call: LabelCall): LabelCall[] {
  const middle = Math.ceil(call.columns.length / 2);
  return [call.columns.slice(0, middle), call.columns.slice(middle)]
    .filter((columns) => columns.length > 0)
    .map((columns) => ({ ...call, columns }));
}

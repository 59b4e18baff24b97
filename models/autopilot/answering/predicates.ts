/** Columns that are said of the rows which a question counts. */

import * as conditionsWords from '../vocabulary/conditions.ts';
import { oneOf } from '../vocabulary/lines.ts';
import type { TableColumn } from './table-words.ts';

export interface Predicate {
  column: string;
  /** `is`: its yes where it has two values; `there`: any value. */
  polarity: 'is' | 'is not' | 'there' | 'missing';
}

/** Columns that the rows to be counted are said to have: "survived", "did not survive", "have a cabin", "no age". */
export function predicatesIn(
  words: string,
  {
    columns,
    comparisons,
    table,
  }: {
    columns: readonly TableColumn[];
    comparisons: readonly { column: string }[];
    table: readonly TableColumn[];
  },
): Predicate[] {
  return columns.flatMap(({ name }): Predicate[] => {
    if (comparisons.some(({ column }) => column === name)) return [];
    const mark = `⟦${table.findIndex((column) => column.name === name)}⟧`;
    const before = words.slice(0, words.indexOf(mark));
    if (LACKING.test(before)) return [{ column: name, polarity: 'missing' }];
    if (HAVING.test(before)) return [{ column: name, polarity: 'there' }];
    return [{ column: name, polarity: DENYING.test(before) ? 'is not' : 'is' }];
  });
}

const LACKING = new RegExp(
  `\\b${oneOf(conditionsWords.LACKING)}(?: ${oneOf(conditionsWords.BEFORE_A_COLUMN)})* $`,
);
const HAVING = new RegExp(
  `\\b${oneOf(conditionsWords.HAVING)}(?: ${oneOf(conditionsWords.BEFORE_A_COLUMN)})* $`,
);
const DENYING = new RegExp(
  `\\b${oneOf(conditionsWords.DENYING)}(?: ${oneOf(conditionsWords.AFTER_A_DENIAL)})* $`,
);

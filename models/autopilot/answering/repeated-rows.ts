/** How many rows repeat others: in all columns, or in those that are named. */

import { listed, number } from '../prose.ts';
import { anyOf } from '../vocabulary/lines.ts';
import { REPEATED } from '../vocabulary/measures.ts';
import { COUNTING } from '../vocabulary/questions.ts';
import { quoted, type Statement, share } from './statement.ts';
import type { TableColumn } from './table-words.ts';

const REPEATS = anyOf(REPEATED);
const COUNTED = anyOf(COUNTING);
const THERE = /\b(?:are there|is there|any)\b/;

/** True where the words ask how many rows repeat others, not what became of them. */
export const asksForRepeats = (words: string): boolean =>
  REPEATS.test(words) && (COUNTED.test(words) || THERE.test(words));

/** @param named the columns in which they are to be the same; none: all of the table's */
export function repeatedRows(named: readonly TableColumn[], table: readonly TableColumn[]): Statement {
  const all = named.length === 0;
  const distinct = all ? '*' : named.map(({ name }) => quoted(name)).join(', ');
  const columns = all
    ? `all ${number(table.length)} columns of the upload`
    : listed(
        named.map(({ name }) => name),
        12,
      );
  return {
    sql: `select count(*) as n, (select count(*) from (select distinct ${distinct} from dataset)) as d from dataset`,
    tell: ([[n, d] = [] as unknown[]]) => {
      const repeats = Number(n) - Number(d);
      if (repeats === 0) return `No row of the upload’s ${number(n)} repeats another in ${columns}.`;
      return (
        `${number(repeats)} of the upload’s ${number(n)} rows (${share(repeats, n)}) ` +
        `${repeats === 1 ? 'repeats' : 'repeat'} an earlier one in ${columns}.`
      );
    },
  };
}

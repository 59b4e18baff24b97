/** Rows with the greatest or the least of something: "who is the oldest", "the 5 cheapest", "top 3 by fare". */

import { counted, number } from '../prose.ts';
import { anyOf, oneOf } from '../vocabulary/lines.ts';
import * as vocabulary from '../vocabulary/measures.ts';
import { LEAST, MOST } from '../vocabulary/questions.ts';
import { ROW_NOUNS } from '../vocabulary/rows.ts';
import { cellWords, type Limits, quoted, type Statement } from './statement.ts';
import type { TableColumn } from './table-words.ts';

export interface Ranked {
  column: TableColumn;
  direction: 'highest' | 'lowest';
  /** How many rows; null for those alone that have the extreme. */
  most: number | null;
}

/** Rows that are told, and columns of each. */
const MOST_ROWS = 20;
const MOST_COLUMNS = 8;
const LONGEST_CELL = 60;

const NUMERAL = new Map(vocabulary.NUMBER_WORDS.map((line) => line.split(' ') as [string, string]));
const COUNT = `\\d+|${oneOf([...NUMERAL.keys()])}`;
const NOUNS = `(?:(?:of|the|row|${oneOf(ROW_NOUNS)}) )`;
const FIRST = oneOf([...vocabulary.FIRST_OF, ...vocabulary.LAST_OF]);
const EXTREME = oneOf([...MOST, ...LEAST, 'most', 'fewest']);
const UP = new Set([...MOST, 'most', 'highest']);
const WHO = `(?:${oneOf(vocabulary.WHO)}|which (?:of the )?(?:one|${oneOf(ROW_NOUNS)}))`;
/** Each with the direction's word, the column's place and the count. */
const FORMS: readonly RegExp[] = [
  new RegExp(
    `(?:\\b(?<n>${COUNT}) ${NOUNS}{0,3})?⟦(?<of>highest|lowest)⟧ ⟦(?<at>\\d+)⟧` +
      `(?: (?<last>${COUNT})(?![\\d.,]*\\d)(?! ⟦))?`,
  ),
  new RegExp(`\\b(?<of>${FIRST}) (?<n>${COUNT}) (?:[a-z]+ ){0,3}?⟦(?<at>\\d+)⟧`),
  new RegExp(`\\b(?<n>${COUNT}) (?:[a-z]+ ){0,4}?(?<of>${FIRST}) ⟦(?<at>\\d+)⟧`),
  new RegExp(`\\b${WHO} (?:[a-z]+ ){0,3}?(?<of>${EXTREME}) ⟦(?<at>\\d+)⟧`),
];
const LAST = anyOf(vocabulary.LAST_OF);

const NAMES = new Set(vocabulary.NAMING);
/** It says which row it is: `name`, `customer_id`. */
const isNaming = ({ name }: TableColumn): boolean =>
  name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .some((word) => NAMES.has(word));

/** What is ranked in a text with its columns marked, and the text without the count of rows. */
export function rankedIn(
  words: string,
  table: readonly TableColumn[],
): { ranked: Ranked | null; rest: string } {
  for (const form of FORMS) {
    const found = form.exec(words);
    const column = table[Number(found?.groups?.at)];
    if (found === null || column === undefined || column.kind === 'category') continue;
    const count = found.groups?.n ?? found.groups?.last;
    const of = found.groups?.of ?? '';
    const direction = UP.has(of) && !LAST.test(of) ? 'highest' : 'lowest';
    const most = count === undefined ? null : Number(NUMERAL.get(count) ?? count);
    const whole =
      count === undefined ? found[0] : found[0].replace(new RegExp(`(^|\\s)${count}(?=\\s|$)`), ' ');
    const rest = words.slice(0, found.index) + whole + words.slice(found.index + found[0].length);
    return { ranked: { column, direction, most: most === 0 ? null : most }, rest };
  }
  return { ranked: null, rest: words };
}

/** The rows, with what says which they are, then the columns named and the table's in their order. */
export function rankedRows(
  { column, direction, most }: Ranked,
  shown: readonly TableColumn[],
  { where, among }: Limits,
): Statement {
  const name = quoted(column.name);
  const columns = [...new Set([column, ...shown.filter(isNaming), ...shown])].slice(0, MOST_COLUMNS);
  const order = direction === 'highest' ? 'desc' : 'asc';
  const rows = Math.min(most ?? 1, MOST_ROWS);
  const and = where === '' ? ' where ' : `${where} and `;
  return {
    sql:
      `select count(*) over () as n, * from (select ${columns.map((each) => quoted(each.name)).join(', ')} ` +
      `from dataset${and}${name} is not null qualify rank() over (order by ${name} ${order}) <= ${rows}) ` +
      `order by ${name} ${order} limit ${MOST_ROWS}`,
    tell: (found) => tellRanked(found, { columns, direction, rows, among }),
  };
}

interface Ranking {
  columns: readonly TableColumn[];
  direction: Ranked['direction'];
  rows: number;
  among: string;
}

function tellRanked(found: unknown[][], { columns, direction, rows, among }: Ranking): string {
  const [column, ...others] = columns;
  const name = `\`${column?.name}\``;
  if (found.length === 0) return `No row of the upload${among} has a value of ${name}.`;
  const n = Number(found[0]?.[0]);
  const each = found.map(([, value, ...cells]) => {
    const more = others.map(
      (other, at) => `\`${other.name}\` ${cellWords(cells[at]).slice(0, LONGEST_CELL)}`,
    );
    return `${valueWords(value)} (${more.join(', ')})`;
  });
  const ties = n > rows ? `, ${counted(n, 'row')} as several have the same` : '';
  const left = n > found.length ? ` and ${counted(n - found.length, 'row')} more` : '';
  const which = rows === 1 ? `The ${direction} ${name}` : `The ${rows} ${direction} ${name}`;
  return `${which} in the upload${among}${ties}: ${each.join('; ')}${left}.`;
}

const valueWords = (value: unknown): string => (typeof value === 'number' ? number(value) : cellWords(value));

/**
 * Two groups of rows compared: "are men older than women", "do women survive more often than men". The groups are
 * values of one column, one named before "than" and one behind it; what else is named limits both.
 */

import { number } from '../prose.ts';
import { sameValues } from '../reading/value-words.ts';
import { ABOVE, BELOW } from '../vocabulary/comparisons.ts';
import { anyOf, oneOf } from '../vocabulary/lines.ts';
import * as measures from '../vocabulary/measures.ts';
import { MARK } from './marked-text.ts';
import { type Condition, quoted, type Statement, share } from './statement.ts';
import type { TableColumn } from './table-words.ts';

export interface Compared {
  /** What is compared: the mean of a number, or how often it is true of a row. */
  column: TableColumn;
  more: boolean;
  /** The text before and behind "than". */
  left: string;
  right: string;
}

const THAN = [...ABOVE, ...BELOW].filter((phrase) => phrase.endsWith(' than'));
const UP = new Set(ABOVE);
const COMPARATIVES = THAN.map((phrase) => phrase.replace(/ than$/, ''));
const COMPARED = new RegExp(
  `\\b(${oneOf(COMPARATIVES)})(?: (?:[\\p{L}\\d]+|⟦\\d+⟧)){0,4}? than\\b` +
    `(?! ?-?\\d| ${oneOf(measures.TIMES)}\\b)`,
  'u',
);
const OTHERS = anyOf(measures.THE_OTHERS);
/** Differences of fewer standard errors may be chance. */
const CLEAR = 2;

/** True where something is more or less than another, whether or not a column tells of it. */
export const comparesSomething = (words: string): boolean => COMPARED.test(words);

/** What a text with its columns marked compares; null when it compares no groups. */
export function comparedIn(words: string, table: readonly TableColumn[]): Compared | null {
  const found = COMPARED.exec(words);
  if (found === null) return null;
  const end = found.index + found[0].length;
  const marks = [...words.slice(0, end).matchAll(MARK)].flatMap(({ 1: place }) => table[Number(place)] ?? []);
  const column = marks.findLast(({ kind }) => kind === 'number') ?? marks.at(-1);
  if (column === undefined) return null;
  const left = words.slice(0, found.index) + found[0].replace(/^\S+| than$/g, ' ');
  return { column, more: UP.has(`${found[1]} than`), left, right: words.slice(end) };
}

/** Values that a text says, of those that were found: as the table writes them, in another word, or as a plural. */
export function valuesNamed(text: string, rows: readonly unknown[][]): unknown[][] {
  const named = new Set(text.match(/[\p{L}\p{N}]+/gu) ?? []);
  const isNamed = (word: string) =>
    [word, `${word}s`, `${word}es`, ...sameValues(word)].some((form) => named.has(form));
  return rows.filter(([, value]) =>
    (
      String(value)
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu) ?? []
    ).every(isNamed),
  );
}

/** True where the other side is every row that is not on the first. */
export const isOthers = (text: string): boolean => OTHERS.test(text);

export interface Sides {
  left: Condition;
  right: Condition;
  /** What limits both. */
  both: Condition[];
}

/** The two groups by the conditions of either side; null where they are not values of one column. */
export function sidesOf(
  left: readonly Condition[],
  right: readonly Condition[],
  others: boolean,
): Sides | null {
  const group = left.find(({ column }) => right.some((other) => other.column === column));
  if (group !== undefined) {
    const other = right.find(({ column }) => column === group.column) as Condition;
    // one group beside itself shows nothing
    if (other.sql === group.sql) return null;
    const both = [...left, ...right].filter(({ column }) => column !== group.column);
    return { left: group, right: other, both };
  }
  const [only, ...rest] = left;
  if (!others || right.length > 0 || only === undefined || rest.length > 0) return null;
  const complement = { ...only, sql: `not (${only.sql})`, words: `another value than ${only.words}` };
  return { left: only, right: complement, both: [] };
}

const joined = (conditions: readonly Condition[]): string => conditions.map(({ sql }) => sql).join(' and ');
const inWords = (conditions: readonly Condition[]): string =>
  conditions.map(({ words }) => words).join(' and ');

/** The means of both groups with the standard error of their difference. */
export function meansCompared({ column, more }: Compared, { left, right, both }: Sides): Statement {
  const name = quoted(column.name);
  const of = (side: Condition) => {
    const filter = `filter (where ${joined([...both, side])})`;
    return ['avg', 'median', 'stddev_samp', 'count'].map((what) => `${what}(${name}) ${filter}`).join(', ');
  };
  return {
    sql: `select ${of(left)}, ${of(right)} from dataset`,
    tell: ([row = []]) => {
      const [one, other] = [groupOf(row.slice(0, 4)), groupOf(row.slice(4))];
      const error = Math.sqrt(one.error ** 2 + other.error ** 2);
      const difference = one.mean - other.mean;
      const words = (side: Condition, { mean, median, n }: Group) =>
        `${number(mean)} of rows with ${inWords([...both, side])} (median ${number(median)}, ` +
        `${number(n)} with a value)`;
      return (
        `${verdict({ difference, error, more })} the mean of \`${column.name}\` is ${words(left, one)} and ` +
        `${words(right, other)}: a difference of ${number(difference)} with a standard error of ${number(error)}.`
      );
    },
  };
}

interface Group {
  mean: number;
  median: number;
  error: number;
  n: number;
}

function groupOf([mean, median, deviation, n]: unknown[]): Group {
  const count = Number(n);
  const error = deviation === null ? Number.NaN : Number(deviation) / Math.sqrt(count);
  return { mean: mean === null ? Number.NaN : Number(mean), median: Number(median), error, n: count };
}

/** How often it is true in both groups. */
export function sharesCompared(asked: Condition, more: boolean, { left, right, both }: Sides): Statement {
  const of = (side: Condition) => {
    const rows = joined([...both, side]);
    return `count(*) filter (where ${rows} and ${asked.sql}), count(*) filter (where ${rows})`;
  };
  return {
    sql: `select ${of(left)}, ${of(right)} from dataset`,
    tell: ([row = []]) => {
      const [n = 0, total = 0, m = 0, whole = 0] = row.map(Number);
      const [p, q] = [n / total, m / whole];
      const error = Math.sqrt((p * (1 - p)) / total + (q * (1 - q)) / whole);
      const words = (side: Condition, part: number, all: number) =>
        `${number(part)} of the ${number(all)} rows with ${inWords([...both, side])} (${share(part, all)})`;
      return (
        `${verdict({ difference: p - q, error, more })} ${words(left, n, total)} and ${words(right, m, whole)} ` +
        `have ${asked.words}.`
      );
    },
  };
}

/** Yes, no, or that the difference may be chance. */
function verdict({ difference, error, more }: { difference: number; error: number; more: boolean }): string {
  if (!Number.isFinite(difference)) return 'That cannot be compared, as one group has no value:';
  if (!(Math.abs(difference) > CLEAR * error))
    return 'The rows do not settle it, as the difference may be chance:';
  return difference > 0 === more ? 'Yes:' : 'No:';
}

/**
 * Thresholds in a question: "age over 60", "at least 3 siblings", "under 18". One that stands at no column is about the
 * age where the table has one column of ages; else it is asked back.
 */

import * as comparisonsWords from '../vocabulary/comparisons.ts';
import { oneOf } from '../vocabulary/lines.ts';
import * as measures from '../vocabulary/measures.ts';
import { ROW_NOUNS } from '../vocabulary/rows.ts';
import { OTHER_THAN } from '../vocabulary/units.ts';
import { MARK, NUMBER, numberOf } from './marked-text.ts';
import { ageIn, type Unplaced } from './measured-words.ts';
import type { TableColumn } from './table-words.ts';

export interface Comparison {
  column: string;
  sign: '>' | '>=' | '<' | '<=' | '=' | '<>';
  value: number;
}

type Limit = Omit<Comparison, 'column'>;

/** A threshold in the text, and where. */
interface Threshold {
  limits: Limit[];
  from: number;
  to: number;
  words: string;
}

const SIGNS: [readonly string[], Comparison['sign']][] = [
  [comparisonsWords.AT_LEAST, '>='],
  [comparisonsWords.AT_MOST, '<='],
  [comparisonsWords.ABOVE, '>'],
  [comparisonsWords.BELOW, '<'],
  [comparisonsWords.EQUAL, '='],
  [OTHER_THAN, '<>'],
];
const SIGN_OF = new Map(SIGNS.flatMap(([called, sign]) => called.map((phrase) => [phrase, sign] as const)));
const UNEQUAL = SIGNS.flatMap(([called, sign]) => (sign === '=' || sign === '<>' ? [] : called));
const NUMERAL = new Map(measures.NUMBER_WORDS.map((line) => line.split(' ') as [string, string]));
const SPOKEN_NUMBER = new RegExp(`((?:^|[\\s(])${oneOf(UNEQUAL)} )(${oneOf([...NUMERAL.keys()])})\\b`, 'g');
const END = '(?![\\p{L}\\p{N}])';
const THRESHOLD = new RegExp(
  `\\b(?:between|from|of) ${NUMBER} ?(?:and|to|-|–) ?${NUMBER}${END}|` +
    `(?<=^|[\\s(])(${oneOf([...SIGN_OF.keys()])}) ?${NUMBER}${END}`,
  'gu',
);
/** "class 3" */
const BARE = new RegExp(`^ ${NUMBER}${END}`, 'u');
const BETWEEN_MARK_AND_SIGN = new RegExp(`^(?:[\\s,:(]|\\b${oneOf(measures.BEFORE_A_SIGN)}\\b)*$`);
/** "At least 3 people" counts, and is no age. */
const ROWS_BEHIND = new RegExp(`^ ${oneOf(ROW_NOUNS)}\\b`);
const OLDEST = 130;

/** "At least three" with its number as digits. */
export const withDigits = (text: string): string =>
  text.replace(SPOKEN_NUMBER, (_both, sign: string, word: string) => `${sign}${NUMERAL.get(word)}`);

/** The comparisons of a text with its columns marked, and the thresholds of which the column is not clear. */
export function comparisonsIn(
  words: string,
  table: readonly TableColumn[],
): { comparisons: Comparison[]; unplaced: Unplaced[] } {
  const marks = [...words.matchAll(MARK)].map(({ 0: mark, 1: place, index }) => ({
    column: table[Number(place)],
    from: index,
    to: index + mark.length,
  }));
  const comparisons: Comparison[] = [];
  const unplaced: Unplaced[] = [];
  for (const threshold of thresholdsIn(words)) {
    const before = marks.findLast(({ to }) => to <= threshold.from);
    const after = marks.find(({ from }) => from >= threshold.to);
    const isOf = columnOf(threshold, { words, before, after, table });
    if (typeof isOf === 'string')
      comparisons.push(...threshold.limits.map((limit) => ({ column: isOf, ...limit })));
    else if (isOf === undefined) unplaced.push({ words: threshold.words, candidates: numbersOf(table) });
  }
  for (const { column, to } of marks) {
    const bare = BARE.exec(words.slice(to));
    if (column !== undefined && bare !== null)
      comparisons.push({ column: column.name, sign: '=', value: numberOf(bare[1]) });
  }
  return { comparisons, unplaced };
}

const numbersOf = (table: readonly TableColumn[]): string[] =>
  table.flatMap(({ name, kind }) => (kind === 'number' ? [name] : []));

interface Mark {
  column: TableColumn | undefined;
  from: number;
  to: number;
}

interface Around {
  words: string;
  before: Mark | undefined;
  after: Mark | undefined;
  table: readonly TableColumn[];
}

/** The column that a threshold is about; undefined where that is not clear, null where it is none. */
function columnOf(
  { limits, from, to }: Threshold,
  { words, before, after, table }: Around,
): string | undefined | null {
  const isEqual = limits.every(({ sign }) => sign === '=');
  const isClose = before !== undefined && BETWEEN_MARK_AND_SIGN.test(words.slice(before.to, from));
  const isBefore = isClose && (isEqual || before.column?.kind === 'number');
  if (isBefore) return before.column?.name ?? null;
  if (limits.every(({ sign }) => sign === '<>')) return onlyNumber([before, after]);
  if (isEqual) return null;
  const isAfter = after?.column?.kind === 'number' && words.slice(to, after.from).trim() === '';
  if (isAfter) return after.column?.name ?? null;
  const age = ROWS_BEHIND.test(words.slice(to)) ? null : ageIn(table);
  const isAge = age !== null && limits.every(({ value }) => value >= 0 && value <= OLDEST);
  if (isAge) return table.find(({ name }) => name.toLowerCase() === age)?.name;
  return isClose ? before?.column?.name : undefined;
}

/** "The mean income without -99": the one number that is named. */
function onlyNumber(marks: readonly (Mark | undefined)[]): string | undefined {
  const names = marks.flatMap((mark) => (mark?.column?.kind === 'number' ? [mark.column.name] : []));
  return new Set(names).size === 1 ? names[0] : undefined;
}

function thresholdsIn(words: string): Threshold[] {
  return [...words.matchAll(THRESHOLD)].map((found) => {
    const [whole, low, high, called = '', value] = found;
    const limits: Limit[] =
      low === undefined
        ? [{ sign: SIGN_OF.get(called) ?? '=', value: numberOf(value) }]
        : [
            { sign: '>=', value: numberOf(low) },
            { sign: '<=', value: numberOf(high) },
          ];
    return { limits, from: found.index, to: found.index + whole.length, words: whole.trim() };
  });
}

/** A question's words as the table has them: "died" where it tells who survived, slips and other forms of a name. */

import { NearTexts, SHORTEST_STEM, stemOf } from '../reading/spelling.ts';
import * as comparisonWords from '../vocabulary/comparisons.ts';
import * as conditionWords from '../vocabulary/conditions.ts';
import * as questions from '../vocabulary/questions.ts';
import { OPPOSITES, ORDINALS, ROW_NOUNS } from '../vocabulary/rows.ts';

export type Kind = 'number' | 'date' | 'category';

export interface TableColumn {
  name: string;
  kind: Kind;
}

const pairs = (lines: readonly string[]): string[][] => lines.map((line) => line.split(' '));
const OPPOSED = new Map(pairs(OPPOSITES).map(([word = '', column = '']) => [word, column]));
const ASKED: ReadonlySet<string> = new Set(
  Object.values<readonly string[]>({ ...questions, ...comparisonWords, ...conditionWords }).flatMap(
    (words) => [...words],
  ),
);
const VALUES = new Map(pairs(ORDINALS).map(([word = '', value = '']) => [word, value]));
const ORDINAL = new RegExp(`\\b(${[...VALUES.keys()].join('|')}) ([\\p{L}\\p{N}_]+)`, 'gu');
const NOUNS = new Set(ROW_NOUNS);
/** Shorter parts of names, such as units, are no names. */
const SHORTEST_PART = 4;
const WORD = /[\p{L}\p{N}_]+/gu;
/** Shorter words are not taken for a column's name mistyped. */
const SHORTEST_SLIP = 5;
/** Wider tables are not searched for words that only resemble a name. */
const MOST_COLUMNS = 2_000;

/** `text`, in lower case, with such words as names of columns. */
export function inTableWords(text: string, table: readonly TableColumn[]): string {
  if (table.length > MOST_COLUMNS) return text;
  const names = namesOf(table);
  const written = text.replace(WORD, (word, at: number) => {
    if (names.words.has(word)) return wholeName(word, { text, at, names });
    const opposed = OPPOSED.get(word);
    if (opposed !== undefined && names.words.has(opposed)) return `not ${opposed}`;
    if (ASKED.has(word)) return word;
    return names.byStem.get(stemOf(word)) ?? mistyped(word, names) ?? word;
  });
  // "first class" is its value 1
  return written.replace(ORDINAL, (both, ordinal: string, word: string) =>
    names.words.has(word) ? `${word} ${VALUES.get(ordinal)}` : both,
  );
}

/** "Bill" where one column is `total_bill`, and no other word of its name stands beside it. */
function wholeName(word: string, { text, at, names }: { text: string; at: number; names: Names }): string {
  const name = names.byPart.get(word);
  if (name == null || word.length < SHORTEST_PART || ASKED.has(word) || NOUNS.has(word)) return word;
  const [before = ''] = /[\p{L}\p{N}_]+(?=[^\p{L}\p{N}]*$)/u.exec(text.slice(0, at)) ?? [];
  const [behind = ''] = /[\p{L}\p{N}_]+/u.exec(text.slice(at + word.length)) ?? [];
  const parts = name.split(/[^\p{L}\p{N}]+/u);
  return parts.includes(before) || parts.includes(behind) ? word : name;
}

const words = new WeakMap<readonly TableColumn[], ReadonlySet<string>>();

/** Every word of a column's name, in lower case. */
export function columnWords(table: readonly TableColumn[]): ReadonlySet<string> {
  const known =
    words.get(table) ??
    new Set(table.flatMap(({ name }) => name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []));
  words.set(table, known);
  return known;
}

interface Names {
  /** Every word of a name. */
  words: ReadonlySet<string>;
  /** Names of several words by each word of theirs; null where several names have it, or one is it. */
  byPart: ReadonlyMap<string, string | null>;
  /** Names of one word by their stem. */
  byStem: ReadonlyMap<string, string>;
  near: NearTexts<string>;
}

const made = new WeakMap<readonly TableColumn[], Names>();

function namesOf(table: readonly TableColumn[]): Names {
  const known = made.get(table);
  if (known !== undefined) return known;
  const byPart = new Map<string, string | null>();
  const byStem = new Map<string, string>();
  const near = new NearTexts<string>();
  const words = new Set<string>();
  for (const { name } of table) {
    const written = name.toLowerCase();
    const parts = written.match(/[\p{L}\p{N}]+/gu) ?? [];
    for (const part of parts) {
      byPart.set(part, words.has(part) || parts.length === 1 ? null : written);
      words.add(part);
    }
    if (parts.length !== 1) continue;
    near.add(written, written);
    const stem = stemOf(written);
    if (stem.length >= SHORTEST_STEM) byStem.set(stem, written);
  }
  const names = { words, byPart, byStem, near };
  made.set(table, names);
  return names;
}

function mistyped(word: string, { near }: Names): string | undefined {
  if (word.length < SHORTEST_SLIP) return undefined;
  const [name, ...others] = near.find(word, 2);
  return others.length === 0 ? name : undefined;
}

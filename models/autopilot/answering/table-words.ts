/** A question's words as the table has them: "died" where it tells who survived, "older" where it tells the age. */

import { NearTexts, SHORTEST_STEM, stemOf } from '../reading/spelling.ts';
import * as questions from '../vocabulary/questions.ts';
import { MEASURED_BY, MORE, OPPOSITES, ORDINALS } from '../vocabulary/rows.ts';

export type Kind = 'number' | 'category';

export interface TableColumn {
  name: string;
  kind: Kind;
}

const pairs = (lines: readonly string[]): string[][] => lines.map((line) => line.split(' '));
const OPPOSED = new Map(pairs(OPPOSITES).map(([word = '', column = '']) => [word, column]));
const MEASURES = new Map(pairs(MEASURED_BY).map(([word = '', ...columns]) => [word, columns]));
const MORE_THAN = new Set(MORE);
const ASKED: ReadonlySet<string> = new Set(
  Object.values<readonly string[]>({ ...questions }).flatMap((words) => [...words]),
);
const VALUES = new Map(pairs(ORDINALS).map(([word = '', value = '']) => [word, value]));
const ORDINAL = new RegExp(`\\b(${[...VALUES.keys()].join('|')}) ([\\p{L}\\p{N}_]+)`, 'gu');
const WORD = /[\p{L}\p{N}_]+/gu;
/** Shorter words are not taken for a column's name mistyped. */
const SHORTEST_SLIP = 5;
/** Wider tables are not searched for words that only resemble a name. */
const MOST_COLUMNS = 2_000;
/** Names with one word that are remembered. */
const MOST_ALIKE = 20;

/** `text`, in lower case, with such words as names of columns. */
export function inTableWords(text: string, table: readonly TableColumn[]): string {
  if (table.length > MOST_COLUMNS) return text;
  const names = namesOf(table);
  const spoken = new Set(text.match(WORD) ?? []);
  const written = text.replace(WORD, (word) => {
    if (names.words.has(word)) return word;
    const opposed = OPPOSED.get(word);
    if (opposed !== undefined && names.words.has(opposed)) return `not ${opposed}`;
    const measured = measuredBy(word, spoken, names);
    if (measured !== undefined) return measuredAs(word, measured);
    if (ASKED.has(word)) return word;
    return names.byStem.get(stemOf(word)) ?? mistyped(word, names) ?? word;
  });
  // "first class" is its value 1
  return written.replace(ORDINAL, (both, ordinal: string, word: string) =>
    names.words.has(word) ? `${word} ${VALUES.get(ordinal)}` : both,
  );
}

/** The one column that a superlative or comparative is about: of several that whose name the text begins to say. */
function measuredBy(word: string, spoken: ReadonlySet<string>, { byWord }: Names): string | undefined {
  const measures = MEASURES.get(word) ?? [];
  const named = measures.flatMap((measure) => byWord.get(measure) ?? []);
  const begun = named.filter((name) => name.split(/[^\p{L}\p{N}]+/u).some((part) => spoken.has(part)));
  const [column, ...others] = begun.length > 0 ? begun : named;
  return others.length === 0 ? column : undefined;
}

/** "older" compares what the column tells; "oldest" asks for its greatest value, which the word itself says. */
function measuredAs(word: string, column: string): string {
  if (word.endsWith('est')) return `${word} ${column}`;
  return `${column} ${MORE_THAN.has(word) ? 'more' : 'less'}`;
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
  /** Names by each of their words. */
  byWord: ReadonlyMap<string, string[]>;
  /** Names of one word by their stem. */
  byStem: ReadonlyMap<string, string>;
  near: NearTexts<string>;
}

const made = new WeakMap<readonly TableColumn[], Names>();

function namesOf(table: readonly TableColumn[]): Names {
  const known = made.get(table);
  if (known !== undefined) return known;
  const byWord = new Map<string, string[]>();
  const byStem = new Map<string, string>();
  const near = new NearTexts<string>();
  const words = new Set<string>();
  for (const { name } of table) {
    const written = name.toLowerCase();
    const parts = written.match(/[\p{L}\p{N}]+/gu) ?? [];
    for (const part of parts) {
      words.add(part);
      byWord.set(part, [...(byWord.get(part) ?? []).slice(-MOST_ALIKE), written]);
    }
    if (parts.length !== 1) continue;
    near.add(written, written);
    const stem = stemOf(written);
    if (stem.length >= SHORTEST_STEM) byStem.set(stem, written);
  }
  const names = { words, byWord, byStem, near };
  made.set(table, names);
  return names;
}

function mistyped(word: string, { near }: Names): string | undefined {
  if (word.length < SHORTEST_SLIP) return undefined;
  const [name, ...others] = near.find(word, 2);
  return others.length === 0 ? name : undefined;
}

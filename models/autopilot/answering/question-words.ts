/** The words of a question beside its columns: those that are to be understood, and those that may be values. */

import * as comparisonWords from '../vocabulary/comparisons.ts';
import * as conditionWords from '../vocabulary/conditions.ts';
import * as vocabulary from '../vocabulary/questions.ts';
import { markColumns, NUMBER, numberOf, plain, spaced } from './marked-text.ts';
import { inTableWords, type TableColumn } from './table-words.ts';
import type { Comparison } from './thresholds.ts';

const STOP = new Set(vocabulary.STOP_WORDS);
const ASKED: ReadonlySet<string> = new Set(
  Object.values<readonly string[]>({ ...vocabulary, ...comparisonWords, ...conditionWords }).flatMap(
    (words) => words.flatMap((phrase) => phrase.split(' ')),
  ),
);
const MOST_PHRASES = 60;
const NUMBERS = new RegExp(`(?<![\\p{L}\\p{N}])${NUMBER}`, 'gu');
/** A number below 0 is no word that a value without its sign may be. */
const SIGNED = 'minus';

/** `text` in plain words without the names of columns: what is left says what is asked. */
export function withoutColumns(text: string, table: readonly TableColumn[]): string {
  return plain(markColumns(spaced(text), table).text.replace(/⟦\d+⟧/g, ' '));
}

/** Words of a text that are no column's and ask for nothing, in plain form. */
export function otherWords(text: string, table: readonly TableColumn[]): string[] {
  return wordsIn(markColumns(inTableWords(spaced(text), table), table).text, []);
}

/** The columns that the text names, by their names. */
export function columnsIn(text: string, table: readonly TableColumn[]): string[] {
  return markColumns(inTableWords(spaced(text), table), table).columns.map(({ name }) => name);
}

/** What is left of the text when columns, comparisons and what is asked are taken away. */
export function wordsIn(words: string, comparisons: readonly Comparison[]): string[] {
  const numbers = new Set(comparisons.map(({ value }) => value));
  const left = plain(
    words
      .replace(/⟦\d+⟧/g, ' ')
      .replace(NUMBERS, (text) => (numbers.has(numberOf(text)) ? ' ' : text.replace(/^-/, SIGNED))),
  );
  return left.split(' ').filter((word) => word !== '' && word !== '?' && !ASKED.has(word));
}

export function phrasesOf(words: string): string[] {
  const list = plain(words.replace(/⟦\d+⟧/g, ' | '))
    .split(' ')
    .filter((word) => word !== '?');
  const phrases = new Set<string>();
  for (let size = 3; size >= 1; size -= 1) {
    for (let start = 0; start + size <= list.length; start += 1) {
      const part = list.slice(start, start + size);
      if (part.every((word) => STOP.has(word)) || STOP.has(part[0] ?? '') || STOP.has(part.at(-1) ?? ''))
        continue;
      phrases.add(part.join(' '));
      const last = part.at(-1) ?? '';
      if (last.length > 3 && last.endsWith('s'))
        phrases.add([...part.slice(0, -1), last.slice(0, -1)].join(' '));
    }
  }
  return [...phrases].slice(0, MOST_PHRASES);
}

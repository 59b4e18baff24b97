/**
 * Where one request ends and the next begins: a comma, "and", "then" or "but" before a verb that asks for something.
 * One pass over the words: those between a mark and its verb belong to that verb alone.
 */

import * as verbsWords from '../vocabulary/verbs.ts';

const JOINING = new Set(verbsWords.JOINING);
const SOFTENING = new Set(verbsWords.SOFTENING);
const JOINED = new Set(verbsWords.JOINED);
const FOLLOWING = new Set(verbsWords.FOLLOWING);
const MARKS = new Set([',', ':', '–', '—']);
const REQUESTING = new Set(verbsWords.VERBS);
const REQUESTING_IN_TWO = new Set(verbsWords.VERBS_OF_TWO);
const NO_VERBS = new Set(verbsWords.NO_VERBS);
const WORDS = /[\p{L}\p{N}_]+(?:['’][\p{L}\p{N}_]+)*|\S/gu;

interface Word {
  word: string;
  from: number;
  to: number;
}

/** What lies between two requests. */
export interface Boundary {
  start: number;
  end: number;
}

/** The boundaries of a sentence whose words have one space between them, in order. */
export function boundariesOf(text: string): Boundary[] {
  const words = [...text.matchAll(WORDS)].map(({ 0: word, index }) => ({
    word: word.toLowerCase(),
    from: index,
    to: index + word.length,
  }));
  return words.flatMap((_word, place) => (isVerb(words, place) ? (boundaryBefore(words, place) ?? []) : []));
}

function isVerb(words: readonly Word[], place: number): boolean {
  const word = words[place]?.word ?? '';
  const two = `${word} ${words[place + 1]?.word}`;
  return (REQUESTING.has(word) && !NO_VERBS.has(two)) || REQUESTING_IN_TWO.has(two);
}

function boundaryBefore(words: readonly Word[], verb: number): Boundary | null {
  let first = verb;
  while (isSpaced(words, first) && isOneOf(words[first - 1], JOINING, SOFTENING)) first -= 1;
  let softened = verb;
  while (softened > first && isOneOf(words[softened - 1], SOFTENING)) softened -= 1;
  const mark = words[first - 1];
  if (mark !== undefined && MARKS.has(mark.word)) {
    let end = first;
    while (end < verb && isOneOf(words[end], JOINING)) end += 1;
    if (softened <= end) return { start: beforeSpace(words, first - 1), end: words[end]?.from ?? 0 };
  }
  for (let place = Math.max(first, softened - 1); place < verb; place += 1) {
    if (!isOneOf(words[place], JOINED) || !isSpaced(words, place)) continue;
    let end = place + 1;
    while (end < verb && isOneOf(words[end], FOLLOWING)) end += 1;
    return { start: beforeSpace(words, place), end: words[end]?.from ?? 0 };
  }
  return null;
}

const isOneOf = (word: Word | undefined, ...sets: ReadonlySet<string>[]): boolean =>
  word !== undefined && sets.some((set) => set.has(word.word));

/** True where a space stands before the word. */
function isSpaced(words: readonly Word[], place: number): boolean {
  const before = words[place - 1];
  return before !== undefined && before.to < (words[place]?.from ?? 0);
}

/** The end of the word before, so that the space between goes with the boundary. */
const beforeSpace = (words: readonly Word[], place: number): number => words[place - 1]?.to ?? 0;

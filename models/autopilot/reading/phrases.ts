/** Phrases of several words, found among the words of a clause. */

import * as pronounsWords from '../vocabulary/pronouns.ts';
import type { Token } from './columns-named.ts';

const NEGATED = new Set(pronounsWords.NEGATIONS);
const BETWEEN = new Set(pronounsWords.BETWEEN_NEGATION);

/** Words between a denial and its verb at most. */
const FARTHEST = 8;
const MARK = /^[,:;]$/;

export type Phrases = ReadonlyMap<string, readonly string[][]>;

/** The place after the longest of the phrases that begins at `place`; null when none does. */
export function phraseAt(tokens: readonly Token[], place: number, heads: Phrases): number | null {
  const found = heads
    .get(tokens[place]?.word ?? '')
    ?.filter((head) => head.every((word, at) => tokens[place + at]?.word === word));
  const longest = Math.max(0, ...(found ?? []).map((head) => head.length));
  return longest === 0 ? null : place + longest;
}

/** Phrases by their first word. */
export function phrases(words: readonly string[]): Phrases {
  const list = words.map((phrase) => phrase.split(' '));
  const byFirst = new Map<string, string[][]>();
  for (const phrase of list) {
    const [first = ''] = phrase;
    byFirst.set(first, [...(byFirst.get(first) ?? []), phrase]);
  }
  return byFirst;
}

export const negates = ({ word }: Token): boolean => NEGATED.has(word);

/** True when one of the two words before `place` denies it; "want you to" and its like are no words of their own. */
export function isNegated(tokens: readonly Token[], place: number): boolean {
  let first = place;
  for (let words = 0; first > Math.max(0, place - FARTHEST) && words < 2; first -= 1) {
    // "no, leave it out": what stands before a mark denies something else
    if (MARK.test(tokens[first - 1]?.word ?? '')) break;
    if (!BETWEEN.has(tokens[first - 1]?.word ?? '')) words += 1;
  }
  return tokens.slice(first, place).some(negates);
}

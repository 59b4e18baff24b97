/** Phrases of several words, found among the words of a clause. */

import type { Token } from './columns-named.ts';
import * as requests from './vocabulary/requests.ts';

const NEGATED = new Set(requests.NEGATIONS);

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

/** True when one of the two words before `place` denies it. */
export function isNegated(tokens: readonly Token[], place: number): boolean {
  return tokens.slice(Math.max(0, place - 2), place).some(negates);
}

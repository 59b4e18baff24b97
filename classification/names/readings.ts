/** What a name may be meant to say: its words as they are, and with compounds parted and abbreviations written out. */

import { type KnownWords, partsOf } from './compounds.ts';

export interface Reading {
  words: readonly string[];
  /** Of each word the place in the name of what it was written out of. */
  places: readonly number[];
}

export interface WordKnowledge {
  /** Readings of an abbreviation, each in its words. */
  abbreviations: ReadonlyMap<string, readonly (readonly string[])[]>;
  known: KnownWords;
}

const MOST_READINGS = 8;

/** The name itself first; `cust_st` is "customer state" or "customer street". */
export function readingsOf(tokens: readonly string[], { abbreviations, known }: WordKnowledge): Reading[] {
  const plain: Reading = { words: tokens, places: tokens.map((_, place) => place) };
  let expanded: Reading[] = [{ words: [], places: [] }];
  for (const [place, token] of tokens.entries())
    for (const part of partsOf(known, token)) {
      const choices = abbreviations.get(part) ?? [[part]];
      expanded = expanded
        .flatMap(({ words, places }) =>
          choices.map((choice) => ({
            words: [...words, ...choice],
            places: [...places, ...choice.map(() => place)],
          })),
        )
        .slice(0, MOST_READINGS);
    }
  const written = tokens.join(' ');
  return [plain, ...expanded.filter(({ words }) => words.join(' ') !== written)];
}

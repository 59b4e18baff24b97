/** What a name may be meant to say: its words as they are, and with its abbreviations written out. */

import { tokensOf } from './tokens.ts';

export interface Reading {
  words: readonly string[];
  /** Of each word the place in the name of what it was written out of. */
  places: readonly number[];
}

const MOST_READINGS = 8;

/** The name itself first; `cust_st` is "customer state" or "customer street". */
export function readingsOf(
  tokens: readonly string[],
  abbreviations: ReadonlyMap<string, readonly string[]>,
): Reading[] {
  const plain: Reading = { words: tokens, places: tokens.map((_, place) => place) };
  let expanded: Reading[] = [{ words: [], places: [] }];
  for (const [place, token] of tokens.entries()) {
    const choices = abbreviations.get(token)?.map(tokensOf) ?? [[token]];
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

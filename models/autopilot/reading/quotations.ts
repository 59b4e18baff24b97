/** The person's own words, as the ledger keeps them. */

import { tokensOf } from './tokens.ts';

/** Characters that are kept. */
const LONGEST = 900;

/** The clause where its words stand side by side in what was said; else all that was said. */
export function quoteOf(clause: string, spoken: string): string {
  const inside = wordsOf(clause);
  const isInside = inside.length > 1 && ` ${wordsOf(spoken).join(' ')} `.includes(` ${inside.join(' ')} `);
  const whole = (isInside ? clause : spoken).trim();
  return whole.length <= LONGEST ? whole : whole.slice(0, whole.lastIndexOf(' ', LONGEST));
}

const wordsOf = (text: string): string[] =>
  tokensOf(text).flatMap(({ word }) => (/[\p{L}\p{N}]/u.test(word) ? [word] : []));

/** Words of one meaning as one word: `client key` and `customer identifier` are both "customer id". */

import { tokensOf } from '../names/tokens.ts';

export interface Concepts {
  /** Runs of words, written as one with blanks between, to the words that stand for them. */
  byWords: ReadonlyMap<string, readonly string[]>;
  /** Words of the longest run. */
  longest: number;
}

/** @param rows words that mean the same between |, and the words that stand for them */
export function readConcepts(rows: readonly (readonly string[])[]): Concepts {
  const byWords = new Map<string, readonly string[]>();
  for (const [words = '', concept = ''] of rows)
    for (const run of [...words.split('|'), concept]) {
      const key = tokensOf(run).join(' ');
      if (!byWords.has(key)) byWords.set(key, concept.split(' '));
    }
  const longest = Math.max(1, ...[...byWords.keys()].map((key) => key.split(' ').length));
  return { byWords, longest };
}

/** What begins so is a word that a concept stands for: it counts a little, so that `buyer` is nearer to `buyer`. */
export const SHADOW = '~';

const shadows = (words: readonly string[], concept: readonly string[] | undefined): string[] =>
  concept === undefined ? [] : words.filter((word) => !concept.includes(word)).map((word) => SHADOW + word);

/** Of concepts the last that is no shadow. */
export const lastConcept = (words: readonly string[]): string =>
  words.findLast((word) => !word.startsWith(SHADOW)) ?? '';

/** The longest runs first, from the left. */
export function conceptsOf({ byWords, longest }: Concepts, words: readonly string[]): string[] {
  const found: string[] = [];
  for (let from = 0; from < words.length; ) {
    let to = Math.min(words.length, from + longest);
    while (to > from + 1 && !byWords.has(words.slice(from, to).join(' '))) to -= 1;
    const word = words[from] ?? '';
    const concept = byWords.get(words.slice(from, to).join(' '));
    found.push(...(concept ?? [word]), ...shadows(words.slice(from, to), concept));
    from = to;
  }
  return found;
}

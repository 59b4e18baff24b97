/** Words of one meaning as one word: `client key` and `customer identifier` are both "customer id". */

import { tokensOf } from '../names/tokens.ts';

export interface Concepts {
  /** Runs of words, written as one with blanks between, to the words that stand for them. */
  byWords: ReadonlyMap<string, readonly string[]>;
  /** Of a run's first word how many words the longest has that begins so. */
  longest: ReadonlyMap<string, number>;
  /** Concepts to the words of what they are a kind of: a fare is a price. */
  broader: ReadonlyMap<string, readonly string[]>;
}

/** Rows of words between |, and what they have in common. */
type Rows = readonly (readonly string[])[];

/**
 * @param rows words that mean the same, and the words that stand for them
 * @param kinds words, and what they are kinds of; one of several words is a concept of its own
 */
export function readConcepts(rows: Rows, kinds: Rows = []): Concepts {
  const byWords = new Map<string, readonly string[]>();
  for (const [words = '', concept = ''] of rows)
    for (const run of [...words.split('|'), concept]) {
      const key = tokensOf(run).join(' ');
      if (!byWords.has(key)) byWords.set(key, concept.split(' '));
    }
  const narrower = kinds.flatMap(([words = '', kind = '']) => words.split('|').map((run) => [run, kind]));
  for (const [run = ''] of narrower) {
    const words = tokensOf(run);
    if (words.length > 1 && !byWords.has(words.join(' '))) byWords.set(words.join(' '), [words.join('')]);
  }
  const alone: Concepts = { byWords, longest: longestRuns(byWords.keys()), broader: new Map() };
  const broader = narrower.flatMap(([run = '', kind = '']): [string, readonly string[]][] => {
    const [concept = '', ...more] = withoutShadows(conceptsOf(alone, tokensOf(run)));
    const above = withoutShadows(conceptsOf(alone, tokensOf(kind)));
    return more.length > 0 || above.includes(concept) ? [] : [[concept, above]];
  });
  return { ...alone, broader: new Map(broader) };
}

function longestRuns(runs: Iterable<string>): Map<string, number> {
  const longest = new Map<string, number>();
  for (const run of runs) {
    const words = run.split(' ');
    const [first = ''] = words;
    longest.set(first, Math.max(longest.get(first) ?? 1, words.length));
  }
  return longest;
}

const withoutShadows = (words: readonly string[]): string[] =>
  words.filter((word) => !word.startsWith(SHADOW));

/** So many steps up from a word: a mileage is a distance, which is a length. */
const MOST_STEPS = 3;

/** Words that no text has as what they are a kind of, where a text has that. */
export function broadened(
  { broader }: Concepts,
  words: readonly string[],
  isKnown: (word: string) => boolean,
): string[] {
  return words.flatMap((word) => {
    let above: readonly string[] = [word];
    for (let step = 0; step < MOST_STEPS && !above.some(isKnown); step += 1)
      above = above.flatMap((each) => broader.get(each) ?? [each]);
    return above.some(isKnown) ? above : [word];
  });
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
    const word = words[from] ?? '';
    let to = Math.min(words.length, from + (longest.get(word) ?? 1));
    while (to > from + 1 && !byWords.has(words.slice(from, to).join(' '))) to -= 1;
    const concept = byWords.get(words.slice(from, to).join(' '));
    found.push(...(concept ?? [word]), ...shadows(words.slice(from, to), concept));
    from = to;
  }
  return found;
}

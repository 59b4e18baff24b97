/** Words of questions about rows: which are known, and which mean the same value. */

import { HARMLESS } from './vocabulary/harmless.ts';
import * as questions from './vocabulary/questions.ts';
import { PLAIN, ROW_NOUNS, SAME_VALUES } from './vocabulary/rows.ts';

const KNOWN: ReadonlySet<string> = new Set(
  [...Object.values<readonly string[]>({ ...questions }), HARMLESS, ROW_NOUNS, PLAIN]
    .flat()
    .flatMap((phrase) => phrase.split(' ')),
);

/** By a word all that mean the same. */
const SAME = new Map(
  SAME_VALUES.flatMap((line) => {
    const words = line.split(' ');
    return words.map((word) => [word, words] as const);
  }),
);

/** True for a word that limits no rows; a letter may be a value. */
export const isKnownInQuestion = (word: string): boolean =>
  KNOWN.has(word) && (word.length > 1 || word === 'a' || word === 'i');

/** Other words for the same value. */
export const sameValues = (word: string): readonly string[] => SAME.get(word) ?? [];

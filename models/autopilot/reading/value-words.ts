/** Words of questions about rows: which are known, and which mean the same value. */

import * as comparisonWords from '../vocabulary/comparisons.ts';
import * as conditionWords from '../vocabulary/conditions.ts';
import { DENIALS } from '../vocabulary/denials.ts';
import { HARMLESS } from '../vocabulary/harmless.ts';
import * as questions from '../vocabulary/questions.ts';
import { PLAIN, ROW_NOUNS, SAME_VALUES } from '../vocabulary/rows.ts';
import { VERSUS } from '../vocabulary/units.ts';
import { NearTexts } from './spelling.ts';

const KNOWN: ReadonlySet<string> = new Set(
  [
    ...Object.values<readonly string[]>({ ...questions, ...comparisonWords, ...conditionWords }),
    HARMLESS,
    ROW_NOUNS,
    PLAIN,
    DENIALS,
    VERSUS,
  ]
    .flat()
    .flatMap((phrase) => phrase.split(' ')),
);

/** Shorter words are not taken for a noun mistyped. */
const SHORTEST_SLIP = 6;
const NOUNS = new NearTexts<string>();
for (const noun of ROW_NOUNS) NOUNS.add(noun, noun);

/** By a word all that mean the same. */
const SAME = new Map(
  SAME_VALUES.flatMap((line) => {
    const words = line.split(' ');
    return words.map((word) => [word, words] as const);
  }),
);

/** True for a word that limits no rows; a letter may be a value. */
export function isKnownInQuestion(word: string): boolean {
  if (word.length === 1) return word === 'a' || word === 'i';
  return KNOWN.has(word) || (word.length >= SHORTEST_SLIP && NOUNS.find(word, 1).length > 0);
}

/** Other words for the same value. */
export const sameValues = (word: string): readonly string[] => SAME.get(word) ?? [];

/** What "it" means in an order: the column that the sentence has named, or a question back. */

import * as corrections from '../vocabulary/corrections.ts';
import * as pronounsWords from '../vocabulary/pronouns.ts';
import * as requests from '../vocabulary/requests.ts';
import * as targetsWords from '../vocabulary/targets.ts';
import type { Clause } from './clause.ts';
import { columnAt, type Named, type Token, wordsOf } from './columns-named.ts';
import { isKnownWord } from './known-words.ts';
import { type Phrases, phraseAt, phrases } from './phrases.ts';

/** "Get rid of it" orders; "most of it" does not. */
const OF = new Set(pronounsWords.OF_IT);
const ONE = phrases(pronounsWords.PRONOUNS);
const SEVERAL = phrases(pronounsWords.PRONOUNS_OF_SEVERAL);
const lastWords = (list: readonly string[]) => list.map((words) => words.split(' ').at(-1) ?? '');
/** They stand right before what is to go or to stay. */
const BEFORE = new Set(
  [...lastWords(requests.EXCLUDING), ...lastWords(requests.KEEPING)].filter((word) => !OF.has(word)),
);
/** They do so where "out" or "back" follows. */
const AROUND = new Set([...requests.AROUND, ...corrections.BRINGING]);
const BEHIND = new Set([...requests.AWAY, ...corrections.BACK]);
const OF_COLUMNS = new Set([...BEFORE, ...AROUND, ...targetsWords.PREDICTING, 'no']);

/** True when a word orders something of columns. */
export const ordersColumns = (tokens: readonly Token[]): boolean =>
  tokens.some(({ word }) => OF_COLUMNS.has(word));

/** The tokens with the columns that a pronoun means; ambiguous where the sentence does not say which. */
export function withPronouns(
  tokens: readonly Token[],
  named: Named,
  before: readonly string[],
): { tokens: readonly Token[]; ambiguous: Clause['ambiguous'] } {
  for (const [heads, isMeant] of READINGS) {
    const place = tokens.findIndex((_token, at) => pronounAt(tokens, at, { heads, named }) !== null);
    if (place < 0) continue;
    const end = pronounAt(tokens, place, { heads, named }) ?? place + 1;
    const [from, to] = [tokens[place]?.from ?? 0, tokens[end - 1]?.to ?? 0];
    if (!isMeant(before)) {
      const ambiguous = { words: named.text.slice(from, to), candidates: [...before] };
      return { tokens, ambiguous };
    }
    const meant = before.flatMap((name) => [
      ...wordsOf(name).map((word) => ({ word, from, to })),
      { word: ',', from: to, to },
    ]);
    return {
      tokens: [...tokens.slice(0, place), ...meant.slice(0, -1), ...tokens.slice(end)],
      ambiguous: null,
    };
  }
  return { tokens, ambiguous: null };
}

const READINGS: readonly [Phrases, (before: readonly string[]) => boolean][] = [
  [SEVERAL, (before) => before.length > 1],
  [ONE, (before) => before.length === 1],
];

/** The end of a pronoun that stands where a column would. */
function pronounAt(
  tokens: readonly Token[],
  place: number,
  { heads, named }: { heads: Phrases; named: Named },
): number | null {
  const end = phraseAt(tokens, place, heads);
  const verb = tokens[place - 1]?.word ?? '';
  const next = tokens[end ?? place]?.word ?? '';
  if (end === null || columnAt(tokens, place, named) !== null) return null;
  const isRid = verb === 'of' && tokens[place - 2]?.word === 'rid';
  const isObject = isRid || BEFORE.has(verb) || (AROUND.has(verb) && BEHIND.has(next));
  if (!isObject) return null;
  // "that column age", "this noisy one": a name follows
  const follows = next !== '' && (columnAt(tokens, end, named) !== null || !isKnownWord(next));
  return follows && /\p{L}/u.test(next) ? null : end;
}

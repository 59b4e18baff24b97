/**
 * Words as they were meant: short forms, and slips of the hand – a letter missing or too many, two that changed places,
 * or one for another that sounds alike. Any other letter makes another word, and is not put right: "crop" is no "drop".
 */

import { OFTEN_MISTYPED, SHORT_FORMS, SOUNDING_ALIKE } from '../vocabulary/forms.ts';
import { oneOf } from '../vocabulary/lines.ts';
import { ENDINGS } from '../vocabulary/rows.ts';
import { VERBS } from '../vocabulary/verbs.ts';
import { isEnglishWord, isKnownWord } from './known-words.ts';
import type { Token } from './tokens.ts';

/** Shorter words have too many neighbours. */
const SHORTEST = 4;
const LONGEST = 40;
const SHORT = new Map(SHORT_FORMS.map((pair) => pair.split(' ') as [string, string]));

/** Shorter stems are no likeness. */
export const SHORTEST_STEM = 4;
const ALIKE = new Set(SOUNDING_ALIKE.flatMap((pair) => [pair, pair.split(' ').reverse().join(' ')]));
const ENDING = new RegExp(`${oneOf(ENDINGS)}$`);

/** What words of one stem share: "survived", "survival" and "survivors". */
export const stemOf = (word: string): string => word.replace(ENDING, '');

/** Texts by all that is left when one letter is taken away. */
export class NearTexts<T> {
  readonly #byRest = new Map<string, { text: string; value: T }[]>();

  add(text: string, value: T): void {
    if (text.length < SHORTEST || text.length > LONGEST) return;
    for (const rest of new Set([text, ...restsOf(text)]))
      this.#byRest.set(rest, [...(this.#byRest.get(rest) ?? []), { text, value }]);
  }

  /** What a slip of the hand may have made `text` of, at most `most`. */
  find(text: string, most = 5): T[] {
    if (text.length < SHORTEST || text.length > LONGEST) return [];
    const found = new Set<T>();
    for (const rest of [text, ...restsOf(text)]) {
      for (const near of this.#byRest.get(rest) ?? [])
        if (found.size < most && isSlip(text, near.text)) found.add(near.value);
    }
    return [...found];
  }
}

function restsOf(text: string): string[] {
  return Array.from(text, (_, at) => text.slice(0, at) + text.slice(at + 1));
}

/** One letter more or less, one that sounds alike, or two neighbours that changed places. */
function isSlip(one: string, other: string): boolean {
  if (one.length !== other.length) return Math.abs(one.length - other.length) === 1;
  const first = Array.from(one).findIndex((letter, at) => letter !== other[at]);
  if (first < 0) return true;
  const rest = (text: string) => text.slice(0, first) + text.slice(first + 1);
  if (ALIKE.has(`${one[first]} ${other[first]}`) && rest(one) === rest(other)) return true;
  const swapped = `${one.slice(0, first)}${one[first + 1] ?? ''}${one[first]}${one.slice(first + 2)}`;
  return swapped === other;
}

const MISTYPED = new NearTexts<string>();
for (const word of new Set([...OFTEN_MISTYPED, ...VERBS])) MISTYPED.add(word, word);

/** The tokens as they were meant, each in its place; words of columns stay. */
export function asMeant(tokens: readonly Token[], isOfColumn: (word: string) => boolean): readonly Token[] {
  const meant = joined(tokens).map((token) => {
    if (isOfColumn(token.word)) return token;
    const short = SHORT.get(token.word);
    if (short !== undefined) return { ...token, word: short };
    if (isKnownWord(token.word) || isEnglishWord(token.word)) return token;
    const [word, ...others] = MISTYPED.find(token.word, 2);
    return word !== undefined && others.length === 0 ? { ...token, word } : token;
  });
  return sameTokens(tokens, meant);
}

/** The tokens themselves where nothing changed: what was found in them is remembered. */
export function sameTokens(tokens: readonly Token[], others: readonly Token[]): readonly Token[] {
  const isSame = tokens.length === others.length && tokens.every((token, place) => token === others[place]);
  return isSame ? tokens : others;
}

/** "w/o" is one word. */
function joined(tokens: readonly Token[]): Token[] {
  const whole: Token[] = [];
  for (let place = 0; place < tokens.length; place += 1) {
    const [first, slash, last] = tokens.slice(place, place + 3);
    const isShort = first?.word === 'w' && slash?.word === '/' && last?.word === 'o';
    whole.push(isShort ? { word: 'without', from: first.from, to: last.to } : (first as Token));
    if (isShort) place += 2;
  }
  return whole;
}

/**
 * What a name may say, in concepts: its words as they are; turned at an "of"; without its unit of measure, or with what
 * the unit measures; without what only qualifies the thing; its last word alone; and all of that with words that no
 * term has as what they are kinds of.
 */

import type { NameReader } from '../names/name-match.ts';
import { readingsOf } from '../names/readings.ts';
import { tokensOf } from '../names/tokens.ts';
import { broadened, type Concepts, conceptsOf } from './concepts.ts';
import type { TextIndex } from './text-index.ts';

export interface WordingReader {
  names: NameReader;
  concepts: Concepts;
  /** Units of measure, and the words for what they measure. */
  units: ReadonlyMap<string, readonly string[]>;
  index: TextIndex;
}

/** Of a name without what only qualifies it, and with what its words are kinds of. */
const WITHOUT_QUALIFIERS = 0.97;
const BY_KIND = 0.92;
const BY_UNIT = 0.9;
/** By its last word alone, which says what kind of thing it is. */
const BY_LAST_WORD = 0.62;

export interface Wording {
  words: readonly string[];
  /** How much being near to it counts. */
  trust: number;
  /** Only terms that are called by one word are meant. */
  isLast?: true;
}

/** The likelier ones first; each once; made as they are asked for. */
export function* wordings(reader: WordingReader, name: string): Generator<Wording> {
  const { names } = reader;
  const all = tokensOf(name).filter((token) => /^\p{L}{2}/u.test(token));
  // a price per unit is a price
  const measured = all.findIndex((token) => names.words.measuring.has(token));
  const tokens = measured > 0 ? all.slice(0, measured) : all;
  const seen = new Set(['']);
  for (const { words } of readingsOf(tokens, names))
    for (const variant of variants(reader, words))
      for (const wording of inConcepts(reader, variant)) {
        const key = wording.words.join(' ');
        if (!seen.has(key)) yield wording;
        seen.add(key);
      }
}

/** In concepts, and with those that no term has as what they are kinds of. */
function* inConcepts({ concepts, index }: WordingReader, variant: Wording): Generator<Wording> {
  const own = conceptsOf(concepts, variant.words);
  yield { ...variant, words: own };
  yield { ...variant, words: broadened(concepts, own, index.has), trust: variant.trust * BY_KIND };
}

/** Itself; turned at its "of"; without its unit, or with what the unit measures; without what qualifies it. */
function variants({ names, units }: WordingReader, words: readonly string[]): Wording[] {
  const of = words.indexOf('of');
  const turned = of > 0 ? [...words.slice(of + 1), ...words.slice(0, of)] : words;
  const bare = words.filter((word) => !names.words.qualifying.has(word));
  const last = words.at(-1) ?? '';
  const unit = units.get(last);
  const before = words.slice(0, -1);
  const found: Wording[] = [{ words: turned, trust: 1 }];
  if (bare.length > 0 && bare.length < words.length) found.push({ words: bare, trust: WITHOUT_QUALIFIERS });
  if (before.length === 0) return found;
  if (unit !== undefined)
    found.push({ words: before, trust: 1 }, { words: [...before, ...unit], trust: BY_UNIT });
  if (names.words.neutral.has(last)) found.push({ words: before, trust: WITHOUT_QUALIFIERS });
  else if (names.words.grouping.has(last)) found.push({ words: before, trust: BY_KIND });
  else if (of <= 0) found.push({ words: [last], trust: BY_LAST_WORD, isLast: true });
  return found;
}

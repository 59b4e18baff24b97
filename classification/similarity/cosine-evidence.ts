/**
 * How near what a column is called comes to what the terms of a vocabulary are called and described as.
 *
 * 1. A clear winner takes most of .70; where several are as near they share it; where none is near, nothing is said.
 * 2. The last word says what a thing is: a name that ends with a word which makes it another thing (`email_domain`) is
 *    half as near to terms that lack this word.
 * 3. Where values have a form, terms that have not are less near: what they are counts more than what it is called.
 */

import type { SetId } from '../../core/evidence/frame.ts';
import { massOfCodes, vacuous } from '../../core/evidence/mass.ts';
import type { BoundedColumn } from '../column.ts';
import { type Evidence, isEvidence, type Signal } from '../evidence.ts';
import { askedBy } from '../names/name-match.ts';
import { tokensOf } from '../names/tokens.ts';
import { labelOf, type Vocabulary } from '../vocabulary/vocabulary.ts';
import { conceptsOf, lastConcept, SHADOW } from './concepts.ts';
import { type MeantPhrase, type TermText, termTexts } from './term-texts.ts';
import { indexTexts } from './text-index.ts';
import { type Wording, type WordingReader, wordings } from './wordings.ts';

/** What the nearest terms share at most. */
const MOST = 0.7;
/** Nearness from which on it says something, and from which on all it can. */
const LEAST_NEAR = 0.5;
/** Less near texts come to nothing whatever they are trusted. */
const LEAST_COSINE = 0.45;
const FULLY_NEAR = 0.8;
/** A term that is this much less near than the nearest has 1/e of its share. */
const TEMPERATURE = 0.05;
const MOST_TERMS = 5;
/** Further behind, in temperatures, a term has no share. */
const FAR_BEHIND = 3;
const ANOTHER_THING = 0.5;
const JUST_SO = 0.95;
const NO_WORD = 0.85;
const GENERIC_WORD = 0.75;
/** Where the last word is none of the term's and changes nothing that is known. */
const OPEN_END = 0.75;
const NOT_OF_THE_FORM = 0.6;
const SHARE_OF_FORM = 0.7;
/** A term that has the table's word too, and one that has not. */
const WITH_TABLE = 1.08;
const WITHOUT_TABLE = 0.9;

export interface SimilarityReader extends WordingReader {
  vocabulary: Vocabulary;
  texts: readonly TermText[];
  /** Concepts of the words that make another thing of what stands before them. */
  changing: ReadonlySet<string>;
  /** Of words that many things have. */
  generic: ReadonlySet<string>;
}

/** @param meant phrases for what terms were found to mean; none before that is known */
export function similarityReader(
  vocabulary: Vocabulary,
  { names, concepts, units }: Omit<WordingReader, 'index'>,
  meant: readonly MeantPhrase[] = [],
): SimilarityReader {
  const texts = termTexts(vocabulary, { names, concepts }, meant);
  const conceptsIn = (known: ReadonlySet<string>): ReadonlySet<string> =>
    new Set([...known].flatMap((word) => conceptsOf(concepts, [word])));
  const changing = conceptsIn(names.words.changing);
  const generic = conceptsIn(names.words.generic);
  const index = indexTexts(texts.map(({ words }) => words));
  return { ...{ vocabulary, names, concepts, units, texts }, index, changing, generic };
}

/** From this nearness on a term is what a phrase says. */
const NEAR_ENOUGH = 0.8;

/** The text that is nearest to a phrase, not by what stands above its term; null where none is near enough. */
export function nearestText({ concepts, index, texts }: SimilarityReader, phrase: string): TermText | null {
  const words = conceptsOf(concepts, tokensOf(phrase));
  const [best] = index
    .near(words, NEAR_ENOUGH)
    .flatMap(({ place, cosine }) => {
      const text = texts[place];
      return text === undefined || text.kind === 'path' ? [] : [{ text, nearness: cosine * text.trust }];
    })
    .sort((a, b) => b.nearness - a.nearness || (a.text.code < b.text.code ? -1 : 1));
  return best !== undefined && best.nearness >= NEAR_ENOUGH ? best.text : null;
}

/** What a column's values were found to be. */
export interface KnownOfValues {
  forms: readonly Signal[];
  /** Terms whose values are of such a kind; the whole frame where nothing is excluded. */
  allowed: SetId;
}

interface Near {
  text: TermText;
  nearness: number;
}

export function cosineEvidence(
  reader: SimilarityReader,
  column: BoundedColumn,
  values: KnownOfValues,
): Evidence {
  const { vocabulary, names } = reader;
  const found = askedBy(names, column.ownName) === null ? nearest(reader, column, values) : [];
  const most = found[0]?.nearness ?? 0;
  const strength = Math.min(1, (most - LEAST_NEAR) / (FULLY_NEAR - LEAST_NEAR));
  if (strength <= 0)
    return {
      source: 'cosine',
      mass: vacuous(vocabulary.frame),
      reasons: ['No term is near to what it is called.'],
    };
  const shares = found.map(({ nearness }) => Math.exp((nearness - most) / TEMPERATURE));
  const sum = shares.reduce((total, share) => total + share, 0);
  const masses = found.map(
    ({ text }, at) => [text.code, (MOST * strength * (shares[at] ?? 0)) / sum] as const,
  );
  return {
    source: 'cosine',
    mass: massOfCodes(vocabulary.frame, Object.fromEntries(masses)),
    reasons: found.slice(0, 3).map((each) => reasonOf(vocabulary, each)),
  };
}

const reasonOf = (vocabulary: Vocabulary, { text, nearness }: Near): string =>
  `It is ${nearness.toFixed(2)} near to "${text.text}", the ${text.kind} of ${labelOf(vocabulary, text.code)}.`;

interface InTable {
  /** Of the table's name. */
  before: readonly string[];
  /** Of the column's own. */
  own: readonly string[];
}

/** The nearest text of each term, the nearest terms first. */
function nearest(reader: SimilarityReader, column: BoundedColumn, values: KnownOfValues): Near[] {
  const best = new Map<string, Near>();
  let most = 0;
  const take = ({ words, trust, isLast }: Wording, table: InTable | null = null): void => {
    const last = lastConcept(words);
    for (const { place, cosine } of reader.index.near(words, LEAST_COSINE)) {
      const text = reader.texts[place];
      if (text === undefined || (isLast && !text.isOneWord)) continue;
      const known = best.get(text.code)?.nearness ?? 0;
      const trusted = cosine * trust * text.trust;
      if (trusted * (table === null ? 1 : WITH_TABLE) <= known) continue;
      const nearness =
        trusted * tableTrust(text, table) * endOf(reader, last, text) * commonOf(reader, words, text);
      if (nearness <= known) continue;
      best.set(text.code, { text, nearness });
      most = Math.max(most, nearness);
    }
  };
  const before = conceptsOf(reader.concepts, tokensOf(column.table).slice(-1));
  for (const wording of wordings(reader, column.ownName)) {
    take(wording);
    if (before.length > 0 && !wording.isLast)
      take({ ...wording, words: [...before, ...wording.words] }, { before, own: wording.words });
    // what is called just so needs no other reading
    if (most >= JUST_SO) break;
  }
  return nearestOf(ofTheForm(reader.vocabulary, [...best.values()], values));
}

/** The nearest first, without those that are far behind. */
function nearestOf(found: readonly Near[]): Near[] {
  const most = Math.max(0, ...found.map(({ nearness }) => nearness));
  return found
    .filter(({ nearness }) => nearness > most - FAR_BEHIND * TEMPERATURE)
    .sort((a, b) => b.nearness - a.nearness || (a.text.code < b.text.code ? -1 : 1))
    .slice(0, MOST_TERMS);
}

/** Nothing where only the table's word is the text's too. */
function tableTrust({ words }: TermText, table: InTable | null): number {
  if (table === null) return 1;
  if (!table.own.some((word) => words.includes(word))) return 0;
  return table.before.some((word) => words.includes(word)) ? WITH_TABLE : WITHOUT_TABLE;
}

/** How much is left where they have but a word in common that many things have, or no whole word. */
function commonOf({ generic }: SimilarityReader, words: readonly string[], text: TermText): number {
  let left = NO_WORD;
  for (const word of text.words) {
    if (word.startsWith(SHADOW) || !words.includes(word)) continue;
    if (text.isOneWord || !generic.has(word)) return 1;
    left = GENERIC_WORD;
  }
  return left;
}

/** How much of its nearness is left to a text by the last word of a name. */
function endOf({ names, changing }: SimilarityReader, last: string, { words }: TermText): number {
  if (words.includes(last) || names.words.neutral.has(last)) return 1;
  return changing.has(last) ? ANOTHER_THING : OPEN_END;
}

function ofTheForm({ frame }: Vocabulary, found: readonly Near[], { forms, allowed }: KnownOfValues): Near[] {
  const clear = forms.filter((form) => isEvidence(form) && form.matched >= SHARE_OF_FORM * form.of);
  const codes = new Set(clear.flatMap(({ attached }) => attached.map(({ code }) => code)));
  const isOf = (code: string): boolean =>
    clear.length > 0 ? codes.has(code) : frame.contains(allowed, frame.setOfCode(code));
  return found.map(({ text, nearness }) => ({
    text,
    nearness: isOf(text.code) ? nearness : nearness * NOT_OF_THE_FORM,
  }));
}

/** What a vocabulary says of its leaves, as texts of concepts to be compared with columns' names. */

import type { NameReader } from '../names/name-match.ts';
import { readingsOf } from '../names/readings.ts';
import { tokensOf } from '../names/tokens.ts';
import { labelParts } from '../vocabulary/label-parts.ts';
import type { Term, Vocabulary } from '../vocabulary/vocabulary.ts';
import { labelOf } from '../vocabulary/vocabulary.ts';
import { type Concepts, conceptsOf, SHADOW } from './concepts.ts';

export interface TermText {
  code: string;
  /** What of the term it is, for people. */
  kind: 'label' | 'name' | 'path' | 'description' | 'meaning';
  text: string;
  words: readonly string[];
  /** Whether it is called by one word, besides those that a concept stands for. */
  isOneWord: boolean;
  /** How much being near to it counts. */
  trust: number;
}

const TRUST: Readonly<Record<TermText['kind'], number>> = {
  label: 1,
  name: 0.97,
  path: 0.9,
  description: 0.8,
  meaning: 0.9,
};
/** Words of a description that say nothing of what it describes. */
const FILLING = new Set(
  'a an the of for to in on at by with from or and that which is are was be it its as such has have this'.split(
    ' ',
  ),
);

/** Deprecated and made nodes have none; neither have groups, which no column is given. */
export function termTexts(vocabulary: Vocabulary, words: Words, meant: readonly MeantPhrase[]): TermText[] {
  return vocabulary.frame.leaves.flatMap((code) => {
    const term = vocabulary.terms.get(code);
    if (term === undefined || term.isMade) return [];
    const own = meant.filter((each) => each.code === code).map(({ phrase }) => phrase);
    return textsOf(vocabulary, words, { term, phrases: own });
  });
}

/** What else the thing is called that a term was found to mean. */
export interface MeantPhrase {
  code: string;
  phrase: string;
}

interface Words {
  names: NameReader;
  concepts: Concepts;
}

interface OwnTerm {
  term: Term;
  phrases: readonly string[];
}

function textsOf(vocabulary: Vocabulary, { names, concepts }: Words, { term, phrases }: OwnTerm): TermText[] {
  const worded = (kind: TermText['kind'], text: string, tokens: readonly string[]): TermText => {
    const telling = kind === 'description' ? tokens.filter((word) => !FILLING.has(word)) : tokens;
    const words = conceptsOf(concepts, telling).filter((word) => word.length > 1 && !FILLING.has(word));
    const isOneWord = words.filter((word) => !word.startsWith(SHADOW)).length === 1;
    return { code: term.code, kind, text, words, isOneWord, trust: TRUST[kind] };
  };
  const named = (kind: TermText['kind'], text: string): TermText => worded(kind, text, tokensOf(text));
  // a vocabulary's own labels are abbreviated, too
  const writtenOut = (text: string): TermText[] =>
    readingsOf(tokensOf(text), names)
      .slice(1)
      .map(({ words }) => worded('name', text, words));
  const above = term.parent === null ? '' : labelOf(vocabulary, term.parent);
  return [
    named('label', term.label),
    ...phrases.map((phrase) => named('meaning', phrase)),
    ...writtenOut(term.label),
    ...[...term.commonNames, ...term.abbreviations, ...labelParts(term.label)].map((name) =>
      named('name', name),
    ),
    named('name', term.code.slice(term.code.lastIndexOf('.') + 1)),
    ...(above === '' ? [] : [named('path', `${above} ${term.label}`)]),
    ...(term.description === '' ? [] : [named('description', term.description)]),
  ].filter(({ words }) => words.length > 0);
}

/** What a vocabulary says of its leaves, as texts of concepts to be compared with columns' names. */

import { tokensOf } from '../names/tokens.ts';
import type { Term, Vocabulary } from '../vocabulary/vocabulary.ts';
import { labelOf } from '../vocabulary/vocabulary.ts';
import { type Concepts, conceptsOf } from './concepts.ts';

export interface TermText {
  code: string;
  /** What of the term it is, for people. */
  kind: 'label' | 'name' | 'path' | 'description';
  text: string;
  words: readonly string[];
  /** How much being near to it counts. */
  trust: number;
}

const TRUST: Readonly<Record<TermText['kind'], number>> = {
  label: 1,
  name: 0.97,
  path: 0.9,
  description: 0.8,
};
/** Words of a description that say nothing of what it describes. */
const FILLING = new Set(
  'a an the of for to in on at by with from or and that which is are was be it its as such has have this'.split(
    ' ',
  ),
);

/** Deprecated and made nodes have none; neither have groups, which no column is given. */
export function termTexts(vocabulary: Vocabulary, concepts: Concepts): TermText[] {
  return vocabulary.frame.leaves.flatMap((code) => {
    const term = vocabulary.terms.get(code);
    return term === undefined || term.isMade ? [] : textsOf(vocabulary, concepts, term);
  });
}

function textsOf(vocabulary: Vocabulary, concepts: Concepts, term: Term): TermText[] {
  const named = (kind: TermText['kind'], text: string): TermText => {
    const tokens = tokensOf(text);
    const telling = kind === 'description' ? tokens.filter((word) => !FILLING.has(word)) : tokens;
    const words = conceptsOf(concepts, telling).filter((word) => word.length > 1 && !FILLING.has(word));
    return { code: term.code, kind, text, words, trust: TRUST[kind] };
  };
  const above = term.parent === null ? '' : labelOf(vocabulary, term.parent);
  return [
    named('label', term.label),
    ...[...term.commonNames, ...term.abbreviations].map((name) => named('name', name)),
    named('name', term.code.slice(term.code.lastIndexOf('.') + 1)),
    ...(above === '' ? [] : [named('path', `${above} ${term.label}`)]),
    ...(term.description === '' ? [] : [named('description', term.description)]),
  ].filter(({ words }) => words.length > 0);
}

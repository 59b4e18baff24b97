/** What the declared type of a column says: that it is one of the terms that are of such a type, and no more. */

import type { Frame } from '../../core/evidence/frame.ts';
import { massFunction, vacuous } from '../../core/evidence/mass.ts';
import type { Evidence } from '../evidence.ts';
import { tokensOf } from '../names/tokens.ts';
import { type Concepts, conceptsOf } from '../similarity/concepts.ts';
import type { Term, Vocabulary } from '../vocabulary/vocabulary.ts';

/** Types that say something, and the words by which terms of theirs are called. */
export type TypeWords = readonly { types: readonly string[]; words: readonly string[] }[];

const TRUST = 0.3;

/** Leaves, by number, that are of a type; none where the type says nothing. */
export function leavesOfType(
  { terms, frame }: Vocabulary,
  { typeWords, concepts }: { typeWords: TypeWords; concepts: Concepts },
  type: string,
): number[] {
  // timestamp(3) without time zone
  const [name = ''] = /^\w*/.exec(type.toLowerCase()) ?? [];
  const words = typeWords.find(({ types }) => types.includes(name))?.words ?? [];
  return frame.leaves.flatMap((code, leaf) => {
    const term = terms.get(code);
    return term && words.some((word) => isCalled(term, word, concepts)) ? [leaf] : [];
  });
}

const isCalled = ({ label, commonNames, abbreviations }: Term, word: string, concepts: Concepts): boolean =>
  [label, ...commonNames, ...abbreviations].some((name) => {
    const tokens = tokensOf(name);
    return tokens.includes(word) || conceptsOf(concepts, tokens).includes(word);
  });

export function typeEvidence(frame: Frame, type: string, leaves: readonly number[]): Evidence {
  if (leaves.length === 0) {
    const reason = type === '' ? 'No type is given.' : `The type ${type} says nothing of what it is.`;
    return { source: 'type', mass: vacuous(frame), reasons: [reason] };
  }
  const mass = massFunction(frame, [[frame.setOf(leaves), TRUST]]);
  const reason = `The type ${type} fits ${leaves.length} of ${frame.leaves.length} terms.`;
  return { source: 'type', mass, reasons: [reason] };
}

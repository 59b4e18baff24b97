/**
 * What a table is about: the subjects, which are the topmost nodes of a vocabulary, that the words of its name and its
 * decided columns belong to.
 */

import type { SetId } from '../../core/evidence/frame.ts';
import { tokensOf } from '../names/tokens.ts';
import type { Vocabulary } from '../vocabulary/vocabulary.ts';

/** Shorter ones are anything's. */
const SHORTEST_WORD = 3;

export interface Subject {
  code: string;
  set: SetId;
}

/** How much speaks for each subject. */
export type SubjectShares = ReadonlyMap<Subject, number>;

export interface Subjects {
  /** By the code of a leaf. */
  ofLeaf: ReadonlyMap<string, Subject>;
  /** Of each word the subjects whose terms are called by it, with shares that sum to 1. */
  ofWord: ReadonlyMap<string, SubjectShares>;
}

export function subjectsOf(vocabulary: Vocabulary): Subjects {
  const { frame, terms } = vocabulary;
  const top = new Map<string, Subject>();
  for (const { code, set, depth } of frame.nodes.values())
    if (depth === 1 && set !== frame.whole && !frame.isLeaf(set)) top.set(code, { code, set });
  const ofTerm = (code: string): Subject | undefined => {
    let at = terms.get(code);
    while (at?.parent) at = terms.get(at.parent);
    return top.get(at?.code ?? '');
  };
  const ofLeaf = new Map(
    frame.leaves.flatMap((code): [string, Subject][] => {
      const subject = ofTerm(code);
      return subject === undefined ? [] : [[code, subject]];
    }),
  );
  return { ofLeaf, ofWord: wordShares(vocabulary, ofTerm) };
}

function wordShares(
  { terms }: Vocabulary,
  subjectOf: (code: string) => Subject | undefined,
): Map<string, SubjectShares> {
  const counts = new Map<string, Map<Subject, number>>();
  for (const { code, label, commonNames } of terms.values()) {
    const subject = subjectOf(code);
    if (subject === undefined) continue;
    for (const word of new Set([label, ...commonNames].flatMap(tokensOf))) {
      if (word.length < SHORTEST_WORD) continue;
      const known = counts.get(word) ?? new Map<Subject, number>();
      known.set(subject, (known.get(subject) ?? 0) + 1);
      counts.set(word, known);
    }
  }
  return new Map([...counts].map(([word, shares]) => [word, normalised(shares)]));
}

function normalised(shares: SubjectShares): SubjectShares {
  const sum = [...shares.values()].reduce((total, share) => total + share, 0);
  return new Map([...shares].map(([subject, share]) => [subject, share / sum]));
}

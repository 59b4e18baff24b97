/** A vocabulary as it is shown: its tree, and what its terms mean to the classifier. */

import type { Attachable, Attachment, VocabularyTerm } from '../../core/classification/answers.ts';
import type { Classifier } from '../classifier.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Term, Vocabulary } from '../vocabulary/vocabulary.ts';
import { labelOf, pathOf } from '../vocabulary/vocabulary.ts';

/** Every node, each behind its parent, in the order of the file. */
export function shownTerms(vocabulary: Vocabulary): VocabularyTerm[] {
  const below = new Map<string | null, Term[]>();
  for (const term of vocabulary.terms.values()) {
    const known = below.get(term.parent);
    if (known) known.push(term);
    else below.set(term.parent, [term]);
  }
  const shown: VocabularyTerm[] = [];
  // a list of its own in place of recursion: a file says how deep it is
  const waiting = [...(below.get(null) ?? [])].reverse();
  for (let term = waiting.pop(); term !== undefined; term = waiting.pop()) {
    const children = below.get(term.code) ?? [];
    shown.push(shownTerm(vocabulary, term, children.length === 0));
    waiting.push(...children.toReversed());
  }
  return shown;
}

function shownTerm(vocabulary: Vocabulary, term: Term, isLeaf: boolean): VocabularyTerm {
  const { frame } = vocabulary;
  const path = pathOf(vocabulary, term.code);
  return {
    ...{ code: term.code, label: term.label, path, sensitivity: term.sensitivity },
    ...{ parent_code: term.parent, depth: path.length, is_leaf: isLeaf },
    leaves: frame.sizeOf(frame.setOfCode(term.code)),
    ...{ abbreviations: [...term.abbreviations], common_names: [...term.commonNames] },
    description: term.description,
  };
}

/** By term in the order of the vocabulary, then by meaning. */
export function shownAttachments(knowledge: Knowledge, classifier: Classifier): Attachment[] {
  const { vocabulary, attachments } = classifier;
  const places = new Map(vocabulary.frame.leaves.map((code, place) => [code, place]));
  return [...attachments.values()]
    .flat()
    .map(({ meaning, code, reason }) => ({
      ...{ code, reason, label: labelOf(vocabulary, code) },
      ...attachable(knowledge, meaning),
    }))
    .sort((one, other) => (places.get(one.code) ?? 0) - (places.get(other.code) ?? 0));
}

/** Every meaning that brings a term a form or a list, by its name. */
export const shownAttachables = (knowledge: Knowledge): Attachable[] =>
  Object.keys(knowledge.meanings)
    .sort()
    .map((meaning) => attachable(knowledge, meaning))
    .filter(({ patterns, list }) => patterns.length > 0 || list !== null);

function attachable({ patterns, valueLists }: Knowledge, meaning: string): Attachable {
  const list = valueLists.get(meaning);
  return {
    meaning,
    patterns: patterns
      .filter((pattern) => pattern.meaning === meaning)
      .map(({ name, title, isWeak }) => ({ name, title, is_weak: isWeak })),
    list: list === undefined ? null : { values: list.size },
  };
}

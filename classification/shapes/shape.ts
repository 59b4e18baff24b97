/** What is found of all values of a column together, and what is needed to find it. */

import { EMPTY, type SetId } from '../../core/evidence/frame.ts';
import type { Knowledge } from '../knowledge.ts';
import type { NameReader } from '../names/name-match.ts';
import type { Vocabulary } from '../vocabulary/vocabulary.ts';

export interface FoundShape {
  /** For people: what the values look like. */
  title: string;
  strength: number;
  /** Sets of leaves that share it; none where no term means it. */
  sets: readonly SetId[];
  /** Whether it only says of which kind a term is: it is beside what is guessed, and takes nothing of it. */
  isKind?: true;
}

/** What says of which kind a term is; nothing where no term is so. */
export const kindShape = (title: string, strength: number, set: SetId): FoundShape[] =>
  set === EMPTY ? [] : [{ title, strength, sets: [set], isKind: true }];

/** Days and moments; identifiers; numbers that stand for something; codes of few kinds;
 * without those that small numbers may stand for, too: all that are no texts; all that are no numbers. */
export type TermKind =
  | 'dates'
  | 'identifiers'
  | 'numbered'
  | 'coded'
  | 'noTexts'
  | 'noPlainTexts'
  | 'noNumbers';

export interface ShapeReader {
  knowledge: Knowledge;
  vocabulary: Vocabulary;
  names: NameReader;
  /** Of a kind's terms the set; EMPTY for none. The frame must retain them. */
  termsOf(kind: TermKind): SetId;
  /** Of each leaf's code what it means. */
  meaningsOf: ReadonlyMap<string, ReadonlySet<string>>;
  meant(meaning: string, shape: Omit<FoundShape, 'sets'>): FoundShape;
}

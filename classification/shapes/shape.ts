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

export interface ShapeReader {
  knowledge: Knowledge;
  vocabulary: Vocabulary;
  names: NameReader;
  /** Terms that are days or moments, and terms that are identifiers; EMPTY where there are none. */
  dates: SetId;
  identifiers: SetId;
  /** Terms that are codes of few kinds, that are no texts, and that are no numbers; EMPTY where there are none. */
  kinds: Readonly<Record<'coded' | 'noTexts' | 'noNumbers', SetId>>;
  meant(meaning: string, shape: Omit<FoundShape, 'sets'>): FoundShape;
}

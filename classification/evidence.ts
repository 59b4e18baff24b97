/** What one source has to say of a column: masses, and why in sentences. */

import type { Frame, SetId } from '../core/evidence/frame.ts';
import { type MassFunction, massFunction } from '../core/evidence/mass.ts';
import type { Attachment } from './meanings/attachments.ts';

export const SOURCES = ['name_match', 'pattern', 'cosine', 'values', 'shape', 'type', 'context'] as const;
/** They learn from one another's labels, and so are of one origin. */
export const LEARNING_SOURCES = ['llm', 'svm', 'catboost'] as const;
export type LearningSource = (typeof LEARNING_SOURCES)[number];
export type Source = (typeof SOURCES)[number] | LearningSource;

export const isSource = (name: string): name is Source =>
  [...SOURCES, ...LEARNING_SOURCES].some((source) => source === name);

export interface Evidence {
  source: Source;
  mass: MassFunction;
  reasons: readonly string[];
}

/** What was counted over a column's values: how many have a form, or stand in a list. */
export interface Signal {
  /** Of the pattern, or the list's meaning. */
  name: string;
  /** For people. */
  title: string;
  matched: number;
  of: number;
  /** Too many other things look so: it is no evidence. */
  isWeak: boolean;
  /** So many that it counts. */
  fires: boolean;
  attached: readonly Attachment[];
}

/** What a source of values leaves to the whole frame however well all values fit. */
const DISCOUNT = 0.25;

/** It counts from one value on, and from a third of them. */
export const fires = (matched: number, of: number): boolean => matched > 0 && matched >= Math.max(1, of / 3);

/**
 * Each signal that fires gives its share of the values, discounted, in equal parts to the terms that it is attached to.
 * Signals that overlap share what one may give at most.
 */
export function massOfSignals(frame: Frame, signals: readonly Signal[]): MassFunction {
  const shares: [SetId, number][] = [];
  for (const { matched, of, attached } of signals.filter(isEvidence))
    for (const { code } of attached)
      shares.push([frame.setOfCode(code), ((1 - DISCOUNT) * matched) / of / attached.length]);
  const sum = shares.reduce((total, [, share]) => total + share, 0);
  const scale = Math.min(1, (1 - DISCOUNT) / sum);
  return massFunction(
    frame,
    shares.map(([set, share]): [SetId, number] => [set, share * scale]),
  );
}

export const isEvidence = (signal: Signal): boolean =>
  signal.fires && !signal.isWeak && signal.attached.length > 0;

/**
 * How far a model is believed of a column: as far as its answers to two writings of it agree, and not as far as it says
 * itself. Its own word only decides which of two answers comes first.
 */

import type { Frame } from '../../core/evidence/frame.ts';
import type { ColumnAnswer } from './label-answer.ts';
import type { Choice, ModelLabel } from './label-mass.ts';

export interface AgreementSettings {
  /** Both say the same. */
  agreed: number;
  /** One says a term, the other one above it: so far the upper one is believed, and of it the lower one's share. */
  nested: number;
  /** Only one has an answer, or was asked. */
  single: number;
  /** They differ: so far the surer one is believed, and the other as its alternative. */
  parted: number;
}

export const AGREEMENT_DEFAULTS: AgreementSettings = { agreed: 0.9, nested: 0.8, single: 0.65, parted: 0.4 };

/** @returns null where the model said nothing, or that no term fits */
export function agreedLabel(
  frame: Frame,
  answers: readonly (ColumnAnswer | null)[],
  settings: AgreementSettings = AGREEMENT_DEFAULTS,
): ModelLabel | null {
  const given = answers.filter((answer) => answer !== null);
  const [first, second] = given
    .filter(
      (answer): answer is ColumnAnswer & { code: string } =>
        answer.code !== null && frame.nodes.has(answer.code),
    )
    .sort((a, b) => b.confidence - a.confidence);
  if (first === undefined) return null;
  const others = alternativesOf(given, first.code);
  // "no term fits" contradicts a term as another term does
  if (second === undefined)
    return label(first.code, given.length > 1 ? settings.parted : settings.single, others);
  if (first.code === second.code) return label(first.code, settings.agreed, others);
  const upper = upperOf(frame, first.code, second.code);
  if (upper === null)
    return label(first.code, settings.parted, [
      { code: second.code, confidence: settings.parted },
      ...others,
    ]);
  const lower = upper === first.code ? second.code : first.code;
  return label(lower, settings.nested / 2, [{ code: upper, confidence: settings.nested / 2 }]);
}

/** How far a model is believed that no term fits; 0 where it named one, or has no answer. */
export function noTermConfidence(
  answers: readonly (ColumnAnswer | null)[],
  settings: AgreementSettings = AGREEMENT_DEFAULTS,
): number {
  const given = answers.filter((answer) => answer !== null);
  if (given.length === 0 || given.some(({ code }) => code !== null)) return 0;
  return given.length > 1 ? settings.agreed : settings.single;
}

const label = (code: string, confidence: number, alternatives: Choice[]): ModelLabel => ({
  ...{ code, confidence },
  alternatives,
});

/** What was named beside the first term, never surer than the model itself was. */
const alternativesOf = (answers: readonly ColumnAnswer[], first: string): Choice[] =>
  answers.flatMap(({ alternatives }) => alternatives.filter(({ code }) => code !== first));

/** Which of two terms is above the other; null: neither. */
function upperOf(frame: Frame, one: string, other: string): string | null {
  const [a, b] = [frame.setOfCode(one), frame.setOfCode(other)];
  if (frame.contains(a, b)) return one;
  return frame.contains(b, a) ? other : null;
}

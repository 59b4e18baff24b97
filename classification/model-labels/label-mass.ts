/**
 * What a model's answer says of a column, as masses: its first term confidence · .90; other terms share what is left up
 * to .90 in proportion to their confidence, none more than its own. An answer that names no known term says nothing.
 */

import type { Frame } from '../../core/evidence/frame.ts';
import { type MassFunction, massOfCodes, vacuous } from '../../core/evidence/mass.ts';

export interface Choice {
  code: string;
  /** 0 to 1. */
  confidence: number;
}

export interface ModelLabel extends Choice {
  alternatives: readonly Choice[];
}

/** What a model is trusted with however sure it is. */
export const MODEL_TRUST = 0.9;

export function labelMass(frame: Frame, { code, confidence, alternatives }: ModelLabel): MassFunction {
  if (!frame.nodes.has(code)) return vacuous(frame);
  const first = share(confidence) * MODEL_TRUST;
  const others = otherChoices(frame, code, alternatives);
  const sum = [...others.values()].reduce((total, each) => total + each, 0);
  const masses = new Map([[code, first]]);
  for (const [other, own] of others) masses.set(other, Math.min(own, ((MODEL_TRUST - first) * own) / sum));
  return massOfCodes(frame, Object.fromEntries(masses));
}

/** How far a model that says that no term fits is followed. */
export const noTermShare = (confidence: number): number => share(confidence) * MODEL_TRUST;

/** Known terms beside the first one, each with its highest confidence. */
function otherChoices(frame: Frame, first: string, choices: readonly Choice[]): Map<string, number> {
  const others = new Map<string, number>();
  for (const { code, confidence } of choices) {
    const own = share(confidence);
    if (code !== first && frame.nodes.has(code) && own > 0)
      others.set(code, Math.max(own, others.get(code) ?? 0));
  }
  return others;
}

/** @throws RangeError for what is no number */
function share(confidence: number): number {
  if (Number.isNaN(confidence)) throw new RangeError('A confidence must be a number.');
  return Math.min(1, Math.max(0, confidence));
}

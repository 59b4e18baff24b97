/**
 * A model may say that no term fits. That lies outside of the frame, in which one leaf is right: so what the sources
 * say meets it by Dempster's rule over the frame with one element more, which only "not known" allows, and is told
 * apart.
 */

import type { Decision, DecisionSettings } from '../core/evidence/belief.ts';
import { type MassFunction, massFunction } from '../core/evidence/mass.ts';

export interface Beside {
  /** Of the terms; what says that none fits rests on the whole frame. */
  mass: MassFunction;
  /** That no term fits. */
  belief: number;
  /** What is not known of that. */
  gap: number;
}

/** @param share of a source's mass that says so, 0 to less than 1 */
export function withNoTerm(mass: MassFunction, share: number): Beside {
  if (share === 0) return { mass, belief: 0, gap: 0 };
  const { frame, masses } = mass;
  const whole = masses.get(frame.whole) ?? 0;
  const rest = 1 - share + share * whole;
  const terms = [...masses].filter(([set]) => set !== frame.whole);
  return {
    mass: massFunction(
      frame,
      terms.map(([set, each]) => [set, (each * (1 - share)) / rest] as const),
    ),
    belief: (share * whole) / rest,
    gap: ((1 - share) * whole) / rest,
  };
}

/** Where that is more probable than the term, there is no term; a person looks where it is not sure enough. */
export function decisionBeside(
  decision: Decision,
  { belief, gap }: Omit<Beside, 'mass'>,
  { reviewBelief, reviewGap }: DecisionSettings,
): Decision {
  if (belief <= decision.probability) return decision;
  const needsReview = belief < reviewBelief || gap > reviewGap;
  return { ...decision, predicted: null, cautious: null, needsReview };
}

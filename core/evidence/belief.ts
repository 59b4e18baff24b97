/**
 * What a mass function says of a set of leaves, and what is decided by it.
 *
 * Bel   what surely lies in the set           Pl    what may lie in it           gap   Pl - Bel
 * BetP  a leaf's probability if one must bet: every mass is shared equally among its set's leaves
 *
 * Source: P. Smets and R. Kennes, The transferable belief model, Artificial Intelligence 66 (1994), for BetP.
 */

import { EMPTY, type Node, type SetId } from './frame.ts';
import { type MassFunction, TOLERANCE } from './mass.ts';
import { inLarger } from './split.ts';

export function belief({ frame, masses }: MassFunction, set: SetId): number {
  let sum = 0;
  for (const [focal, mass] of masses) if (frame.contains(set, focal)) sum += mass;
  return Math.min(1, sum);
}

export function plausibility({ frame, masses }: MassFunction, set: SetId): number {
  let sum = 0;
  for (const [focal, mass] of masses) if (frame.intersect(focal, set) !== EMPTY) sum += mass;
  return Math.min(1, sum);
}

/** By number of leaf; sums to 1. */
export function bettingProbabilities({ frame, masses }: MassFunction): Float64Array {
  const all = frame.leaves.length;
  const shares = new Float64Array(all).fill((masses.get(frame.whole) ?? 0) / all);
  for (const [focal, mass] of masses) {
    if (focal === frame.whole) continue;
    const size = frame.sizeOf(focal);
    for (const leaf of frame.leavesOf(focal)) shares[leaf] = (shares[leaf] ?? 0) + mass / size;
  }
  return shares;
}

export interface DecisionSettings {
  /** Belief from which on a node is told. */
  threshold: number;
  /** Below this belief in every node there is no prediction. */
  floor: number;
  /** Below this belief in what is predicted a person looks at it. */
  reviewBelief: number;
  /** Above this gap a person looks at it. */
  reviewGap: number;
}

export const DECISION_DEFAULTS: DecisionSettings = {
  threshold: 0.7,
  floor: 0.2,
  reviewBelief: 0.5,
  reviewGap: 0.3,
};

export interface Decision {
  /** Code of the leaf on which one would bet; null: nothing is known well enough to say one. */
  predicted: string | null;
  /** Code of the deepest node that is believed enough; null: of none below the root. */
  cautious: string | null;
  belief: number;
  plausibility: number;
  gap: number;
  probability: number;
  needsReview: boolean;
}

/** Equal probabilities go to the leaf that stands first in the frame. */
export function decide(mass: MassFunction, settings: DecisionSettings = DECISION_DEFAULTS): Decision {
  const { frame, split } = mass;
  const shares = bettingProbabilities(mass);
  const best = placeOfLargest(shares);
  const bel = Math.min(1, split.leaves.get(best) ?? 0);
  const gap = Math.min(1 - bel, inLarger(frame, split, best) + split.whole);
  const believed = beliefsInNodes(mass);
  const abstains = believed.every((each) => isLess(each.belief, settings.floor));
  return {
    predicted: abstains ? null : (frame.leaves[best] ?? null),
    cautious: deepestBelieved(believed, settings.threshold)?.code ?? null,
    ...{ belief: bel, plausibility: bel + gap, gap },
    probability: shares[best] ?? 0,
    needsReview: abstains || isLess(bel, settings.reviewBelief) || isLess(settings.reviewGap, gap),
  };
}

/** By more than sums are off: what is just at a bar has reached it. */
export const isLess = (one: number, other: number): boolean => one < other - TOLERANCE;

/** The first of the largest. */
function placeOfLargest(shares: Float64Array): number {
  let best = 0;
  for (let leaf = 1; leaf < shares.length; leaf += 1)
    if ((shares[leaf] ?? 0) > (shares[best] ?? 0)) best = leaf;
  return best;
}

interface BelievedNode {
  node: Node;
  belief: number;
}

/** Of the nodes below the root, those in which there is any belief. */
function beliefsInNodes({ frame, masses }: MassFunction): BelievedNode[] {
  const found = new Map<number, BelievedNode>();
  for (const [focal, mass] of masses) {
    if (focal === frame.whole) continue;
    for (const node of frame.nodesAbove(focal)) {
      const known = found.get(node.place);
      if (known) known.belief += mass;
      else if (node.set !== frame.whole) found.set(node.place, { node, belief: mass });
    }
  }
  return [...found.values()];
}

/** Of equally deep ones, that which is believed more, then that whose set stands first in the frame. */
function deepestBelieved(nodes: readonly BelievedNode[], threshold: number): Node | null {
  const [deepest] = nodes
    .filter((each) => !isLess(each.belief, threshold))
    .sort((a, b) => b.node.depth - a.node.depth || b.belief - a.belief || a.node.set - b.node.set);
  return deepest?.node ?? null;
}

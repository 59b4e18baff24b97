/**
 * A mass function as products need it: its leaves, its larger sets and the whole frame apart. Two leaves agree only
 * where they are one, the whole frame agrees with everything, and larger sets are few; so a source that speaks of 1,000
 * leaves costs 1,000 steps against another such, and not a million.
 */

import { EMPTY, type Frame, type SetId } from './frame.ts';

export interface Split {
  leaves: Map<SetId, number>;
  /** Without the whole frame. */
  larger: Map<SetId, number>;
  whole: number;
}

export function splitOf(frame: Frame, masses: ReadonlyMap<SetId, number>): Split {
  const split: Split = { leaves: new Map(), larger: new Map(), whole: 0 };
  // a frame of one leaf is that leaf
  for (const [set, mass] of masses)
    if (set === frame.whole) split.whole = mass;
    else if (frame.isLeaf(set)) split.leaves.set(set, mass);
    else split.larger.set(set, mass);
  return split;
}

/** What both allow; what they exclude together is left out. */
export function product(frame: Frame, one: Split, other: Split): Split {
  const leaves = new Map<SetId, number>();
  for (const [leaf, mass] of one.leaves) {
    const agreed = mass * (allowing(frame, other, leaf) + (other.leaves.get(leaf) ?? 0));
    if (agreed > 0) leaves.set(leaf, agreed);
  }
  for (const [leaf, mass] of other.leaves) {
    const agreed = mass * allowing(frame, one, leaf);
    if (agreed > 0) leaves.set(leaf, (leaves.get(leaf) ?? 0) + agreed);
  }
  const split: Split = { leaves, larger: new Map(), whole: one.whole * other.whole };
  addLarger(frame, split, [one, other]);
  return split;
}

function addLarger(frame: Frame, split: Split, [one, other]: readonly [Split, Split]): void {
  if (other.whole > 0) for (const [set, mass] of one.larger) add(split.larger, set, mass * other.whole);
  for (const [set, share] of other.larger) {
    if (one.whole > 0) add(split.larger, set, share * one.whole);
    for (const [each, mass] of one.larger) {
      const common = frame.intersect(each, set);
      add(frame.isLeaf(common) ? split.leaves : split.larger, common, mass * share);
    }
  }
}

/** How much of the product of two rests on something: what `product` would hold in all, without making it. */
export function agreement(frame: Frame, one: Split, other: Split): number {
  let sum = one.whole + other.whole - one.whole * other.whole;
  for (const [leaf, mass] of one.leaves)
    sum += mass * ((other.leaves.get(leaf) ?? 0) + inLarger(frame, other, leaf));
  for (const [leaf, mass] of other.leaves) sum += mass * inLarger(frame, one, leaf);
  for (const [set, mass] of one.larger)
    for (const [each, share] of other.larger) if (frame.intersect(set, each) !== EMPTY) sum += mass * share;
  return sum;
}

/** The mass on larger sets and the whole frame that allow a leaf. */
const allowing = (frame: Frame, split: Split, leaf: SetId): number =>
  split.whole + inLarger(frame, split, leaf);

/** The mass on larger sets that have a leaf. */
export function inLarger(frame: Frame, { larger }: Split, leaf: SetId): number {
  let sum = 0;
  for (const [set, mass] of larger) if (frame.contains(set, leaf)) sum += mass;
  return sum;
}

export function add(masses: Map<SetId, number>, set: SetId, share: number): void {
  if (set === EMPTY) return;
  masses.set(set, (masses.get(set) ?? 0) + share);
}

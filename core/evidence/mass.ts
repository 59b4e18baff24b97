/**
 * Mass functions: how much of one source's belief rests on which set of leaves. What rests on the whole frame is what
 * the source does not know; nothing rests on the empty set, and the masses sum to 1.
 */

import { EMPTY, type Frame, type SetId } from './frame.ts';
import { add, type Split, splitOf } from './split.ts';

/** Sums may be off by this much: 64-bit sums of some thousand products. */
export const TOLERANCE = 1e-9;

export interface MassFunction {
  readonly frame: Frame;
  /** Above 0, by set. */
  readonly masses: ReadonlyMap<SetId, number>;
  /** The same, as products need it. */
  readonly split: Split;
}

class Masses implements MassFunction {
  readonly frame: Frame;
  readonly masses: ReadonlyMap<SetId, number>;
  #split: Split | null = null;

  constructor(frame: Frame, masses: ReadonlyMap<SetId, number>) {
    this.frame = frame;
    this.masses = masses;
  }

  /** Made when it is first asked for, then kept: a source meets each of the others. */
  get split(): Split {
    this.#split ??= splitOf(this.frame, this.masses);
    return this.#split;
  }
}

/** A function of masses that were made of lawful ones, and so need no check. */
export const ofMasses = (frame: Frame, masses: ReadonlyMap<SetId, number>): MassFunction =>
  new Masses(frame, masses);

/** It knows nothing. */
export const vacuous = (frame: Frame): MassFunction => ofMasses(frame, new Map([[frame.whole, 1]]));

export const isVacuous = ({ frame, masses }: MassFunction): boolean =>
  Math.abs((masses.get(frame.whole) ?? 0) - 1) <= TOLERANCE;

/**
 * Masses on sets; what is left up to 1 rests on the whole frame. A set that comes twice has the sum.
 *
 * @throws RangeError for a mass that is no share, a sum above 1, or mass on the empty set
 */
export function massFunction(frame: Frame, shares: Iterable<readonly [SetId, number]>): MassFunction {
  const masses = new Map<SetId, number>();
  let sum = 0;
  for (const [set, share] of shares) {
    if (!(share >= 0 && share <= 1 + TOLERANCE)) throw new RangeError(`${share} is no share of a mass of 1.`);
    if (share === 0) continue;
    if (frame.sizeOf(set) === 0) throw new RangeError('No mass can rest on the empty set.');
    add(masses, set, share);
    sum += share;
  }
  if (sum > 1 + TOLERANCE) throw new RangeError(`The masses sum to ${sum}, which is more than 1.`);
  if (1 - sum > TOLERANCE / 10) add(masses, frame.whole, 1 - sum);
  return ofMasses(frame, masses);
}

/** Masses by the codes of terms. @throws as massFunction, and RangeError for a code that is no term's */
export const massOfCodes = (frame: Frame, shares: Readonly<Record<string, number>>): MassFunction =>
  massFunction(
    frame,
    Object.entries(shares).map(([code, share]) => [frame.setOfCode(code), share] as const),
  );

/**
 * Trusts a source less: `rate` of every mass goes to the whole frame.
 *
 * @param rate 0 leaves it, 1 makes it vacuous
 */
export function discounted({ frame, masses }: MassFunction, rate: number): MassFunction {
  return massFunction(
    frame,
    [...masses].flatMap(([set, mass]) => (set === frame.whole ? [] : [[set, mass * (1 - rate)] as const])),
  );
}

/** Pairs of leaves that are taken for each other, each as one number. */
export type ConfusablePairs = ReadonlySet<number>;

/** @throws RangeError for a code that is no leaf's */
export function confusablePairs(frame: Frame, pairs: Iterable<readonly [string, string]>): ConfusablePairs {
  const keys = new Set<number>();
  for (const codes of pairs) {
    const [one, other] = codes.map((code) => frame.setOfCode(code));
    if (one === undefined || other === undefined || !frame.isLeaf(one) || !frame.isLeaf(other))
      throw new RangeError(`${codes.join(' and ')} are no pair of leaves.`);
    keys.add(pairKey(frame, one, other));
  }
  return keys;
}

const pairKey = ({ leaves }: Frame, one: SetId, other: SetId): number =>
  Math.min(one, other) * leaves.length + Math.max(one, other);

/**
 * Where the two strongest leaves are known to be taken for each other and neither is far ahead, half of the weaker
 * one's mass says "one of these two" instead.
 *
 * @param ratio from which on the stronger one is far ahead
 */
export function withConfusion(mass: MassFunction, pairs: ConfusablePairs, ratio = 3): MassFunction {
  const { frame, masses } = mass;
  const [first, second] = strongestLeaves(mass);
  if (first === EMPTY || second === EMPTY || !pairs.has(pairKey(frame, first, second))) return mass;
  const [more, less] = [masses.get(first) ?? 0, masses.get(second) ?? 0];
  if (more >= ratio * less) return mass;
  const moved = new Map(masses);
  moved.set(second, less / 2);
  add(moved, frame.setOf([first, second]), less / 2);
  return ofMasses(frame, moved);
}

/** The two leaves that have most; of equal ones those that stand first in the frame. */
function strongestLeaves({ split: { leaves } }: MassFunction): [first: SetId, second: SetId] {
  let [first, second] = [EMPTY, EMPTY];
  let [most, next] = [0, 0];
  for (const [leaf, mass] of leaves)
    if (mass > most || (mass === most && leaf < first)) {
      [second, next] = [first, most];
      [first, most] = [leaf, mass];
    } else if (mass > next || (mass === next && leaf < second)) [second, next] = [leaf, mass];
  return [first, second];
}

/** @throws RangeError for an empty list, or functions of more than one frame */
export function frameOfAll(functions: readonly MassFunction[]): Frame {
  const frame = functions[0]?.frame;
  if (frame === undefined) throw new RangeError('There is no mass function to combine.');
  if (functions.some((each) => each.frame !== frame))
    throw new RangeError('Mass functions of different frames cannot be combined.');
  return frame;
}

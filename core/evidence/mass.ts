/**
 * Mass functions: how much of one source's belief rests on which set of leaves. What rests on the whole frame is what
 * the source does not know; nothing rests on the empty set, and the masses sum to 1.
 */

import { EMPTY, type Frame, type SetId } from './frame.ts';

/** Sums may be off by this much: 64-bit sums of some thousand products. */
export const TOLERANCE = 1e-9;

export interface MassFunction {
  readonly frame: Frame;
  /** Above 0, by set. */
  readonly masses: ReadonlyMap<SetId, number>;
}

/** It knows nothing. */
export const vacuous = (frame: Frame): MassFunction => ({ frame, masses: new Map([[frame.whole, 1]]) });

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
  return { frame, masses };
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

/**
 * Where the two strongest leaves are known to be taken for each other and neither is far ahead, half of the weaker one's
 * mass says "one of these two" instead.
 *
 * @param pairs sets of two leaves
 * @param ratio from which on the stronger one is far ahead
 */
export function withConfusion(
  { frame, masses }: MassFunction,
  pairs: ReadonlySet<SetId>,
  ratio = 3,
): MassFunction {
  const [first, second] = [...masses]
    .filter(([set]) => frame.isLeaf(set))
    .sort(([one, a], [other, b]) => b - a || one - other);
  if (first === undefined || second === undefined) return { frame, masses };
  const pair = frame.union(first[0], second[0]);
  if (!pairs.has(pair) || first[1] >= ratio * second[1]) return { frame, masses };
  const moved = new Map(masses);
  moved.set(second[0], second[1] / 2);
  add(moved, pair, second[1] / 2);
  return { frame, masses: moved };
}

/** @throws RangeError for an empty list, or functions of more than one frame */
export function frameOfAll(functions: readonly MassFunction[]): Frame {
  const frame = functions[0]?.frame;
  if (frame === undefined) throw new RangeError('There is no mass function to combine.');
  if (functions.some((each) => each.frame !== frame))
    throw new RangeError('Mass functions of different frames cannot be combined.');
  return frame;
}

export function add(masses: Map<SetId, number>, set: SetId, share: number): void {
  if (set === EMPTY) return;
  masses.set(set, (masses.get(set) ?? 0) + share);
}

/**
 * A place in the plane for every term, and so for every column: terms of one branch lie near each other, and a column
 * lies between the terms that it may be. It depends on the vocabulary alone, so that runs can be laid over each other.
 */

import { bettingProbabilities } from '../../core/evidence/belief.ts';
import type { Frame } from '../../core/evidence/frame.ts';
import type { MassFunction } from '../../core/evidence/mass.ts';

export interface Place {
  /** -1 to 1; the centre is where nothing is known. */
  x: number;
  y: number;
}

/** By number of leaf: leaves on a circle in the order of the tree, those of one branch side by side. */
export function leafPlaces(frame: Frame): Place[] {
  const order = [...frame.leaves.keys()].sort(
    (a, b) => compare(branchOf(frame, a), branchOf(frame, b)) || a - b,
  );
  const places = new Array<Place>(order.length);
  for (const [index, leaf] of order.entries()) {
    const angle = (2 * Math.PI * index) / order.length;
    places[leaf] = { x: Math.cos(angle), y: Math.sin(angle) };
  }
  return places;
}

/** Codes from the top; the leaf is a node itself, and stands for no branch. */
const branchOf = (frame: Frame, leaf: number): string =>
  frame
    .nodesAbove(leaf)
    .filter(({ set }) => !frame.isLeaf(set))
    .map(({ code }) => code)
    .join('\u0000');

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Where a column lies: the mean of the leaves' places by what one would bet on each, so that doubt draws inwards. */
export function placeOf(mass: MassFunction, leaves: readonly Place[]): Place {
  const shares = bettingProbabilities(mass);
  let [x, y] = [0, 0];
  for (const [leaf, place] of leaves.entries()) {
    const share = shares[leaf] ?? 0;
    x += share * place.x;
    y += share * place.y;
  }
  return { x: rounded(x), y: rounded(y) };
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6 + 0;

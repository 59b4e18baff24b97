/**
 * Masses as they are stored: by the code of a node, by several leaves' codes as a JSON list, or by nothing ('') for
 * the whole frame. Numbers are kept as they are, so that what is read back is what was written.
 */

import type { Masses } from '../../core/classification/records.ts';
import type { Frame, SetId } from '../../core/evidence/frame.ts';
import { type MassFunction, massFunction } from '../../core/evidence/mass.ts';

const WHOLE = '';
const codesOfFrames = new WeakMap<Frame, ReadonlyMap<SetId, string>>();

function codesOf(frame: Frame): ReadonlyMap<SetId, string> {
  const known = codesOfFrames.get(frame);
  if (known) return known;
  // of nodes with the same leaves the last, which is the deepest
  const codes = new Map([...frame.nodes.values()].map(({ set, code }) => [set, code]));
  codesOfFrames.set(frame, codes);
  return codes;
}

/** The largest first; of equal ones in the frame's order. */
export function storedMasses({ frame, masses }: MassFunction): Masses {
  const codes = codesOf(frame);
  const rows = [...masses].sort(([one, a], [other, b]) => b - a || one - other);
  return Object.fromEntries(
    rows.map(([set, mass]) => {
      if (set === frame.whole) return [WHOLE, mass];
      return [codes.get(set) ?? JSON.stringify(frame.leavesOf(set).map((leaf) => frame.leaves[leaf])), mass];
    }),
  );
}

/** @throws RangeError for a code that is none of the frame's */
export const massesFrom = (frame: Frame, stored: Masses): MassFunction =>
  massFunction(
    frame,
    Object.entries(stored).map(([key, mass]) => [setOf(frame, key), mass] as const),
  );

function setOf(frame: Frame, key: string): SetId {
  if (key === WHOLE) return frame.whole;
  if (frame.nodes.has(key) || !key.startsWith('[')) return frame.setOfCode(key);
  const codes: unknown = JSON.parse(key);
  const leaves = Array.isArray(codes) ? codes.map(String) : [];
  return frame.setOf(leaves.map((code) => frame.setOfCode(code)));
}

/** Where differences and their intervals lie on one line, with 0 always in sight. */

import type { PairedDifference } from '../../lib/api/answers.ts';

const WIDTH = 160;
/** Room for the dots at the ends. */
const EDGE = 5;

export interface Plot {
  /** From the left, in pixels. */
  place: (value: number) => number;
}

export function plotOf(differences: readonly Pick<PairedDifference, 'low' | 'high'>[]): Plot {
  const low = Math.min(0, ...differences.map((each) => each.low));
  const high = Math.max(0, ...differences.map((each) => each.high));
  const span = high - low || 1;
  return { place: (value) => EDGE + ((value - low) / span) * (WIDTH - 2 * EDGE) };
}

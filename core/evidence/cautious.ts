/**
 * The cautious rule, for sources of one origin: what they have in common counts once.
 *
 * A mass function is taken apart into simple ones, each of which supports one set by a weight; of several functions the
 * strongest support of each set is kept. So a source that repeats another one changes nothing.
 *
 * Source: T. Denœux, Conjunctive and disjunctive combination of belief functions induced by nondistinct bodies of
 * evidence, Artificial Intelligence 172 (2008), equations 20 and 44.
 */

import { EMPTY, type Frame, type SetId } from './frame.ts';
import { discounted, frameOfAll, isVacuous, type MassFunction, massFunction, vacuous } from './mass.ts';

/** How much at least a source must leave to the whole frame, so that it can be taken apart; less is discounted. */
const LEAST_DOUBT = 1e-6;

/**
 * The normalised cautious rule. In any order, and as often as one likes, the same functions give the same. One that is
 * vacuous is no evidence and is left out: by the rule's letter it would take inverse supports (weights above 1) away.
 *
 * @throws RangeError for an empty list or functions of more than one frame
 */
export function cautious(functions: readonly MassFunction[]): MassFunction {
  const frame = frameOfAll(functions);
  const speaking = functions.filter((each) => !isVacuous(each));
  if (speaking.length === 0) return vacuous(frame);
  const doubting = speaking.map((each) =>
    (each.masses.get(frame.whole) ?? 0) >= LEAST_DOUBT ? each : discounted(each, LEAST_DOUBT),
  );
  const family = familyOf(frame, doubting);
  const supports = doubting.map((each) => supportsOf(each, family));
  const strongest = family.sets.map((_, place) => Math.min(...supports.map((each) => each[place] ?? 0)));
  return combinedOf(frame, family, strongest);
}

interface Family {
  /** Every set that a source speaks of, and what any have in common, without the whole frame; the largest first. */
  sets: readonly SetId[];
  /** Places of the sets that contain the one at this place, itself left out. */
  above: readonly (readonly number[])[];
}

function familyOf(frame: Frame, functions: readonly MassFunction[]): Family {
  const large = new Set<SetId>();
  const leaves = new Set<SetId>();
  const take = (set: SetId): void => {
    if (set === EMPTY || set === frame.whole || large.has(set)) return;
    if (frame.isLeaf(set)) leaves.add(set);
    else {
      const others = [...large];
      large.add(set);
      for (const other of others) take(frame.intersect(set, other));
    }
  };
  for (const { masses } of functions) for (const set of masses.keys()) take(set);
  const sizes = [...large].sort((a, b) => frame.sizeOf(b) - frame.sizeOf(a) || a - b);
  const sets = [...sizes, ...leaves];
  const above = sets.map((set) =>
    sizes.flatMap((other, place) => (other !== set && frame.contains(other, set) ? [place] : [])),
  );
  return { sets, above };
}

/**
 * Natural logarithms of the weights by which a function supports each set; 0: not at all, less: more. By inversion of
 * ln q(A) = ln q(Θ) - the sum of ln w(B) over the sets B that contain A.
 */
function supportsOf({ frame, masses }: MassFunction, { sets, above }: Family): number[] {
  const whole = masses.get(frame.whole) ?? 0;
  const share = (place: number): number => masses.get(sets[place] ?? EMPTY) ?? 0;
  const supports: number[] = [];
  for (const [place, containing] of above.entries()) {
    const commonality = containing.reduce((sum, each) => sum + share(each), whole + share(place));
    const rest = containing.reduce((sum, each) => sum + (supports[each] ?? 0), 0);
    supports.push(Math.log(whole) - Math.log(commonality) - rest);
  }
  return supports;
}

/** The function that these supports make together. */
function combinedOf(frame: Frame, { sets, above }: Family, supports: readonly number[]): MassFunction {
  const all = supports.reduce((sum, each) => sum + each, 0);
  const whole = Math.exp(all);
  const masses: number[] = [];
  for (const [place, containing] of above.entries()) {
    const ofThose = containing.reduce((sum, each) => sum + (supports[each] ?? 0), supports[place] ?? 0);
    const held = containing.reduce((sum, each) => sum + (masses[each] ?? 0), whole);
    masses.push(Math.max(0, Math.exp(all - ofThose) - held));
  }
  const sum = masses.reduce((total, mass) => total + mass, whole);
  return massFunction(
    frame,
    masses.map((mass, place) => [sets[place] ?? EMPTY, mass / sum] as const).filter(([, mass]) => mass > 0),
  );
}

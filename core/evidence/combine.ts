/**
 * Rules that make one mass function of several sources'. All are n-ary, so that the order of the sources is irrelevant.
 *
 * conjunctive   the product: what every source allows; what they exclude together is the conflict K
 * dempster      the product without its conflict, divided by 1 - K; with K = 1 nothing is known, and that is told
 * yager         the product, its conflict given to the whole frame
 * dubois_prade  the product; where sources exclude each other, what any of them allows (the union of their sets; one
 *               that rests on the whole frame excludes nothing and is left out of it)
 *
 * Sources: A. Dempster, Annals of Mathematical Statistics 38 (1967); R. Yager, Information Sciences 41 (1987);
 * D. Dubois and H. Prade, Computational Intelligence 4 (1988).
 */

import { EMPTY, type Frame, type SetId } from './frame.ts';
import {
  frameOfAll,
  isVacuous,
  type MassFunction,
  massFunction,
  ofMasses,
  TOLERANCE,
  vacuous,
} from './mass.ts';
import { add, agreement, product } from './split.ts';

export const RULES = ['dempster', 'yager', 'dubois_prade'] as const;
export type Rule = (typeof RULES)[number];

const LARGEST_PRODUCT = 4096;

export interface Combined {
  mass: MassFunction;
  /** K: the mass of the product that rests on nothing, 0 to 1. Depends on how many sources there are. */
  conflict: number;
}

/** @throws RangeError for an empty list, functions of more than one frame, or an unknown rule */
export function combine(rule: Rule, functions: readonly MassFunction[]): Combined {
  if (rule === 'dempster') return dempster(functions);
  if (rule === 'yager') return yager(functions);
  if (rule === 'dubois_prade') return duboisPrade(functions);
  throw new RangeError(`There is no rule ${JSON.stringify(rule)}; there are ${RULES.join(', ')}.`);
}

/** @throws RangeError as combine */
export function dempster(functions: readonly MassFunction[]): Combined {
  const frame = frameOfAll(functions);
  const { masses, agreed, conflict } = conjunctive(functions);
  if (agreed <= Number.EPSILON * functions.length) return { mass: vacuous(frame), conflict: 1 };
  for (const [set, mass] of masses) masses.set(set, mass / agreed);
  return { mass: ofMasses(frame, masses), conflict };
}

/** @throws RangeError as combine */
export function yager(functions: readonly MassFunction[]): Combined {
  const frame = frameOfAll(functions);
  const { masses, conflict } = conjunctive(functions);
  return { mass: massFunction(frame, masses), conflict };
}

/**
 * Unions are many: of each source only its strongest sets are taken, so many that their product has LARGEST_PRODUCT
 * ways at most (64 sets of each of two sources, 4 of each of six); what rests on its others counts as not known.
 *
 * @throws RangeError as combine
 */
export function duboisPrade(functions: readonly MassFunction[]): Combined {
  const frame = frameOfAll(functions);
  const { conflict } = conjunctive(functions);
  // one that says nothing must not cost the others a set
  const speaking = functions.filter((each) => !isVacuous(each));
  if (speaking.length === 0) return { mass: vacuous(frame), conflict };
  const most = Math.max(2, Math.floor(LARGEST_PRODUCT ** (1 / speaking.length) + Number.EPSILON));
  const masses = new Map<SetId, number>();
  for (const { common, all, mass } of agreements(
    frame,
    speaking.map((each) => strongest(each, most)),
  ))
    add(masses, common === EMPTY ? all : common, mass);
  return { mass: massFunction(frame, masses), conflict };
}

/** How much of the product of each two sources rests on nothing: [i][j], 0 on the diagonal. */
export function conflicts(functions: readonly MassFunction[]): number[][] {
  const frame = frameOfAll(functions);
  const below = functions.map((one, i) =>
    functions.slice(0, i).map((other) => conflictOf(agreement(frame, one.split, other.split))),
  );
  return functions.map((_, i) => functions.map((_other, j) => below[Math.max(i, j)]?.[Math.min(i, j)] ?? 0));
}

/** What is missing to 1, unless it is the arithmetic's. */
function conflictOf(agreed: number): number {
  const conflict = Math.min(1, Math.max(0, 1 - agreed));
  return conflict <= TOLERANCE / 10 ? 0 : conflict;
}

interface Conjunction {
  masses: Map<SetId, number>;
  /** What the masses sum to. */
  agreed: number;
  conflict: number;
}

/** The product of all sources and what of it rests on nothing. */
function conjunctive(functions: readonly MassFunction[]): Conjunction {
  const frame = frameOfAll(functions);
  const [first, ...others] = functions.map(({ split }) => split);
  const { leaves, larger, whole } = others.reduce(
    (so, other) => product(frame, so, other),
    first ?? vacuous(frame).split,
  );
  const masses = new Map(leaves);
  for (const [set, mass] of larger) if (mass > 0) masses.set(set, mass);
  if (whole > 0) masses.set(frame.whole, whole);
  const agreed = sumOf(masses);
  return { masses, agreed, conflict: conflictOf(agreed) };
}

interface Agreement {
  /** What all sources so far allow. */
  common: SetId;
  /** What any of them allows, of those that say something. */
  all: SetId;
  mass: number;
}

/** Every way in which each source may be taken at one of its sets; ways that come to the same are one. */
function agreements(frame: Frame, functions: readonly MassFunction[]): Agreement[] {
  let ways: Agreement[] = [{ common: frame.whole, all: EMPTY, mass: 1 }];
  for (const { masses } of functions) {
    const next = new Map<string, Agreement>();
    for (const way of ways)
      for (const [set, share] of masses) {
        const common = frame.intersect(way.common, set);
        const all = set === frame.whole ? way.all : frame.union(way.all, set);
        const known = next.get(`${common} ${all}`);
        const mass = way.mass * share;
        if (known) known.mass += mass;
        else next.set(`${common} ${all}`, { common, all, mass });
      }
    ways = [...next.values()];
  }
  return ways;
}

/** The `most` sets that have most mass, the whole frame among them; of equal ones those that were known first. */
function strongest(mass: MassFunction, most: number): MassFunction {
  const { frame, masses } = mass;
  if (masses.size <= most) return mass;
  const sets = [...masses]
    .filter(([set]) => set !== frame.whole)
    .sort(([one, a], [other, b]) => b - a || one - other);
  return massFunction(frame, sets.slice(0, most - 1));
}

function sumOf(masses: ReadonlyMap<SetId, number>): number {
  let sum = 0;
  for (const mass of masses.values()) sum += mass;
  return sum;
}

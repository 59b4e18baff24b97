/**
 * From what the sources say to what is decided: one step after the other, the same for every caller.
 *
 * 1. Models and what learned from their labels are one family: a cautious rule makes one voice of them, so that an
 *    error which they share counts once.
 * 2. The other sources know nothing of the family. They are fused alone too, and where they stand firmly for something
 *    that the family excludes, the family is challenged: it is trusted less, the more so the surer they are.
 * 3. All of them meet by one rule, terms that are taken for each other share, and one decision is made, in which it
 *    counts where a model says that no term fits.
 *
 * The order of the sources is irrelevant, and one with nothing to say changes nothing.
 */

import { DECISION_DEFAULTS, type Decision, type DecisionSettings, decide } from '../core/evidence/belief.ts';
import { cautious } from '../core/evidence/cautious.ts';
import { combine, conflicts, type Rule } from '../core/evidence/combine.ts';
import { EMPTY, type SetId } from '../core/evidence/frame.ts';
import {
  type ConfusablePairs,
  discounted,
  frameOfAll,
  isVacuous,
  type MassFunction,
  vacuous,
  withConfusion,
} from '../core/evidence/mass.ts';
import { type Evidence, LEARNING_SOURCES, type Source } from './evidence.ts';
import { decisionBeside, withNoTerm } from './no-term.ts';
import { type Calibration, calibrated } from './probability/calibration.ts';

export interface SourceMass extends Pick<Evidence, 'source' | 'mass'> {
  /** Share by which it says that no term fits, its mass being vacuous then. Default 0. */
  noTerm?: number;
}

export interface FusionSettings {
  rule: Rule;
  decision: DecisionSettings;
  pairs: ConfusablePairs;
  /** Mass from which on the strongest term of the independent sources challenges the family. */
  challenge: number;
  /** How often a column is right by what its sources say, where no model speaks; null: the bet alone counts. */
  calibration: Calibration | null;
  /** So much of that mass is what a challenged family is trusted less: they may be wrong themselves. */
  challengeDiscount: number;
}

export const FUSION_DEFAULTS: FusionSettings = {
  rule: 'dempster',
  decision: DECISION_DEFAULTS,
  pairs: new Set(),
  calibration: null,
  challenge: 0.45,
  challengeDiscount: 0.5,
};

export interface Challenge {
  /** What the independent sources stand for. */
  code: string;
  mass: number;
}

/**
 * Why a model should be asked again, the first reason that holds.
 *
 * challenged  independent sources stand firmly for something that it excludes
 * overruled   what is predicted is not what it said
 * uncertain   a person would have to look at it
 */
export type Revisit = 'challenged' | 'overruled' | 'uncertain';

export interface Fused {
  /** Of all sources together. */
  mass: MassFunction;
  decision: Decision;
  /** What of all sources' product rests on nothing, 0 to 1. Depends on how many there are: not for decisions. */
  conflict: number;
  /** Of each two sources, by their places in the list. */
  conflicts: readonly (readonly number[])[];
  /** The voice of the family before it was challenged; null where none of it spoke. */
  family: MassFunction | null;
  /** Of the sources that know nothing of the family. */
  independent: MassFunction;
  challenge: Challenge | null;
  /** How far it is believed that no term fits. */
  noTerm: number;
  /** null: there is no reason, or no model to ask. */
  revisit: Revisit | null;
}

/** @throws RangeError for an empty list, functions of more than one frame, or an unknown rule */
export function fuse(sources: readonly SourceMass[], settings: FusionSettings = FUSION_DEFAULTS): Fused {
  const frame = frameOfAll(sources.map(({ mass }) => mass));
  const others = sources.filter(({ source }) => !isOfFamily(source)).map(({ mass }) => mass);
  const alone = combine(settings.rule, others.length === 0 ? [vacuous(frame)] : others);
  const independent = alone.mass;
  const family = familyOf(sources);
  const challenge = family === null ? null : challengeOf(independent, family, settings.challenge);
  const rate = (challenge?.mass ?? 0) * settings.challengeDiscount;
  const voice = family === null || rate === 0 ? family : discounted(family, rate);
  const { mass: combined, conflict } = voice === null ? alone : combine(settings.rule, [...others, voice]);
  const noTerm = Math.max(0, ...sources.map((each) => each.noTerm ?? 0));
  const beside = withNoTerm(withConfusion(combined, settings.pairs), noTerm);
  const { mass } = beside;
  const bet = decisionBeside(decide(mass, settings.decision), beside, settings.decision);
  // a model's word is none of what the map was fitted to
  const calibration = family === null && noTerm === 0 ? settings.calibration : null;
  const decision = calibration === null ? bet : calibrated(calibration, { sources, mass }, bet);
  return {
    ...{ mass, decision, conflict, family, independent, challenge, noTerm: beside.belief },
    conflicts: conflicts(sources.map((each) => each.mass)),
    revisit: revisitOf(sources, decision, { independent, settings }),
  };
}

const isOfFamily = (source: Source): boolean => LEARNING_SOURCES.some((each) => each === source);

function familyOf(sources: readonly SourceMass[]): MassFunction | null {
  const speaking = sources.filter(({ source, mass }) => isOfFamily(source) && !isVacuous(mass));
  return speaking.length === 0 ? null : cautious(speaking.map(({ mass }) => mass));
}

/** Nothing that the other allows is challenged: a term within the group that it names, say. */
function challengeOf(independent: MassFunction, other: MassFunction, least: number): Challenge | null {
  const { frame } = independent;
  const leaf = strongest(independent.split.leaves);
  const mass = independent.masses.get(leaf) ?? 0;
  if (leaf === EMPTY || mass < least || frame.intersect(leaf, strongestSet(other)) !== EMPTY) return null;
  return { code: frame.leaves[leaf] ?? '', mass };
}

interface Beside {
  independent: MassFunction;
  settings: FusionSettings;
}

function revisitOf(
  sources: readonly SourceMass[],
  { predicted, needsReview }: Decision,
  { independent, settings }: Beside,
): Revisit | null {
  const model = sources.find(({ source }) => source === 'llm');
  if (model === undefined) return null;
  const { mass: llm, noTerm = 0 } = model;
  const { frame } = llm;
  const firm = Math.max(0, ...independent.split.leaves.values());
  if (noTerm > 0 && firm >= settings.challenge) return 'challenged';
  if (isVacuous(llm)) return needsReview ? 'uncertain' : null;
  if (challengeOf(independent, llm, settings.challenge) !== null) return 'challenged';
  const holds = predicted === null || frame.contains(strongestSet(llm), frame.setOfCode(predicted));
  if (!holds) return 'overruled';
  return needsReview ? 'uncertain' : null;
}

/** The set below the whole frame that has most mass. */
function strongestSet({ frame, masses }: MassFunction): SetId {
  return strongest([...masses].filter(([set]) => set !== frame.whole));
}

/** Of equal ones that which stands first in the frame. */
function strongest(masses: Iterable<readonly [SetId, number]>): SetId {
  let [best, most] = [EMPTY, 0];
  for (const [set, mass] of masses)
    if (mass > most || (mass === most && set < best)) [best, most] = [set, mass];
  return best;
}

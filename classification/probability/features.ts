/** What tells how often a column like this is right: figures of what is decided and of what each source says. */

import { bettingProbabilities } from '../../core/evidence/belief.ts';
import type { SetId } from '../../core/evidence/frame.ts';
import type { MassFunction } from '../../core/evidence/mass.ts';
import type { Source } from '../evidence.ts';

/** In the order of `featuresOf`. */
export const FEATURES = [
  ...['odds', 'margin', 'name', 'similarity', 'agreement', 'values', 'shape', 'contradiction'],
] as const;

export interface Voice {
  source: Source;
  mass: MassFunction;
}

/** Probabilities are kept so far from 0 and 1 before their odds are taken. */
const LEAST = 0.001;

/**
 * The odds of the probability by masses; how far it is ahead; what names, near texts, forms and lists, and shapes say
 * for the term; how far names and values agree on it; what values say against it.
 */
export function featuresOf(sources: readonly Voice[], mass: MassFunction, code: string): number[] {
  const set = mass.frame.setOfCode(code);
  const on = (source: Source): number => massOn(sources, source, set);
  const [first, second] = twoLargest(bettingProbabilities(mass));
  const probability = Math.min(1 - LEAST, Math.max(LEAST, first));
  const named = Math.max(on('name_match'), on('cosine'));
  const listed = Math.max(on('pattern'), on('values'));
  const against = (['shape', 'pattern', 'values'] as const).map((source) =>
    massAgainst(sources, source, set),
  );
  return [
    ...[Math.log(probability / (1 - probability)), first - second, on('name_match'), on('cosine')],
    ...[Math.min(named, Math.max(listed, on('shape'))), listed, on('shape'), Math.max(...against)],
  ];
}

function twoLargest(shares: Iterable<number>): [first: number, second: number] {
  let [first, second] = [0, 0];
  for (const share of shares)
    if (share > first) [first, second] = [share, first];
    else if (share > second) second = share;
  return [first, second];
}

const massOn = (sources: readonly Voice[], source: Source, set: SetId): number =>
  sources.find((each) => each.source === source)?.mass.masses.get(set) ?? 0;

function massAgainst(sources: readonly Voice[], source: Source, set: SetId): number {
  const mass = sources.find((each) => each.source === source)?.mass;
  if (mass === undefined) return 0;
  let sum = 0;
  for (const [focal, share] of mass.masses) if (!mass.frame.contains(focal, set)) sum += share;
  return sum;
}

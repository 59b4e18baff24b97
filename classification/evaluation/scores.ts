/** How many columns are right: over all, by category, and what is taken for what. */

import { countOf, isRight, type Judgement, shareOf } from './judgement.ts';

export interface CategoryScore {
  code: string;
  /** Columns that have this label. */
  labelled: number;
  /** Columns that were predicted so. */
  predicted: number;
  /** null where nothing was predicted so. */
  precision: number | null;
  recall: number;
  f1: number;
}

export interface Confusion {
  /** null: none is right. */
  label: string | null;
  predicted: string | null;
  columns: number;
}

/** Categories that are a label, by their code. */
export function categoryScores(judgements: readonly Judgement[]): CategoryScore[] {
  const labelled = countsBy(judgements, ({ label }) => label);
  const predicted = countsBy(judgements, (each) => each.predicted);
  const right = countsBy(judgements.filter(isRight), ({ label }) => label);
  return [...labelled.keys()].sort().map((code): CategoryScore => {
    const [all = 0, given = 0, hits = 0] = [labelled, predicted, right].map((counts) => counts.get(code));
    return {
      ...{ code, labelled: all, predicted: given },
      precision: shareOf(hits, given),
      recall: hits / all,
      f1: (2 * hits) / (all + given),
    };
  });
}

/**
 * Over all columns at once: the harmonic mean of what is right of the predicted and of those that have a right term.
 * Where none has one and none is predicted, nothing is wrong.
 */
export function microF1(judgements: readonly Judgement[]): number {
  const predicted = countOf(judgements, (each) => each.predicted !== null);
  const labelled = countOf(judgements, ({ label }) => label !== null);
  const hits = countOf(judgements, (each) => each.label !== null && isRight(each));
  return labelled + predicted === 0 ? 1 : (2 * hits) / (labelled + predicted);
}

/** The mean of the categories' own, whatever their size; 1 where there is none. */
export const macroF1 = (categories: readonly CategoryScore[]): number =>
  categories.length === 0 ? 1 : categories.reduce((sum, { f1 }) => sum + f1, 0) / categories.length;

/** What is told is the label, above or below it; without a leaf that is predicted, the node that is believed enough. */
export function hierarchicalAccuracy(
  judgements: readonly Judgement[],
  parents: ReadonlyMap<string, string | null>,
): number {
  const isAbove = (upper: string, lower: string): boolean => {
    for (let at = parents.get(lower) ?? null; at !== null; at = parents.get(at) ?? null)
      if (at === upper) return true;
    return false;
  };
  const isNear = ({ label, predicted, cautious }: Judgement): boolean => {
    const given = predicted ?? cautious;
    if (label === null) return given === null;
    return given !== null && (given === label || isAbove(given, label) || isAbove(label, given));
  };
  return countOf(judgements, isNear) / judgements.length;
}

/** Wrong pairs, the most frequent first. */
export function confusionOf(judgements: readonly Judgement[]): Confusion[] {
  const counts = new Map<string, Confusion>();
  for (const judgement of judgements) {
    if (isRight(judgement)) continue;
    const { label, predicted } = judgement;
    const key = JSON.stringify([label, predicted]);
    const known = counts.get(key) ?? { label, predicted, columns: 0 };
    counts.set(key, { ...known, columns: known.columns + 1 });
  }
  return [...counts.values()].sort(
    (a, b) => b.columns - a.columns || compare(a.label, b.label) || compare(a.predicted, b.predicted),
  );
}

const compare = (one: string | null, other: string | null): number =>
  one === other ? 0 : (one ?? '') < (other ?? '') ? -1 : 1;

/** Those without a key are left out. */
function countsBy(
  judgements: readonly Judgement[],
  keyOf: (each: Judgement) => string | null,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const judgement of judgements) {
    const key = keyOf(judgement);
    if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

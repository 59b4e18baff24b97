/** Whether the probabilities that are given out are right as often as they say. */

import { countOf, isRight, type Judgement } from './judgement.ts';

export interface ReliabilityBin {
  from: number;
  to: number;
  columns: number;
  /** Of the probabilities in it; null without columns, and so is the next. */
  meanProbability: number | null;
  accuracy: number | null;
}

const BINS = 10;

/** Ten bins of equal width over the columns that have a prediction; 1 is in the last one. */
export function reliability(judgements: readonly Judgement[]): ReliabilityBin[] {
  const predicted = judgements.filter((each) => each.predicted !== null);
  return Array.from({ length: BINS }, (_, at): ReliabilityBin => {
    const within = predicted.filter(({ probability }) => binOf(probability) === at);
    const sum = within.reduce((total, { probability }) => total + probability, 0);
    const columns = within.length;
    return {
      ...{ from: at / BINS, to: (at + 1) / BINS, columns },
      meanProbability: columns === 0 ? null : sum / columns,
      accuracy: columns === 0 ? null : countOf(within, isRight) / columns,
    };
  });
}

const binOf = (probability: number): number => Math.min(BINS - 1, Math.floor(probability * BINS));

/** Mean distance of probability and accuracy, by the bins' sizes (ECE); null where nothing was predicted. */
export function calibrationError(bins: readonly ReliabilityBin[]): number | null {
  const all = bins.reduce((sum, { columns }) => sum + columns, 0);
  if (all === 0) return null;
  return bins.reduce(
    (sum, { columns, meanProbability, accuracy }) =>
      sum + (columns / all) * Math.abs((meanProbability ?? 0) - (accuracy ?? 0)),
    0,
  );
}

export interface Coverage {
  /** Share of the columns that are to be right. */
  accuracy: number;
  /** The largest share of all columns, the most probable first, of which so many are. */
  coverage: number;
}

export function coverageAt(judgements: readonly Judgement[], accuracies: readonly number[]): Coverage[] {
  const sorted = judgements
    .filter((each) => each.predicted !== null)
    .sort((a, b) => b.probability - a.probability);
  return accuracies.map((accuracy) => {
    let [right, most] = [0, 0];
    for (const [at, judgement] of sorted.entries()) {
      if (isRight(judgement)) right += 1;
      // columns of one probability stand or fall together
      const isLast = sorted[at + 1]?.probability !== judgement.probability;
      if (isLast && right >= accuracy * (at + 1)) most = at + 1;
    }
    return { accuracy, coverage: most / judgements.length };
  });
}

import {
  type FoldScores,
  type PairedDifference,
  pairedDifference,
  studentReach,
} from './paired-difference.ts';

const of = (scores: number[], patch: Partial<FoldScores> = {}): FoldScores => ({
  ...{ metric: 'accuracy', scores, folds: 'same', learned_rows: 80, judged_rows: 20 },
  ...patch,
});
const A = [0.81, 0.84, 0.79, 0.86, 0.82];
const B = [0.8, 0.82, 0.8, 0.81, 0.8];
const found = (
  one: FoldScores,
  other: FoldScores,
  better: 'less' | 'greater' = 'greater',
): PairedDifference => {
  const difference = pairedDifference(one, other, better);
  if (typeof difference === 'string') throw new Error(difference);
  return difference;
};

test.each([
  [1, 12.706205],
  [2, 4.302653],
  [4, 2.776445],
  [9, 2.262157],
  [10, 2.228139],
  [49, 2.009575],
  [99, 1.984217],
])('Student’s t of %i degrees of freedom is that of the tables', (freedom, reach) => {
  expect(studentReach(freedom)).toBeCloseTo(reach, 5);
});

test('the interval is that of the corrected resampled t test', () => {
  // differences 0.01, 0.02, −0.01, 0.05, 0.02: mean 0.018, variance 0.00047; (1/5 + 20/80) · 0.00047 = 0.0002115
  const { mean, low, high, folds, shows, metric } = found(of(A), of(B));
  expect([metric, folds, shows]).toEqual(['accuracy', 5, 'nothing']);
  expect(mean).toBeCloseTo(0.018, 12);
  expect(low).toBeCloseTo(0.018 - 2.776445 * Math.sqrt(0.0002115), 7);
  expect(high).toBeCloseTo(0.018 + 2.776445 * Math.sqrt(0.0002115), 7);
});

test('it is wider than folds alone would make it, by the rows that they judge for each that they learn from', () => {
  const width = (rows: Partial<FoldScores>) => {
    const { low, high } = found(of(A, rows), of(B, rows));
    return high - low;
  };
  const narrow = width({ learned_rows: 1e12, judged_rows: 1 });
  expect(width({}) / narrow).toBeCloseTo(Math.sqrt((1 / 5 + 20 / 80) / (1 / 5)), 6);
});

test('what the interval shows follows the metric, and the other way round it is the opposite', () => {
  const repeated = (scores: number[]) => Array.from({ length: 10 }, () => scores).flat();
  const [one, other] = [of(repeated(A).map((score) => score + 0.05)), of(repeated(B))];
  expect(found(one, other).shows).toBe('better');
  expect(found(one, other, 'less').shows).toBe('worse');
  const [there, back] = [found(one, other), found(other, one)];
  expect([back.mean, back.low, back.high]).toEqual([-there.mean, -there.high, -there.low]);
  expect(back.shows).toBe('worse');
});

test('the same scores show nothing, and a constant difference is as sure as it is constant', () => {
  expect(found(of(A), of(A))).toMatchObject({ mean: 0, low: 0, high: 0, shows: 'nothing' });
  expect(found(of([2, 3, 4]), of([1, 2, 3]))).toMatchObject({ mean: 1, low: 1, high: 1, shows: 'better' });
});

test.each([
  ['no folds', null, of(B), 'no_folds'],
  ['another metric', of(A, { metric: 'f1' }), of(B), 'other_metric'],
  ['folds that are not known', of(A, { folds: null }), of(B, { folds: null }), 'unknown_folds'],
  ['other folds', of(A), of(B, { folds: 'other' }), 'other_folds'],
  ['fewer scores', of(A), of(B.slice(1)), 'other_folds'],
])('sessions with %s are no pair', (_, one, other, why) => {
  expect(pairedDifference(one, other, 'greater')).toBe(why);
});

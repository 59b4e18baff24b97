/** Figures that were worked out by hand over ten columns, and what holds of every evaluation. */

import fc from 'fast-check';
import { coverageAt, reliability } from './calibration.ts';
import { evaluate } from './evaluation.ts';
import type { Judgement } from './judgement.ts';

const TERMS = {
  parents: new Map([
    ...(['a1', 'a2'] as const).map((code): [string, string | null] => [code, 'a']),
    ...(['a', 'b', 'c'] as const).map((code): [string, string | null] => [code, null]),
  ]),
  isSensitive: (code: string) => code.startsWith('a'),
};
const column = (
  label: string | null,
  predicted: string | null,
  probability: number,
  needsReview = false,
): Judgement => ({ ...{ label, predicted, probability, needsReview }, cautious: null });
const TEN: Judgement[] = [
  ...[column('a1', 'a1', 0.95), column('a1', 'a1', 0.95), column('a1', 'a2', 0.55, true)],
  ...[column('a2', 'a2', 0.85), column('b', 'b', 0.85), column('b', 'b', 0.65, true)],
  ...[column('b', 'c', 0.95), column('c', 'c', 1), column('c', null, 0.1, true)],
  { ...column('a1', null, 0.1, true), cautious: 'a' },
];

test('ten columns, figure by figure', () => {
  const found = evaluate(TEN, TERMS);
  expect(found).toMatchObject({ columns: 10, exactAccuracy: 0.6, hierarchicalAccuracy: 0.7 });
  expect(found?.microF1).toBeCloseTo(12 / 18, 9);
  // a1 4 labelled, 2 predicted, 2 right; a2 1, 2, 1; b 3, 2, 2; c 2, 2, 1
  expect(found?.macroF1).toBeCloseTo((4 / 6 + 2 / 3 + 4 / 5 + 2 / 4) / 4, 9);
  expect(found?.categories[0]).toEqual({
    ...{ code: 'a1', labelled: 4, predicted: 2, precision: 1, recall: 0.5, f1: 4 / 6 },
  });
  expect(found?.confusion).toEqual([
    { label: 'a1', predicted: null, columns: 1 },
    { label: 'a1', predicted: 'a2', columns: 1 },
    { label: 'b', predicted: 'c', columns: 1 },
    { label: 'c', predicted: null, columns: 1 },
  ]);
  expect(found?.review).toEqual({ reviewedShare: 0.4, errorsCaught: 0.75, accuracyOfRest: 5 / 6 });
  expect(found?.sensitive).toEqual({ labelled: 5, recall: 0.8, precision: 1 });
});

test('the calibration error is the bins’ distance by their size, over what was predicted', () => {
  // .55 wrong; .65 right; .85 twice right; .95 three times and 1 once, three of four right
  const expected = (0.55 + 0.35 + 2 * 0.15 + 4 * Math.abs((3 * 0.95 + 1) / 4 - 0.75)) / 8;
  expect(evaluate(TEN, TERMS)?.calibrationError).toBeCloseTo(expected, 9);
  expect(reliability(TEN).map(({ columns }) => columns)).toEqual([0, 0, 0, 0, 0, 1, 1, 0, 2, 4]);
});

test('coverage: the most probable so many of which a share is right; equal probabilities stand together', () => {
  // by probability: right; right, right, wrong; right, right; right; wrong
  expect(coverageAt(TEN, [1, 0.85, 0.8, 0.5])).toEqual([
    { accuracy: 1, coverage: 0.1 },
    { accuracy: 0.85, coverage: 0.7 },
    { accuracy: 0.8, coverage: 0.7 },
    { accuracy: 0.5, coverage: 0.8 },
  ]);
});

test('without labels there is no evaluation, and without predictions no calibration', () => {
  expect(evaluate([], TERMS)).toBeNull();
  const none = evaluate([column('a1', null, 0)], TERMS);
  expect(none).toMatchObject({ microF1: 0, macroF1: 0, calibrationError: null });
  expect(none?.sensitive).toEqual({ labelled: 1, recall: 0, precision: null });
  expect(none?.review).toEqual({ reviewedShare: 0, errorsCaught: 0, accuracyOfRest: 0 });
});

test('shares are shares, the order of columns is irrelevant, and all right is 1 everywhere', () => {
  const code = fc.constantFrom('a1', 'a2', 'b', 'c');
  const judgement = fc.record({
    ...{ label: code, predicted: fc.option(code), cautious: fc.constant(null) },
    ...{ probability: fc.double({ min: 0, max: 1, noNaN: true }), needsReview: fc.boolean() },
  });
  fc.assert(
    fc.property(fc.array(judgement, { minLength: 1, maxLength: 30 }), (judgements) => {
      const found = evaluate(judgements, TERMS);
      const turned = evaluate([...judgements].reverse(), TERMS);
      for (const name of ['exactAccuracy', 'microF1', 'macroF1', 'hierarchicalAccuracy'] as const) {
        expect(found?.[name]).toBeCloseTo(turned?.[name] ?? -1, 9);
        expect(found?.[name]).toBeGreaterThanOrEqual(0);
        expect(found?.[name]).toBeLessThanOrEqual(1);
      }
      const right = evaluate(
        judgements.map((each) => ({ ...each, predicted: each.label, probability: 1 })),
        TERMS,
      );
      expect(right).toMatchObject({ microF1: 1, macroF1: 1, calibrationError: 0, confusion: [] });
    }),
    { numRuns: 100 },
  );
});

test('a column that no term fits is right without a prediction, and a wrong one with', () => {
  const found = evaluate([column(null, null, 0), column(null, 'b', 0.6), column('b', 'b', 0.9)], TERMS);
  expect(found).toMatchObject({
    columns: 3,
    exactAccuracy: 2 / 3,
    hierarchicalAccuracy: 2 / 3,
    macroF1: 2 / 3,
  });
  // one hit, two predicted, one to be found
  expect(found?.microF1).toBeCloseTo(2 / 3, 9);
  expect(found?.confusion).toEqual([{ label: null, predicted: 'b', columns: 1 }]);
});

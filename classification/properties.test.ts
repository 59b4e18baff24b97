/** What holds of every column: the order of its values is irrelevant, and so are the columns before it. */

import fc from 'fast-check';
import type { Classified } from './classifier.ts';
import { bundled } from './testing/bundled.ts';

const { classify, vocabulary } = bundled();

const value = fc.oneof(
  fc.constantFrom('ada@example.com', 'Paris', 'DE', '10.0.0.1', '4111111111111111', 'M', '2024-01-02', ''),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const column = fc.record({
  name: fc.oneof(
    fc.constantFrom('email', 'cust_nm', 'is_ok', 'city', 'st', 'Δ_x', ''),
    fc.string({ unit: 'binary', maxLength: 30 }),
  ),
  values: fc.array(value, { maxLength: 80 }),
  table: fc.option(fc.constantFrom('products', 'people'), { nil: undefined }),
  type: fc.option(fc.constantFrom('date', 'bool', 'text'), { nil: undefined }),
});

/** All that is told, masses by their sets. */
const summaryOf = ({ column: looked, decision, evidence, mass, contains, conflicts }: Classified) => ({
  ...{ looked, decision, contains, conflicts, mass: [...mass.masses] },
  evidence: evidence.map((each) => ({ ...each, mass: [...each.mass.masses] })),
});

test('the order of a column’s values, and how often one comes, is irrelevant', () => {
  fc.assert(
    fc.property(column, (sample) => {
      const turned = [...sample.values].reverse();
      expect(summaryOf(classify({ ...sample, values: [...turned, ...turned] }))).toEqual(
        summaryOf(classify(sample)),
      );
    }),
  );
});

test('a column’s result is independent of the columns before it', () => {
  fc.assert(
    fc.property(column, fc.array(column, { maxLength: 5 }), (sample, others) => {
      const alone = summaryOf(classify(sample));
      for (const other of others) classify(other);
      expect(summaryOf(classify(sample))).toEqual(alone);
    }),
    { numRuns: 50 },
  );
});

test('a frame that forgets what was made of its sets, as it does between tables, changes nothing', () => {
  const samples = [
    { name: 'when', values: ['2020-01-02', '2021-03-04', '2022-05-06'] },
    { name: 'smokes', values: ['0', '1'] },
    {
      name: 'zz',
      values: ['INV-1001', 'INV-1002', 'INV-1003', 'INV-1004', 'INV-1005', 'INV-1006', 'INV-1007'],
    },
    { name: 'city', values: Array.from({ length: 20 }, (_, at) => `${at * 37.5}`) },
  ];
  const before = samples.map((sample) => classify(sample).decision);
  vocabulary.frame.forget();
  expect(samples.map((sample) => classify(sample).decision)).toEqual(before);
});

test('what strays into a column of codes is no part of it, and is found all the same', () => {
  const codes = Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 'yes' : 'no'));
  const stray = classify({ name: 'zz', values: [...codes, 'his number is 123-45-6789'] });
  expect(stray.decision).toEqual(classify({ name: 'zz', values: codes }).decision);
  expect(stray.contains.map(({ name }) => name)).toEqual(['ssn']);
});

test('siblings and table change nothing where they have nothing to do with the name', () => {
  const sample = { name: 'city', values: ['Paris', 'Rome'] };
  const beside = classify({ ...sample, table: 'orders', siblings: ['email', 'phone', 'amount'] });
  expect(beside.decision).toEqual(classify(sample).decision);
});

test('every result is lawful: masses sum to 1, belief is at most plausibility, conflicts are shares', () => {
  fc.assert(
    fc.property(column, (sample) => {
      const { mass, evidence, decision, conflicts } = classify(sample);
      for (const { masses } of [mass, ...evidence.map((each) => each.mass)])
        expect([...masses.values()].reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
      expect(decision.belief).toBeLessThanOrEqual(decision.plausibility + 1e-9);
      for (const share of conflicts.flat()) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
    }),
  );
});

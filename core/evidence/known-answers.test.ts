/** Results that stand in the literature or were computed by hand, to six decimals. */

import { belief, bettingProbabilities, decide } from './belief.ts';
import { combine, type Rule } from './combine.ts';
import { Frame } from './frame.ts';
import { type MassFunction, massFunction, massOfCodes } from './mass.ts';

const frame = new Frame(['A', 'B', 'C'], [{ code: 'A or B', depth: 1, leaves: ['A', 'B'] }]);
const [A, B, C] = [0, 1, 2].map((leaf) => frame.setOf([leaf])) as [number, number, number];
const EITHER = frame.setOfCode('A or B');

type Masses = Record<string, number>;

/** Masses by name of set, rounded. */
const shown = ({ masses }: MassFunction): Record<string, number> =>
  Object.fromEntries(
    [...masses]
      .map(([set, mass]): [string, number] => [
        set === frame.whole ? 'Θ' : (['A', 'B', 'C'][set] ?? 'A or B'),
        Math.round(mass * 1e6) / 1e6,
      ])
      .filter(([, mass]) => mass > 0),
  );

const combined = (rule: Rule, ...codes: Masses[]) => {
  const { mass, conflict } = combine(
    rule,
    codes.map((each) => massOfCodes(frame, each)),
  );
  return { masses: shown(mass), conflict: Math.round(conflict * 1e6) / 1e6 };
};

test('two sources that agree', () => {
  expect(combined('dempster', { A: 0.6 }, { A: 0.7 })).toEqual({ masses: { A: 0.88, Θ: 0.12 }, conflict: 0 });
  const { mass } = combine('dempster', [massOfCodes(frame, { A: 0.6 }), massOfCodes(frame, { A: 0.7 })]);
  expect(bettingProbabilities(mass)[A]).toBeCloseTo(0.92, 9);
});

test('two sources that differ', () => {
  const sources: Masses[] = [{ A: 0.6 }, { B: 0.7 }];
  expect(combined('dempster', ...sources)).toEqual({
    masses: { A: 0.310345, B: 0.482759, Θ: 0.206897 },
    conflict: 0.42,
  });
  expect(combined('yager', ...sources)).toEqual({ masses: { A: 0.18, B: 0.28, Θ: 0.54 }, conflict: 0.42 });
  expect(combined('dubois_prade', ...sources)).toEqual({
    masses: { A: 0.18, B: 0.28, 'A or B': 0.42, Θ: 0.12 },
    conflict: 0.42,
  });
});

test('Zadeh: two experts who share nothing but what both hold unlikely', () => {
  const sources: Masses[] = [
    { A: 0.9, C: 0.1 },
    { B: 0.9, C: 0.1 },
  ];
  expect(combined('dempster', ...sources)).toEqual({ masses: { C: 1 }, conflict: 0.99 });
  expect(combined('yager', ...sources)).toEqual({ masses: { C: 0.01, Θ: 0.99 }, conflict: 0.99 });
});

test('two sources that are sure of different things', () => {
  const sources: Masses[] = [{ A: 1 }, { B: 1 }];
  expect(combined('dempster', ...sources)).toEqual({ masses: { Θ: 1 }, conflict: 1 });
  expect(combined('yager', ...sources)).toEqual({ masses: { Θ: 1 }, conflict: 1 });
  expect(combined('dubois_prade', ...sources)).toEqual({ masses: { 'A or B': 1 }, conflict: 1 });
});

test('a source that knows only a group', () => {
  const sources: Masses[] = [{ 'A or B': 0.8 }, { A: 0.5 }];
  expect(combined('dempster', ...sources).masses).toEqual({ A: 0.5, 'A or B': 0.4, Θ: 0.1 });
  const { mass } = combine(
    'dempster',
    sources.map((each) => massOfCodes(frame, each)),
  );
  expect(belief(mass, EITHER)).toBeCloseTo(0.9, 9);
  expect(bettingProbabilities(mass)[A]).toBeCloseTo(0.733333, 6);
});

test('three sources under Yager: the conflict of all, whatever their order', () => {
  const sources: Masses[] = [{ A: 0.6 }, { B: 0.7 }, { C: 0.5 }];
  const expected = { masses: { A: 0.09, B: 0.14, C: 0.06, Θ: 0.71 }, conflict: 0.65 };
  expect(combined('yager', ...sources)).toEqual(expected);
  expect(combined('yager', ...sources.toReversed())).toEqual(expected);
});

test('what cannot be combined is refused', () => {
  const other = new Frame(['A', 'B', 'C']);
  expect(() => combine('dempster', [])).toThrow('no mass function to combine');
  expect(() => combine('murphy' as Rule, [massOfCodes(frame, { A: 1 })])).toThrow(
    'There is no rule "murphy"; there are dempster, yager, dubois_prade.',
  );
  expect(() => combine('yager', [massOfCodes(frame, { A: 1 }), massOfCodes(other, { A: 1 })])).toThrow(
    'different frames',
  );
  expect(() => massOfCodes(frame, { D: 1 })).toThrow('No term of the frame has the code "D".');
  expect(() => massOfCodes(frame, { A: 0.7, B: 0.4 })).toThrow('more than 1');
  expect(() => massOfCodes(frame, { A: Number.NaN })).toThrow('NaN is no share');
  expect(() => massFunction(frame, [[frame.intersect(A, B), 0.5]])).toThrow('empty set');
  expect(() => frame.sizeOf(frame.sets + C)).toThrow('The frame has no set');
});

test('what is just at a bar has reached it, however 64-bit sums come out', () => {
  const settings = { threshold: 0.7, floor: 0.2, reviewBelief: 0.5, reviewGap: 0.3 };
  for (const share of [0.7, 0.1 + 0.6, 1 - 0.3])
    expect(decide(massOfCodes(frame, { A: share }), settings)).toMatchObject({
      cautious: 'A',
      needsReview: false,
    });
  expect(decide(massOfCodes(frame, { A: 0.699 }), settings)).toMatchObject({
    cautious: null,
    needsReview: true,
  });
});

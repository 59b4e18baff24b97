/** What holds of every combination of every evidence, over frames with a tree and pairs. */

import fc from 'fast-check';
import { belief, bettingProbabilities, decide, plausibility } from './belief.ts';
import { cautious } from './cautious.ts';
import { combine, conflicts, RULES } from './combine.ts';
import { Frame, frameOf, type SetId } from './frame.ts';
import {
  confusablePairs,
  discounted,
  isVacuous,
  type MassFunction,
  massFunction,
  vacuous,
  withConfusion,
} from './mass.ts';

const frame = frameOf([
  { code: 'contact', parent: null },
  ...['email', 'phone', 'fax'].map((code) => ({ code, parent: 'contact' })),
  { code: 'place', parent: null },
  { code: 'area', parent: 'place' },
  ...['city', 'state'].map((code) => ({ code, parent: 'area' })),
  { code: 'street', parent: 'place' },
  { code: 'age', parent: null },
]);
const PAIRS: [string, string][] = [
  ['phone', 'fax'],
  ['city', 'state'],
  ['street', 'city'],
];
const pairs = PAIRS.map((codes) => frame.setOf(codes.map((code) => frame.setOfCode(code))));
const focal: SetId[] = [...[...frame.nodes.values()].map(({ set }) => set), ...pairs];
const CLOSE = 9;

/** Any evidence: some sets with shares, the rest on the whole frame; sometimes sure of everything. */
const evidence: fc.Arbitrary<MassFunction> = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...focal), { maxLength: 6 }),
    fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 7, maxLength: 7 }),
    fc.boolean(),
  )
  .map(([sets, weights, isSure]) => {
    const all = isSure && sets.length > 0 ? sets : [...sets, frame.whole];
    const sum = all.reduce((total, _, place) => total + (weights[place] ?? 0), 0);
    return massFunction(
      frame,
      all.map((set, place) => [set, (weights[place] ?? 0) / sum] as const),
    );
  });
const several = fc.array(evidence, { minLength: 1, maxLength: 5 });
const rules = fc.constantFrom(...RULES);

function expectSame(one: MassFunction, other: MassFunction, digits = CLOSE): void {
  for (const set of new Set([...one.masses.keys(), ...other.masses.keys()]))
    expect(one.masses.get(set) ?? 0).toBeCloseTo(other.masses.get(set) ?? 0, digits);
}

function expectLawful(mass: MassFunction): void {
  const sum = [...mass.masses.values()].reduce((total, each) => total + each, 0);
  expect(sum).toBeCloseTo(1, CLOSE);
  for (const [set, share] of mass.masses) {
    expect(frame.sizeOf(set)).toBeGreaterThan(0);
    expect(share).toBeGreaterThan(0);
  }
  const bets = bettingProbabilities(mass);
  expect(bets.reduce((total, each) => total + each, 0)).toBeCloseTo(1, CLOSE);
  for (const set of focal) {
    const bet = frame.leavesOf(set).reduce((total, leaf) => total + (bets[leaf] ?? 0), 0);
    expect(belief(mass, set)).toBeLessThanOrEqual(bet + 1e-9);
    expect(bet).toBeLessThanOrEqual(plausibility(mass, set) + 1e-9);
  }
}

test('masses sum to 1, none on nothing, Bel ≤ BetP ≤ Pl, the conflict a share', () => {
  fc.assert(
    fc.property(several, rules, (functions, rule) => {
      const { mass, conflict } = combine(rule, functions);
      expectLawful(mass);
      expect(conflict).toBeGreaterThanOrEqual(0);
      expect(conflict).toBeLessThanOrEqual(1);
      expectLawful(cautious(functions));
    }),
  );
});

test('the order of the sources is irrelevant', () => {
  const shuffled = several.chain((functions) =>
    fc.tuple(fc.constant(functions), fc.shuffledSubarray(functions, { minLength: functions.length })),
  );
  fc.assert(
    fc.property(shuffled, rules, ([functions, others], rule) => {
      const [one, other] = [combine(rule, functions), combine(rule, others)];
      expect(one.conflict).toBeCloseTo(other.conflict, CLOSE);
      expectSame(one.mass, other.mass);
      expectSame(cautious(functions), cautious(others), 6);
    }),
  );
});

test('a source that knows nothing changes nothing', () => {
  fc.assert(
    fc.property(several, rules, (functions, rule) => {
      const nothing = vacuous(frame);
      const [without, beside] = [combine(rule, functions), combine(rule, [...functions, nothing])];
      expect(beside.conflict).toBeCloseTo(without.conflict, CLOSE);
      expectSame(beside.mass, without.mass);
      expectSame(cautious([...functions, nothing]), cautious(functions), 6);
      expect(isVacuous(discounted(functions[0] ?? nothing, 1))).toBe(true);
    }),
  );
});

test('Dempster is associative; the cautious rule is, and counts what is repeated once', () => {
  const doubting = evidence.map((mass) => discounted(mass, 0.1));
  fc.assert(
    fc.property(doubting, doubting, doubting, (a, b, c) => {
      const left = combine('dempster', [combine('dempster', [a, b]).mass, c]).mass;
      expectSame(left, combine('dempster', [a, b, c]).mass);
      expectSame(cautious([a, a]), a, 6);
      expectSame(cautious([cautious([a, b]), c]), cautious([a, b, c]), 5);
      expectSame(cautious([a, b, a, b, b]), cautious([a, b]), 6);
    }),
  );
});

test('Yager is Dempster before its division, and Dubois–Prade is Yager where nobody contradicts', () => {
  fc.assert(
    fc.property(several, (functions) => {
      const [dempster, yager, prade] = RULES.map((rule) => combine(rule, functions));
      for (const [set, mass] of yager?.mass.masses ?? []) {
        if (set === frame.whole || dempster === undefined || dempster.conflict === 1) continue;
        expect(dempster.mass.masses.get(set) ?? 0).toBeCloseTo(mass / (1 - dempster.conflict), 6);
      }
      expect(prade?.conflict).toBeCloseTo(yager?.conflict ?? Number.NaN, CLOSE);
      if (yager && prade && yager.conflict === 0 && functions.length < 3) expectSame(yager.mass, prade.mass);
    }),
  );
});

test('the conflict of two sources is theirs alone, and more sources never make it less', () => {
  fc.assert(
    fc.property(fc.array(evidence, { minLength: 2, maxLength: 4 }), (functions) => {
      const table = conflicts(functions);
      const all = combine('yager', functions).conflict;
      for (const [i, row] of table.entries())
        for (const [j, value] of row.entries()) {
          expect(value).toBeCloseTo(table[j]?.[i] ?? Number.NaN, CLOSE);
          expect(value).toBeLessThanOrEqual(all + 1e-9);
          if (i === j) expect(value).toBe(0);
          else {
            const pair = [i, j].flatMap((place) => functions[place] ?? []);
            expect(value).toBeCloseTo(combine('yager', pair).conflict, CLOSE);
          }
        }
    }),
  );
});

test('half of the weaker of two that are taken for each other says that it may be either', () => {
  const known = confusablePairs(frame, PAIRS);
  fc.assert(
    fc.property(evidence, (mass) => {
      const moved = withConfusion(mass, known);
      expectLawful(moved);
      for (const set of focal) expect(belief(moved, set)).toBeLessThanOrEqual(belief(mass, set) + 1e-9);
    }),
  );
  const [phone, fax] = ['phone', 'fax'].map((code) => frame.setOfCode(code)) as [SetId, SetId];
  const of = (stronger: number, weaker: number) =>
    withConfusion(
      massFunction(frame, [
        [phone, stronger],
        [fax, weaker],
      ]),
      known,
    ).masses.get(frame.union(phone, fax));
  expect(of(0.5, 0.2)).toBeCloseTo(0.1, CLOSE);
  expect(of(0.7, 0.2)).toBeUndefined();
});

test('a set is one number, and set operations are those of sets', () => {
  const subset = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 30 });
  const large = new Frame(Array.from({ length: 100 }, (_, leaf) => `${leaf}`));
  fc.assert(
    fc.property(subset, subset, (one, other) => {
      const [a, b] = [large.setOf(one), large.setOf(other)];
      const common = one.filter((leaf) => other.includes(leaf)).sort((x, y) => x - y);
      expect(large.leavesOf(large.intersect(a, b))).toEqual(common);
      expect(large.leavesOf(large.union(a, b))).toEqual(
        [...new Set([...one, ...other])].sort((x, y) => x - y),
      );
      expect(large.contains(a, b)).toBe(other.every((leaf) => one.includes(leaf)));
      expect(large.setOf(one.toReversed())).toBe(a);
      expect(large.sizeOf(a)).toBe(one.length);
    }),
  );
  large.forget();
  expect(large.sets).toBe(101);
});

test('what was forgotten is refused, not misread', () => {
  const own = new Frame(['A', 'B', 'C']);
  const pair = own.setOf([0, 1]);
  own.forget();
  expect(() => own.leavesOf(pair)).toThrow('is forgotten');
  expect(own.setOf([1, 2])).not.toBe(pair);
});

test('the node that is told is the deepest that is believed enough; with no belief there is none', () => {
  const decided = (shares: [string, number][]) => {
    const {
      predicted,
      cautious: node,
      needsReview,
    } = decide(
      massFunction(
        frame,
        shares.map(([code, share]) => [frame.setOfCode(code), share]),
      ),
    );
    return [predicted, node, needsReview];
  };
  expect(decided([['city', 0.9]])).toEqual(['city', 'city', false]);
  expect(
    decided([
      ['city', 0.45],
      ['state', 0.4],
    ]),
  ).toEqual(['city', 'area', true]);
  expect(
    decided([
      ['city', 0.4],
      ['street', 0.4],
    ]),
  ).toEqual(['city', 'place', true]);
  expect(
    decided([
      ['city', 0.45],
      ['email', 0.45],
    ]),
  ).toEqual(['email', null, true]);
  expect(decided([['city', 0.1]])).toEqual([null, null, true]);
  expect(decided([])).toEqual([null, null, true]);
});

test('terms that are no tree are refused', () => {
  expect(() => frameOf([])).toThrow('at least one leaf');
  expect(() => frameOf([{ code: 'a', parent: 'b' }])).toThrow('"a" is below "b", which is no term');
  expect(() =>
    frameOf([
      { code: 'a', parent: 'b' },
      { code: 'b', parent: 'a' },
    ]),
  ).toThrow('go round');
  expect(() => new Frame(['a', 'a'])).toThrow('stands twice');
});

/** How the sources of a column meet: the family of those that learn from one another, and those that do not. */

import fc from 'fast-check';
import { Frame } from '../core/evidence/frame.ts';
import { type MassFunction, massOfCodes } from '../core/evidence/mass.ts';
import type { Source } from './evidence.ts';
import { FUSION_DEFAULTS, fuse, type SourceMass } from './fusion.ts';
import { labelMass } from './model-labels/label-mass.ts';
import { bundled } from './testing/bundled.ts';
import { catboostMass, svmMass } from './trained/trained-masses.ts';

const frame = new Frame(['A', 'B', 'C'], [{ code: 'A or B', depth: 1, leaves: ['A', 'B'] }]);
const says = (source: Source, masses: Record<string, number>): SourceMass => ({
  source,
  mass: massOfCodes(frame, masses),
});

/** Masses by code, in six digits; Θ is the whole frame. */
function shown({ masses }: MassFunction): Record<string, number> {
  const codes = new Map([...frame.nodes.values()].map(({ set, code }) => [set, code]));
  return Object.fromEntries(
    [...masses].map(([set, mass]) => [codes.get(set) ?? 'Θ', Math.round(mass * 1e6) / 1e6]),
  );
}

test('a model that is sure to .9 says .81; of an unknown term it says nothing', () => {
  expect(shown(labelMass(frame, { code: 'A', confidence: 0.9, alternatives: [] }))).toEqual({
    A: 0.81,
    Θ: 0.19,
  });
  const unknown = { code: 'Z', confidence: 0.9, alternatives: [{ code: 'A', confidence: 0.5 }] };
  expect(shown(labelMass(frame, unknown))).toEqual({ Θ: 1 });
});

test('a model’s other terms share what is left up to .90, none more than its own', () => {
  const label = (confidence: number, ...others: [string, number][]) =>
    shown(
      labelMass(frame, {
        ...{ code: 'A', confidence },
        alternatives: others.map(([code, own]) => ({ code, confidence: own })),
      }),
    );
  expect(label(0.5, ['B', 0.3], ['C', 0.1])).toEqual({ A: 0.45, B: 0.3, C: 0.1, Θ: 0.15 });
  expect(label(0.8, ['B', 0.3], ['C', 0.1])).toEqual({ A: 0.72, B: 0.135, C: 0.045, Θ: 0.1 });
  expect(label(0.8, ['A', 0.9], ['Z', 0.9])).toEqual({ A: 0.72, Θ: 0.28 });
  expect(label(7, ['B', -1])).toEqual({ A: 0.9, Θ: 0.1 });
  expect(() => label(Number.NaN)).toThrow('must be a number');
});

test('trees leave .15 without a variance, and more the more they differ, to one half', () => {
  const probabilities = { A: 0.7, B: 0.2, C: 0.1 };
  const trees = (variance: number | null) => shown(catboostMass(frame, { probabilities, variance }));
  expect(trees(null)).toEqual({ A: 0.595, B: 0.17, C: 0.085, Θ: 0.15 });
  expect(trees(0.05).Θ).toBeCloseTo(0.18, 6);
  expect(trees(0.9).Θ).toBe(0.5);
});

test('the support vector machine leaves .20, and what it does not name beside', () => {
  expect(shown(svmMass(frame, { A: 0.7, B: 0.3 }))).toEqual({ A: 0.56, B: 0.24, Θ: 0.2 });
  expect(shown(svmMass(frame, { A: 0.7, Z: 0.3 }))).toEqual({ A: 0.56, Θ: 0.44 });
});

test('members that repeat the model add nothing, however many they are', () => {
  const alone = fuse([says('pattern', { A: 0.5 }), says('llm', { B: 0.81 })]);
  const echoed = fuse([
    says('pattern', { A: 0.5 }),
    ...(['llm', 'svm', 'catboost'] as const).map((source) => says(source, { B: 0.81 })),
  ]);
  expect(shown(echoed.mass)).toEqual(shown(alone.mass));
  // as independent ones they would be sure: 1 - .19³
  expect(shown(echoed.family ?? echoed.mass)).toEqual({ B: 0.81, Θ: 0.19 });
});

test('independent sources challenge a model that excludes what they are sure of', () => {
  const { challenge, revisit, mass, decision } = fuse([
    says('name_match', { A: 0.5 }),
    says('pattern', { A: 0.75 }),
    says('llm', { B: 0.81 }),
  ]);
  expect(challenge).toEqual({ code: 'A', mass: 0.875 });
  expect(revisit).toBe('challenged');
  // the model has .81 · (1 - .875 / 2) = .455625 left; Dempster of A .875 and B .455625
  expect(shown(mass)).toEqual({ A: 0.792127, B: 0.094712, Θ: 0.113161 });
  expect(decision.predicted).toBe('A');
});

test('what is less sure, or within what the model says, challenges nothing', () => {
  const weak = fuse([says('name_match', { A: 0.44 }), says('llm', { B: 0.81 })]);
  expect(weak).toMatchObject({ challenge: null, revisit: null, decision: { predicted: 'B' } });
  const within = fuse([says('name_match', { A: 0.75 }), says('llm', { 'A or B': 0.81 })]);
  expect(within).toMatchObject({ challenge: null, revisit: null, decision: { predicted: 'A' } });
});

test('a model is asked again where it is overruled or all are unsure, and only where there is one', () => {
  const overruled = fuse([says('llm', { A: 0.3 }), says('name_match', { B: 0.42 })]);
  expect(overruled).toMatchObject({ decision: { predicted: 'B' }, challenge: null, revisit: 'overruled' });
  expect(fuse([says('llm', { A: 0.3 })]).revisit).toBe('uncertain');
  expect(fuse([says('llm', {})]).revisit).toBe('uncertain');
  expect(fuse([says('svm', { A: 0.3 })]).revisit).toBeNull();
  expect(fuse([says('name_match', { A: 0.3 })]).revisit).toBeNull();
});

test('a model that says no term fits settles what nothing else speaks for, and is challenged by what does', () => {
  const none = { ...says('llm', {}), noTerm: 0.81 };
  const alone = fuse([says('name_match', {}), none]);
  expect(alone).toMatchObject({ decision: { predicted: null, needsReview: false }, revisit: null });
  expect(alone.noTerm).toBeCloseTo(0.81, 9);
  // over the frame with "none" beside: none .81 · .5, A .19 · .5, not known .19 · .5, of .595 in all
  const doubted = fuse([says('name_match', { A: 0.5 }), none]);
  expect(shown(doubted.mass)).toEqual({ A: 0.159664, Θ: 0.840336 });
  expect(doubted.noTerm).toBeCloseTo(0.680672, 6);
  expect(doubted).toMatchObject({ decision: { predicted: null }, revisit: 'challenged' });
  const firm = fuse([says('name_match', { A: 0.7 }), says('pattern', { A: 0.75 }), none]);
  expect(firm).toMatchObject({ decision: { predicted: 'A' }, revisit: 'challenged' });
  expect(firm.noTerm).toBeLessThan(firm.decision.probability);
  expect(fuse([says('name_match', { A: 0.7 })]).noTerm).toBe(0);
});

test('the rule and its thresholds are settings', () => {
  const sources = [says('name_match', { A: 0.7 }), says('llm', { B: 0.81 })];
  const yager = fuse(sources, { ...FUSION_DEFAULTS, rule: 'yager', challenge: 0.8 });
  expect(yager.challenge).toBeNull();
  expect(shown(yager.mass)).toEqual({ A: 0.133, B: 0.243, Θ: 0.624 });
  expect(yager.conflict).toBeCloseTo(0.567, 6);
  expect(() => fuse([])).toThrow('no mass function');
});

const source = fc.constantFrom<Source>('name_match', 'pattern', 'values', 'type', 'llm', 'svm', 'catboost');
const evidence = fc
  .tuple(source, fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 5, maxLength: 5 }))
  .map(([from, weights]) => {
    const sum = weights.reduce((total, each) => total + each, 0) + 1;
    const codes = ['A', 'B', 'C', 'A or B'];
    return says(from, Object.fromEntries(codes.map((code, at) => [code, (weights[at] ?? 0) / sum])));
  });

test('whatever the sources say, in any order: one lawful result, and silence changes nothing', () => {
  fc.assert(
    fc.property(fc.array(evidence, { minLength: 1, maxLength: 7 }), source, (sources, silent) => {
      const { mass, challenge, independent } = fuse(sources);
      expect([...mass.masses.values()].reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
      const turned = fuse([...sources.toReversed(), says(silent, {})]);
      for (const [set, share] of mass.masses) expect(turned.mass.masses.get(set) ?? 0).toBeCloseTo(share, 9);
      expect(turned.challenge?.code).toBe(challenge?.code);
      if (challenge !== null)
        expect(challenge.mass).toBeCloseTo(Math.max(...independent.split.leaves.values()), 9);
    }),
    { numRuns: 200 },
  );
});

test('the classifier fuses what models and trained members say of a column with its own sources', () => {
  const { classify, vocabulary } = bundled();
  const llm = (code: string, mass: number) => ({
    ...{ source: 'llm' as const, reasons: ['It reads as one.'] },
    mass: massOfCodes(vocabulary.frame, { [code]: mass }),
  });
  const opaque = { name: 'c7', values: ['north', 'south'] };
  expect(classify(opaque).decision.predicted).toBeNull();
  expect(classify(opaque, [llm('REGION', 0.81)]).decision).toMatchObject({
    predicted: 'REGION',
    needsReview: false,
  });
  const clear = { name: 'email', values: ['ada@example.com', 'bob@example.org'] };
  const challenged = classify(clear, [llm('URL', 0.81)]);
  expect(challenged).toMatchObject({ decision: { predicted: 'EMAIL' }, challenge: { code: 'EMAIL' } });
  expect(challenged.evidence.at(-1)).toMatchObject({ source: 'llm', reasons: ['It reads as one.'] });
});

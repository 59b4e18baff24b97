/** How often a column is right is stated beside its masses, and holds over many columns. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { halfOf } from '../../bench/classification/real-halves.ts';
import { readTables, withoutHeaders } from '../../bench/classification/tables.ts';
import { calibrationError, reliability } from '../evaluation/calibration.ts';
import type { Judgement } from '../evaluation/judgement.ts';
import { FUSION_DEFAULTS, fuse } from '../fusion.ts';
import { bundled } from '../testing/bundled.ts';
import { calibrated, probabilityBy, REVIEW_PROBABILITY, readCalibration } from './calibration.ts';
import { FEATURES } from './features.ts';

const { knowledge, classify, classifyTable } = bundled();
const { calibration } = knowledge;
const EMAILS = ['ada@example.com', 'bob@example.org', 'cy@mail.example.net'];

test('each feature has its weight, and a feature without one is told', () => {
  const rows = readFileSync(join('classification', 'probability', 'weights.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  expect(rows.map((row) => row.split(',')[0])).toEqual(['intercept', ...FEATURES]);
  expect(() => readCalibration(rows.slice(0, -1).map((row) => row.split(',')))).toThrow(
    'There is no weight of',
  );
});

test('masses, belief and prediction stay as the bet has them; only probability and review follow the map', () => {
  const { evidence, mass, decision } = classify({ name: 'cust_email', values: EMAILS });
  const { decision: bet } = fuse(evidence, { ...FUSION_DEFAULTS });
  expect(decision).toEqual(calibrated(calibration, { sources: evidence, mass }, bet));
  const { probability: _stated, needsReview: _review, ...rest } = decision;
  const { probability: betP, needsReview: _bet, ...own } = bet;
  expect(rest).toEqual(own);
  expect(bet.belief).toBeLessThanOrEqual(betP);
  expect(betP).toBeLessThanOrEqual(bet.plausibility);
});

test('names and values that agree make a column surer than either alone; what is not sure enough is reviewed', () => {
  const stated = (name: string, values: string[]) => classify({ name, values }).decision;
  const both = stated('email', EMAILS).probability;
  expect(both).toBeGreaterThan(stated('email', ['-']).probability);
  expect(both).toBeGreaterThan(stated('zz', EMAILS).probability);
  const unsure = calibrated(
    { intercept: -9, weights: FEATURES.map(() => 0) },
    { sources: [], mass: classify({ name: 'email', values: EMAILS }).mass },
    stated('email', EMAILS),
  );
  expect(unsure.probability).toBeLessThan(REVIEW_PROBABILITY);
  expect(unsure.needsReview).toBe(true);
  expect(probabilityBy({ intercept: 0, weights: [] }, [])).toBe(0.5);
});

test('where a model speaks the bet counts, to which the map was not fitted', () => {
  const { evidence } = classify({ name: 'email', values: EMAILS });
  const sources = evidence.map((each) =>
    each.source === 'type' ? { ...each, source: 'llm' as const } : each,
  );
  const name = evidence.find(({ source }) => source === 'name_match');
  const withModel = [...sources, { source: 'svm' as const, mass: name?.mass ?? sources[0]?.mass }].flatMap(
    (each) => (each.mass === undefined ? [] : [{ source: each.source, mass: each.mass }]),
  );
  expect(fuse(withModel, { ...FUSION_DEFAULTS, calibration }).decision).toEqual(fuse(withModel).decision);
});

test('of the tables that it was fitted to, it is off by .08 on the mean at most', () => {
  const real = readTables(join('classification', 'real')).filter(
    ({ table }) => halfOf(table) === 'real-tuning',
  );
  const sample = readTables(join('classification', 'sample')).filter(({ part }) => part === 'development');
  const judged = [...sample, ...sample.map(withoutHeaders), ...real, ...real.map(withoutHeaders)].flatMap(
    ({ columns }) =>
      classifyTable(columns.map((each) => each.sample)).flatMap(({ decision }, at): Judgement[] => {
        const label = columns[at]?.label ?? null;
        return label === null ? [] : [{ ...decision, label: label.code }];
      }),
  );
  expect(judged.length).toBeGreaterThan(800);
  expect(calibrationError(reliability(judged))).toBeLessThan(0.08);
});

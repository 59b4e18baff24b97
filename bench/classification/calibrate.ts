/**
 * Fits the map from evidence to how often a column is right, and writes `classification/probability/weights.csv`: to
 * the development part and the tuning half of the real tables, with their headers and without, under the bundled
 * vocabulary and one in other words. Each part weighs alike. Started in the repository's root:
 * `npx esbuild bench/classification/calibrate.ts --bundle --platform=node --format=esm --packages=external
 * --outfile=build/calibrate.mjs` and `node build/calibrate.mjs`.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Classifier, createClassifier } from '../../classification/classifier.ts';
import { bundledVocabulary, readKnowledge } from '../../classification/knowledge.ts';
import { probabilityBy } from '../../classification/probability/calibration.ts';
import { FEATURES, featuresOf } from '../../classification/probability/features.ts';
import { readCsvRecords } from '../../classification/vocabulary/csv.ts';
import { readVocabulary } from '../../classification/vocabulary/vocabulary.ts';
import { inHalves } from './real-halves.ts';
import { type LabelledTable, readTables, withoutHeaders } from './tables.ts';

const FOLDER = 'classification';
const PARTS = ['development', 'real-tuning'];
const STEPS = 4_000;
const RATE = 0.5;
/** Keeps weights small, per column. */
const RIDGE = 0.002;

interface Example {
  features: number[];
  isRight: boolean;
  weight: number;
}

/** Of one classifier's columns; a code that the vocabulary has nothing for is left out. */
function examplesOf(classifier: Classifier, part: readonly LabelledTable[], others: Codes): Example[] {
  const found = [...part, ...part.map(withoutHeaders)].flatMap(({ columns }) => {
    const results = classifier.classifyTable(columns.map(({ sample }) => sample));
    return results.flatMap(({ evidence, mass, decision: { predicted } }, at): Example[] => {
      const label = columns[at]?.label ?? null;
      if (label === null || predicted === null) return [];
      const code = label.code === null ? null : others(label.code);
      if (code === undefined) return [];
      return [{ features: featuresOf(evidence, mass, predicted), isRight: predicted === code, weight: 1 }];
    });
  });
  return found.map((each) => ({ ...each, weight: 1 / found.length }));
}

/** Of a bundled code the vocabulary's own; undefined: it has none. */
type Codes = (code: string) => string | undefined;

/** Gradients of the likelihood, as many steps as it takes for these few weights. */
function fitted(examples: readonly Example[]): { intercept: number; weights: number[] } {
  let map = { intercept: 0, weights: FEATURES.map(() => 0) };
  const all = examples.reduce((sum, { weight }) => sum + weight, 0);
  for (let step = 0; step < STEPS; step += 1) {
    let slope = 0;
    const slopes = map.weights.map((weight) => -RIDGE * weight);
    for (const { features, isRight, weight } of examples) {
      const off = ((Number(isRight) - probabilityBy(map, features)) * weight) / all;
      slope += off;
      for (const [at, value] of features.entries()) slopes[at] = (slopes[at] ?? 0) + off * value;
    }
    map = {
      intercept: map.intercept + RATE * slope,
      weights: map.weights.map((weight, at) => weight + RATE * (slopes[at] ?? 0)),
    };
  }
  return map;
}

function main(): void {
  const knowledge = readKnowledge(FOLDER);
  const tables = [...readTables(join(FOLDER, 'sample')), ...inHalves(readTables(join(FOLDER, 'real')))];
  const testing = (name: string): string => readFileSync(join(FOLDER, 'testing', name), 'utf8');
  const codes = new Map(
    readCsvRecords(testing('other-terms.csv')).map(({ bundled = '', other = '' }) => [bundled, other]),
  );
  const classifiers: [Classifier, Codes][] = [
    [createClassifier(knowledge, bundledVocabulary(FOLDER)), (code) => code],
    [createClassifier(knowledge, readVocabulary(testing('other-vocabulary.csv'))), (code) => codes.get(code)],
  ];
  const examples = PARTS.flatMap((part) =>
    classifiers.flatMap(([classifier, others]) =>
      examplesOf(
        classifier,
        tables.filter((each) => each.part === part),
        others,
      ),
    ),
  );
  const { intercept, weights } = fitted(examples);
  const rows = [
    ['intercept', intercept] as const,
    ...FEATURES.map((name, at) => [name, weights[at] ?? 0] as const),
  ];
  const lines = rows.map(([name, weight]) => `${name},${weight.toFixed(4)}`);
  writeFileSync(join(FOLDER, 'probability', 'weights.csv'), `${['feature,weight', ...lines].join('\n')}\n`);
}

main();

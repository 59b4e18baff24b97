/**
 * How well columns are given their terms, with known headers and with hidden ones: the bundled sample by its parts
 * (`classification/sample`), real tables where there are some (`classification/real`), or a folder of one's own with
 * vocabulary, tables and labels (`--from FOLDER`, see docs/classification.md). Starts no platform, asks no model.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Classifier, createClassifier } from '../../classification/classifier.ts';
import type { Evaluation } from '../../classification/evaluation/evaluation.ts';
import { bundledVocabulary, readKnowledge } from '../../classification/knowledge.ts';
import { type BenchArguments, benchArguments } from '../arguments.ts';
import { type Bar, finishReport, machineState, print, printTable, round } from '../report.ts';
import { type Judged, judge } from './judge.ts';
import {
  groupedBy,
  type LabelledTable,
  readTables,
  shifted,
  vocabularyIn,
  withoutHeaders,
} from './tables.ts';

const FOLDER = 'classification';
/** Columns a second over these tables, one after the other. */
const BAR_COLUMNS = 2_000;
const LEAST_SECONDS = 2;
const NOT_MEASURED = [
  'Models and learning from reviewed columns: nothing but names, values and tables is used.',
  'How a source is read: the values are given, at most 50 of a column.',
];

/** The least that each part must reach; what is not named has no bar. */
const BARS: Record<string, { known: number; hidden: number; macro?: number; rest: number }> = {
  held: { known: 0.92, hidden: 0.7, macro: 0.88, rest: 0.97 },
  real: { known: 0.8, hidden: 0.5, rest: 0.95 },
  all: { known: 0.8, hidden: 0.5, rest: 0.95 },
};

interface Subject {
  classifier: Classifier;
  tables: LabelledTable[];
}

function subjectOf(words: BenchArguments): Subject {
  const knowledge = readKnowledge(FOLDER);
  if (words.isGiven('from')) {
    const folder = words.text('from');
    const classifier = createClassifier(knowledge, vocabularyIn(folder));
    return { classifier, tables: readTables(folder) };
  }
  const real = join(FOLDER, 'real');
  const tables = [
    ...readTables(join(FOLDER, 'sample')),
    ...(existsSync(join(real, 'labels.csv'))
      ? readTables(real).map((each) => ({ ...each, part: 'real' }))
      : []),
  ];
  return { classifier: createClassifier(knowledge, bundledVocabulary(FOLDER)), tables };
}

interface PartResult {
  part: string;
  known: Judged;
  hidden: Judged;
}

function resultsOf({ classifier, tables }: Subject): PartResult[] {
  return [...groupedBy(tables, ({ part }) => part)].map(([part, own]) => ({
    part,
    known: judge(classifier, own),
    hidden: judge(classifier, own.map(withoutHeaders)),
  }));
}

function speedOf({ classifier, tables }: Subject, seconds: number): number {
  const samples = tables.map(({ columns }) => columns.map(({ sample }) => sample));
  const started = performance.now();
  let columns = 0;
  do for (const table of samples) columns += classifier.classifyTable(table).length;
  while (performance.now() - started < seconds * 1_000);
  return (columns * 1_000) / (performance.now() - started);
}

const SHOWN: readonly [string, (found: Evaluation) => number | null][] = [
  ['columns', (found) => found.columns],
  ['micro-F1', (found) => found.microF1],
  ['macro-F1', (found) => found.macroF1],
  ['exact', (found) => found.exactAccuracy],
  ['hierarchical', (found) => found.hierarchicalAccuracy],
  ['ECE', (found) => found.calibrationError],
  ['reviewed', (found) => found.review.reviewedShare],
  ['errors caught', (found) => found.review.errorsCaught],
  ['rest right', (found) => found.review.accuracyOfRest],
  ['sensitive recall', (found) => found.sensitive.recall],
  ['sensitive precision', (found) => found.sensitive.precision],
];

function printResults(results: readonly PartResult[]): void {
  const rows = results.flatMap(({ part, known, hidden }) =>
    ([known, hidden] as const).map(({ evaluation }, at) => [
      `${part}, ${at === 0 ? 'known' : 'hidden'} headers`,
      ...SHOWN.map(([, figureIn]) => String(round(figureIn(evaluation) ?? Number.NaN))),
    ]),
  );
  printTable([['part', ...SHOWN.map(([name]) => name)], ...rows]);
}

function barsOf({ part, known, hidden }: PartResult): Bar[] {
  const bars = BARS[part];
  if (bars === undefined) return [];
  const named = (bar: Omit<Bar, 'unit' | 'value'> & { value: number | null }): Bar => ({
    ...{ ...bar, name: `${part}: ${bar.name}`, unit: '' },
    value: bar.value ?? Number.NaN,
  });
  const least = true;
  const { microF1, macroF1, calibrationError, review, sensitive } = known.evaluation;
  const { evaluation: withoutNames } = hidden;
  const macro = { name: 'macro-F1 with known headers', value: macroF1, bar: bars.macro ?? 0, least };
  return [
    { name: 'micro-F1 with known headers', value: microF1, bar: bars.known, least },
    ...(bars.macro === undefined ? [] : [macro]),
    { name: 'micro-F1 with hidden headers', value: withoutNames.microF1, bar: bars.hidden, least },
    { name: 'ECE with known headers', value: calibrationError, bar: 0.08 },
    { name: 'ECE with hidden headers', value: withoutNames.calibrationError, bar: 0.08 },
    { name: 'errors that the review catches', value: review.errorsCaught, bar: 0.85, least },
    { name: 'columns that are reviewed', value: review.reviewedShare, bar: 0.25 },
    { name: 'right of what is not reviewed', value: review.accuracyOfRest, bar: bars.rest, least },
    { name: 'recall of sensitive columns', value: sensitive.recall, bar: 0.95, least },
    { name: 'precision of sensitive columns', value: sensitive.precision, bar: 0.8, least },
  ].map(named);
}

const SPEED = 'columns a second through all sources';
const PLANT = 'each column stands under the label of the one before it';

function main(): number {
  const words = benchArguments(process.argv.slice(2), {
    defaults: { seconds: LEAST_SECONDS },
    smoke: { seconds: 0 },
    texts: ['from'],
  });
  const before = machineState();
  const subject = subjectOf(words);
  const results = resultsOf(words.plant ? { ...subject, tables: subject.tables.map(shifted) } : subject);
  printResults(results);
  const quality = results.flatMap(barsOf);
  const value = Math.round(speedOf(subject, words.number('seconds')));
  const namesOf = (pattern: RegExp): string[] =>
    quality.map(({ name }) => name).filter((name) => pattern.test(name));
  print('');
  return finishReport(
    {
      bench: 'classification',
      figures: figuresOf(results),
      bars: [...quality, { name: SPEED, value, bar: BAR_COLUMNS, unit: '/s', least: true }],
      samples: results,
      notMeasured: NOT_MEASURED,
      plant: words.plant ? { what: PLANT, breaks: namesOf(/F1/) } : null,
      // where there is no error, none can be caught
      smoke: words.smoke ? { without: namesOf(/review catches/) } : null,
    },
    before,
    join('build', 'bench'),
  );
}

const figuresOf = (results: readonly PartResult[]): Record<string, number> =>
  Object.fromEntries(
    results.flatMap(({ part, known, hidden }) =>
      SHOWN.flatMap(([name, figureIn]) => [
        [`${part}, known, ${name}`, figureIn(known.evaluation) ?? Number.NaN],
        [`${part}, hidden, ${name}`, figureIn(hidden.evaluation) ?? Number.NaN],
      ]),
    ),
  );

process.exitCode = main();

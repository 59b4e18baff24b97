/**
 * How well columns are given their terms, with known headers and with hidden ones: the bundled sample by its parts
 * (`classification/sample`), real tables in two halves where there are some (`classification/real`), or a folder of
 * one's own with vocabulary, tables and labels (`--from FOLDER`, see docs/classification.md). Then the same beside a
 * scripted model that is sure of its errors, and with members that learned from reviewed columns; with `--peers 1`
 * beside Presidio and DataProfiler. Starts no platform, asks no model.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Classifier, createClassifier } from '../../classification/classifier.ts';
import type { Evaluation } from '../../classification/evaluation/evaluation.ts';
import { bundledVocabulary, readKnowledge } from '../../classification/knowledge.ts';
import { type BenchArguments, benchArguments } from '../arguments.ts';
import { type Bar, finishReport, machineState, print, printTable, round } from '../report.ts';
import { type Judged, judge } from './judge.ts';
import { type LearnedFigures, learnedFigures } from './learned.ts';
import { peerFigures, type ReaderFigures } from './peers.ts';
import { inHalves } from './real-halves.ts';
import { type ScriptedColumn, scriptedFigures, scriptedModel } from './scripted-model.ts';
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
/** All of the form of seconds: the smallest part that has every bar. */
const SMOKE_PART = 'held';
const NOT_MEASURED = [
  'Real models: the model is a script whose errors are planted.',
  'How a source is read: the values are given, at most 50 of a column.',
];

/** The least that each part must reach; what is not named has no bar. */
const BARS: Record<string, { known: number; hidden: number; macro?: number; rest: number }> = {
  held: { known: 0.92, hidden: 0.7, macro: 0.88, rest: 0.97 },
  'real-tuning': { known: 0.8, hidden: 0.5, rest: 0.95 },
  'real-held': { known: 0.8, hidden: 0.5, rest: 0.95 },
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
  const sample = readTables(join(FOLDER, 'sample'));
  const tables = [...sample, ...(existsSync(join(real, 'labels.csv')) ? inHalves(readTables(real)) : [])];
  return {
    classifier: createClassifier(knowledge, bundledVocabulary(FOLDER)),
    tables: words.smoke ? sample.filter(({ part }) => part === SMOKE_PART) : tables,
  };
}

interface PartResult {
  part: string;
  known: Judged;
  hidden: Judged;
  scripted: ScriptedColumn[];
  learned: Record<'queue' | 'random', LearnedFigures>;
}

async function resultsOf({ classifier, tables }: Subject, python: string): Promise<PartResult[]> {
  const results: PartResult[] = [];
  for (const [part, own] of groupedBy(tables, (each) => each.part))
    results.push({
      part,
      known: judge(classifier, own),
      hidden: judge(classifier, own.map(withoutHeaders)),
      scripted: scriptedModel(classifier, own),
      learned: await learnedFigures(classifier, own, python),
    });
  return results;
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
  printTable([
    ['part', ...Object.keys(figuresBeside(results[0]))],
    ...results.map((result) => [
      result.part,
      ...Object.values(figuresBeside(result)).map((value) => String(round(value))),
    ]),
  ]);
}

/** With the scripted model, and with what the trained members learned. */
function figuresBeside(result: PartResult | undefined): Record<string, number> {
  if (result === undefined) return {};
  const { modelAccuracy, fusedAccuracy, modelWrongAndSure, fusedWrongAndSure } = scriptedFigures(
    result.scripted,
  );
  const { queue, random } = result.learned;
  return {
    ...{ 'model right': modelAccuracy, 'fused right': fusedAccuracy },
    ...{ 'model wrong, sure': modelWrongAndSure, 'fused wrong, sure': fusedWrongAndSure },
    'columns reviewed': queue.reviewed,
    ...{ 'queue: others before': queue.before, 'queue: others after': queue.after },
    ...{ 'random: others before': random.before, 'random: others after': random.after },
  };
}

function barsOf({ part, known, hidden, scripted, learned }: PartResult): Bar[] {
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
    ...(part === 'held' ? barsBeside(scripted, learned.queue) : []),
  ].map(named);
}

function barsBeside(scripted: ScriptedColumn[], { after }: LearnedFigures): Omit<Bar, 'unit'>[] {
  const { fusedAccuracy, modelWrongAndSure, fusedWrongAndSure } = scriptedFigures(scripted);
  const least = true;
  return [
    { name: 'right with the scripted model', value: fusedAccuracy, bar: 0.93, least },
    { name: 'wrong and sure, beside the model’s', value: fusedWrongAndSure / modelWrongAndSure, bar: 0.25 },
    { name: 'hidden headers, right of what is not reviewed, after reviews', value: after, bar: 0.8, least },
  ];
}

const SPEED = 'columns a second through all sources';
const PLANT = 'each column stands under the label of the one before it';

/** By part and reader. */
async function printedPeers(
  { classifier, tables }: Subject,
  python: string,
): Promise<Record<string, number>> {
  const rows: [name: string, figures: ReaderFigures][] = [];
  for (const [part, own] of groupedBy(tables, (each) => each.part))
    if (BARS[part] !== undefined)
      for (const [reader, found] of Object.entries(await peerFigures(classifier, own, python)))
        rows.push([`${part}, ${reader}`, found]);
  const shown = rows.map(([name, { columns, microF1, accuracy, columnsASecond }]) => [
    ...[
      name,
      String(columns),
      String(round(microF1)),
      String(round(accuracy)),
      String(round(columnsASecond)),
    ],
  ]);
  printTable([['reader', 'columns', 'micro-F1', 'right', 'columns a second'], ...shown]);
  return Object.fromEntries(rows.map(([name, { microF1 }]) => [`${name}, micro-F1`, microF1]));
}

async function main(): Promise<number> {
  const python = process.env.TEMPERA_PYTHON;
  if (!python) throw new Error('TEMPERA_PYTHON is not set: start this by npm run bench -- classification.');
  const words = benchArguments(process.argv.slice(2), {
    defaults: { seconds: LEAST_SECONDS, peers: 0 },
    smoke: { seconds: 0 },
    texts: ['from'],
  });
  const before = machineState();
  const subject = subjectOf(words);
  const tables = words.plant ? subject.tables.map(shifted) : subject.tables;
  const results = await resultsOf({ ...subject, tables }, python);
  printResults(results);
  const peers = words.number('peers') > 0 ? await printedPeers(subject, python) : {};
  const quality = results.flatMap(barsOf);
  const value = Math.round(speedOf(subject, words.number('seconds')));
  const namesOf = (pattern: RegExp): string[] =>
    quality.map(({ name }) => name).filter((name) => pattern.test(name));
  print('');
  return finishReport(
    {
      bench: 'classification',
      figures: { ...figuresOf(results), ...peers },
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
    results.flatMap((result) => [
      ...SHOWN.flatMap(([name, figureIn]) => [
        [`${result.part}, known, ${name}`, figureIn(result.known.evaluation) ?? Number.NaN],
        [`${result.part}, hidden, ${name}`, figureIn(result.hidden.evaluation) ?? Number.NaN],
      ]),
      ...Object.entries(figuresBeside(result)).map(([name, value]) => [`${result.part}, ${name}`, value]),
    ]),
  );

process.exitCode = await main();

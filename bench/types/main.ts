/**
 * Kinds of columns beside labels that people gave: the ML Data Prep Zoo (`--from FOLDER`, a copy of the repository
 * pvn25/ML-Data-Prep-Zoo), its tables' columns in nine classes, with what pandas, skrub's Cleaner and AutoGluon infer
 * in the same run; and the best cross-validated score that a learner of lines or of trees has on each one's features.
 * Peers come from an environment below build/ by `requirements.lock`. `--smoke` reads a tiny copy that it makes
 * itself, beside pandas alone.
 */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { benchArguments } from '../arguments.ts';
import { type Copy, withCopy } from '../copy.ts';
import { lockedPython } from '../environment.ts';
import { finishReport, machineState, print, round } from '../report.ts';
import { TINY_ZOO } from './tiny.ts';

const FOLDER = join('bench', 'types');
const NOT_MEASURED = [
  'scores of tuned models: two plain learners on at most 1,000 rows, five folds.',
  'targets: the labels are of the other columns (npm run bench -- known measures targets).',
];

interface Samples {
  columns: number;
  /** Tables of the list that the copy lacks. */
  missing: string[];
  /** Share of the columns in their labelled class, by reader. */
  accuracy: Record<string, number>;
  mean_of_tables: Record<string, number>;
  /** Best score of each fold, by table and reader; none where the table cannot be scored. */
  scores: Record<string, Record<string, number[]>>;
  tables: Record<string, Record<string, number>>;
  faults: Record<string, string[]>;
}

async function measure({ folder, isTiny }: Copy): Promise<Samples> {
  const python = process.env.TEMPERA_PYTHON;
  if (!python)
    throw new Error('TEMPERA_PYTHON is not set: start this by npm run bench -- types --from FOLDER.');
  const peers = isTiny ? '' : await lockedPython('types', join(FOLDER, 'requirements.lock'), python);
  const tasks = mkdtempSync(join(tmpdir(), 'tempera-bench-types-'));
  const words = ['--from', folder, '--tasks', join(tasks, 'tasks.json'), '--peers', peers];
  const { stdout } = await promisify(execFile)(python, [join(FOLDER, 'measure.py'), ...words], {
    env: { ...process.env, PYTHONPATH: 'sandbox' },
    maxBuffer: 64 * 1024 * 1024,
  }).finally(() => rmSync(tasks, { recursive: true, force: true }));
  const samples: Samples = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  if (isTiny) checkPlain(samples);
  return samples;
}

/** @throws when a column of the tiny copy, of which nobody doubts the class, was given another */
function checkPlain({ accuracy, faults }: Samples): void {
  if (accuracy.tempera === 1) return;
  throw new Error(`A plain column is not in its class: ${JSON.stringify(faults)}`);
}

/** Tables on which the best of the others is ahead by more than a standard error of its own score. */
function behind(scores: Samples['scores']): string[] {
  return Object.entries(scores).flatMap(([table, { tempera: ours = [], ...others }]) => {
    const ahead = Object.entries(others).filter(
      ([, theirs]) => theirs.length > 0 && mean(theirs) - mean(ours) > standardError(theirs),
    );
    return ahead.map(
      ([reader, theirs]) => `${table}: ${reader} ${round(mean(theirs))}, ours ${round(mean(ours))}`,
    );
  });
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function standardError(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

/** Mean over the tables of the best score, by reader. */
function meanScores(scores: Samples['scores']): Record<string, number> {
  const scored = Object.values(scores).filter(({ tempera }) => tempera && tempera.length > 0);
  const readers = Object.keys(scored[0] ?? {});
  return Object.fromEntries(
    readers.map((reader) => [
      `${reader}, mean best score of ${scored.length} tables`,
      mean(scored.map((table) => mean(table[reader] ?? []))),
    ]),
  );
}

async function main(): Promise<number> {
  const words = benchArguments(process.argv.slice(2), { texts: ['from'] });
  const before = machineState();
  const samples = await withCopy(words, TINY_ZOO, measure);
  const ours = samples.accuracy.tempera ?? Number.NaN;
  for (const [table, faults] of Object.entries(samples.faults)) print(`${table}: ${faults.join('; ')}`);
  if (samples.missing.length > 0) print(`Not in the copy: ${samples.missing.join(', ')}`);
  const worse = behind(samples.scores);
  for (const line of worse) print(`Behind on ${line}`);
  const others = Object.entries(samples.accuracy).filter(([reader]) => reader !== 'tempera');
  const least = true;
  return finishReport(
    {
      bench: 'types',
      figures: Object.fromEntries([
        ...Object.entries(samples.accuracy).map(([reader, share]) => [
          `${reader}, of ${samples.columns} columns`,
          share,
        ]),
        ...Object.entries(samples.mean_of_tables).map(([reader, share]) => [
          `${reader}, mean of tables`,
          share,
        ]),
        ...Object.entries(meanScores(samples.scores)),
      ]),
      bars: [
        { name: 'accuracy over all columns', value: ours, bar: 0.93, unit: '', least },
        ...others.map(([reader, share]) => ({
          name: `ahead of ${reader}`,
          value: ours,
          bar: share,
          unit: '',
          least,
        })),
        {
          name: 'scores behind another’s by more than its standard error',
          value: worse.length,
          bar: 0,
          unit: '',
        },
      ],
      samples,
      notMeasured: NOT_MEASURED,
      plant: null,
      smoke: words.smoke ? { without: [] } : null,
    },
    before,
    join('build', 'bench'),
  );
}

process.exitCode = await main();

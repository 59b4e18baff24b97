/**
 * Kinds of columns beside labels that people gave: the ML Data Prep Zoo (`--from FOLDER`, a copy of the repository
 * pvn25/ML-Data-Prep-Zoo), its tables' columns in nine classes, with what pandas and, where they are installed, skrub's
 * Cleaner and AutoGluon infer in the same run. `--smoke` reads a tiny copy that it makes itself.
 */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { benchArguments } from '../arguments.ts';
import { type Copy, withCopy } from '../copy.ts';
import { finishReport, machineState, print } from '../report.ts';
import { TINY_ZOO } from './tiny.ts';

const NOT_MEASURED = [
  'what a model makes of the columns: only the classes are compared.',
  'targets: the labels are of the other columns.',
];

interface Samples {
  columns: number;
  /** Tables of the list that the copy lacks. */
  missing: string[];
  /** Share of the columns in their labelled class, by reader. */
  accuracy: Record<string, number>;
  mean_of_tables: Record<string, number>;
  tables: Record<string, Record<string, number>>;
  faults: Record<string, string[]>;
}

async function measure({ folder, isTiny }: Copy): Promise<Samples> {
  const python = process.env.TEMPERA_PYTHON;
  if (!python)
    throw new Error('TEMPERA_PYTHON is not set: start this by npm run bench -- types --from FOLDER.');
  const { stdout } = await promisify(execFile)(
    python,
    [join('bench', 'types', 'measure.py'), '--from', folder],
    { env: { ...process.env, PYTHONPATH: 'sandbox' }, maxBuffer: 64 * 1024 * 1024 },
  );
  const samples: Samples = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  if (isTiny) checkPlain(samples);
  return samples;
}

/** @throws when a column of the tiny copy, of which nobody doubts the class, was given another */
function checkPlain({ accuracy, faults }: Samples): void {
  if (accuracy.tempera === 1) return;
  throw new Error(`A plain column is not in its class: ${JSON.stringify(faults)}`);
}

async function main(): Promise<number> {
  const words = benchArguments(process.argv.slice(2), {}, {}, ['from']);
  const before = machineState();
  const samples = await withCopy(words, TINY_ZOO, measure);
  const ours = samples.accuracy.tempera ?? Number.NaN;
  for (const [table, faults] of Object.entries(samples.faults)) print(`${table}: ${faults.join('; ')}`);
  if (samples.missing.length > 0) print(`Not in the copy: ${samples.missing.join(', ')}`);
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

/**
 * How well tables are read with no parameter given: the Pollock benchmark (`--from FOLDER`, a copy of the repository
 * HPI-Information-Systems/Pollock), its simple and weighted scores and the real files of its survey, with DuckDB's
 * `sniff_csv`, pandas and, where it is installed, CleverCSV in the same run. `--limit 0` of the polluted files (0:
 * all).
 * `--smoke` reads a tiny copy that it makes itself.
 */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { benchArguments } from '../arguments.ts';
import { type Copy, withCopy } from '../copy.ts';
import { finishReport, machineState, print } from '../report.ts';
import { TINY_POLLOCK } from './tiny.ts';

const NOT_MEASURED = [
  'kinds of columns and values: cells are compared as texts (npm run bench -- types measures kinds).',
  'the larger survey of the benchmark: it is kept for judging.',
  'totals and notes: the benchmark keeps them as rows, so those that a plan leaves out are counted as read.',
];

interface Scores {
  simple: number;
  weighted: number;
  /** Real files whose delimiter, names, columns and rows are those of their clean version. */
  survey: number;
  faults: Record<string, string[]>;
}

interface Samples {
  /** Files in the copy. */
  polluted: number;
  survey: number;
  readers: Record<string, Scores>;
}

async function measure({ folder, isTiny }: Copy, limit: number): Promise<Samples> {
  const python = process.env.TEMPERA_PYTHON;
  if (!python)
    throw new Error('TEMPERA_PYTHON is not set: start this by npm run bench -- reading --from FOLDER.');
  const { stdout } = await promisify(execFile)(
    python,
    [join('bench', 'reading', 'measure.py'), '--from', folder, '--limit', String(limit)],
    { env: { ...process.env, PYTHONPATH: 'sandbox' }, maxBuffer: 64 * 1024 * 1024 },
  );
  const samples: Samples = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  if (isTiny) checkPlain(samples);
  return samples;
}

/** @throws when the files of the tiny copy, which anybody reads, were not read whole */
function checkPlain({ readers, survey }: Samples): void {
  const { tempera: ours } = readers;
  if (ours?.simple === 10 && ours.survey === survey) return;
  throw new Error(`A plain CSV is not read as its clean version: ${JSON.stringify(ours)}`);
}

async function main(): Promise<number> {
  const words = benchArguments(process.argv.slice(2), {
    defaults: { limit: 0 },
    smoke: { limit: 4 },
    texts: ['from'],
  });
  const before = machineState();
  const samples = await withCopy(words, TINY_POLLOCK, (copy) => measure(copy, words.number('limit')));
  const ours = samples.readers.tempera;
  if (!ours) throw new Error('tempera.tables was not among the readers.');
  for (const [file, faults] of Object.entries(ours.faults)) print(`${file}: ${faults.join('; ')}`);
  const figures = Object.entries(samples.readers).flatMap(([name, scores]) => [
    [`${name}, simple score of ${samples.polluted} files`, scores.simple] as const,
    [`${name}, weighted score`, scores.weighted] as const,
    [`${name}, real files of ${samples.survey}`, scores.survey] as const,
  ]);
  const least = true;
  return finishReport(
    {
      bench: 'reading',
      figures: Object.fromEntries(figures),
      bars: [
        { name: 'simple score', value: ours.simple, bar: 9.8, unit: '', least },
        { name: 'weighted score', value: ours.weighted, bar: 9.6, unit: '', least },
        { name: 'real files read as their clean version', value: ours.survey, bar: 90, unit: '', least },
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

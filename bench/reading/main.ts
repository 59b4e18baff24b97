/**
 * How well tables are read with no parameter given: the Pollock benchmark (`--from FOLDER`, a copy of the repository
 * HPI-Information-Systems/Pollock), its simple and weighted scores and the real files of its survey, with DuckDB's
 * `sniff_csv`, pandas and, where it is installed, CleverCSV in the same run. `--limit 0` of the polluted files (0: all).
 */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { benchArguments } from '../arguments.ts';
import { finishReport, machineState, print } from '../report.ts';

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

async function measure(words: ReturnType<typeof benchArguments>): Promise<Samples> {
  const python = process.env.TEMPERA_PYTHON;
  if (!python)
    throw new Error('TEMPERA_PYTHON is not set: start this by npm run bench -- reading --from FOLDER.');
  const { stdout } = await promisify(execFile)(
    python,
    [
      join('bench', 'reading', 'measure.py'),
      '--from',
      words.text('from'),
      '--limit',
      String(words.number('limit')),
    ],
    { env: { ...process.env, PYTHONPATH: 'sandbox' }, maxBuffer: 64 * 1024 * 1024 },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

async function main(): Promise<number> {
  const words = benchArguments(process.argv.slice(2), { limit: 0 }, { limit: 4 }, ['from']);
  const before = machineState();
  const samples = await measure(words);
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
      smoke: null,
    },
    before,
    join('build', 'bench'),
  );
}

process.exitCode = await main();

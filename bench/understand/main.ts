/**
 * What it takes to understand a table: one of 200,000 rows and 50 columns, one of 5,000 columns, one of 2,000,000 rows
 * (`--rows`, `--columns`, `--wide`, `--long`; 0 leaves a table out). Each is written here and read in a new Python.
 */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { benchArguments } from '../arguments.ts';
import { finishReport, machineState } from '../report.ts';

/** Of the contract's table: seconds on an idle machine of two processors, and times its size in memory. */
const BAR_S = 5;
const BAR_HELD = 3;
const WIDE_ROWS = 2_000;
const LONG_COLUMNS = 10;

interface Sample {
  wall_s: number;
  cpu_s: number;
  /** The most that was held beside the imports, in sizes of the file. */
  held: number;
  mebibytes: number;
  rows: number;
  columns: number;
}

const run = promisify(execFile);

async function measured(rows: number, columns: number, times: number): Promise<Sample> {
  const python = process.env.TEMPERA_PYTHON;
  if (!python) throw new Error('TEMPERA_PYTHON is not set: start this by npm run bench -- understand.');
  const folder = mkdtempSync(join(tmpdir(), 'tempera-bench-understand-'));
  const options = { env: { ...process.env, PYTHONPATH: 'sandbox' } };
  const script = join('bench', 'understand', 'measure.py');
  try {
    await run(python, [script, '--make', folder, String(rows), String(columns)], options);
    const file = join(folder, 'table.csv');
    const { stdout } = await run(python, [script, '--measure', file, String(times)], options);
    const sample: Sample = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    if (sample.rows !== rows || sample.columns !== columns)
      throw new Error(`The table was not read whole: ${JSON.stringify(sample)}`);
    return sample;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  const words = benchArguments(process.argv.slice(2), {
    defaults: { rows: 200_000, columns: 50, wide: 5_000, long: 2_000_000 },
    smoke: { rows: 2_000, columns: 50, wide: 60, long: 3_000 },
  });
  const before = machineState();
  const times = words.plant ? 4 : 1;
  const samples: Record<string, Sample> = {
    usual: await measured(words.number('rows'), words.number('columns'), times),
  };
  const [wide, long] = [words.number('wide'), words.number('long')];
  if (wide > 0) samples.wide = await measured(WIDE_ROWS, wide, times);
  if (long > 0) samples.long = await measured(long, LONG_COLUMNS, times);
  return finishReport(
    {
      bench: 'understand',
      figures: Object.fromEntries(
        Object.values(samples).flatMap(({ rows, columns, wall_s, cpu_s, held, mebibytes }) => {
          const table = `${rows.toLocaleString('en')} × ${columns.toLocaleString('en')}`;
          return [
            [`${table}, s`, wall_s],
            [`${table}, s of processors`, cpu_s],
            [`${table}, times its ${mebibytes} MiB held`, held],
          ];
        }),
      ),
      bars: [
        {
          name: 'time of the usual table',
          value: samples.usual?.wall_s ?? Number.NaN,
          bar: BAR_S,
          unit: 's',
        },
        {
          name: 'held for the usual table',
          value: samples.usual?.held ?? Number.NaN,
          bar: BAR_HELD,
          unit: '×',
        },
      ],
      samples,
      notMeasured: [
        'workbooks and JSON: their cells are read one by one.',
        'what is measured of a table later.',
      ],
      plant: words.plant
        ? { what: 'each table is understood 4 times', breaks: ['time of the usual table'] }
        : null,
      // what a new Python holds beside a small table is many times the table
      smoke: words.smoke ? { without: [] } : null,
    },
    before,
    join('build', 'bench'),
  );
}

process.exitCode = await main();

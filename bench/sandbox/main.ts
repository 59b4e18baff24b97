/**
 * A sandbox host of its own over gRPC, isolated as required, against a cold interpreter, ipykernel under jupyter_client
 * and the same fit outside. `--executions 1000` one at a time, `--cold 5` interpreters, `--starts 5` and `--cells 200`
 * of kernels, `--rate 200` executions from four sessions, `--mebibytes 100` of output, `--chunks 10000` with a slow
 * reader, `--rounds 100` of Ping and print(1) beside a script that floods every channel, `--pairs 80` of fits;
 * `--plant`, `--smoke` (without ipykernel).
 */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { benchArguments } from '../arguments.ts';
import { type Bar, finishReport, machineState, median, quantile } from '../report.ts';
import { jupyterPython } from './jupyter.ts';

const NOT_MEASURED = [
  'what isolation costs: ipykernel, the cold interpreter and the fit outside have none.',
  'other niceness than 10, which an execution has and the fit outside is given.',
  'several sessions at once while first bytes are timed: one execution at a time.',
  'a network: client and host are on one machine and share its processors.',
];
const DEFAULTS = {
  executions: 1000,
  cold: 5,
  starts: 5,
  cells: 200,
  rate: 200,
  mebibytes: 100,
  chunks: 10_000,
  rounds: 100,
  // one fit differs from the next by a tenth: fewer would not tell 5 % from nothing
  pairs: 80,
};
const SMOKE: Partial<typeof DEFAULTS> = {
  ...{ executions: 5, cold: 1, starts: 1, cells: 2, rate: 4, mebibytes: 1, chunks: 200, rounds: 3, pairs: 1 },
};
const P50 = 'first byte p50';
const P99 = 'first byte p99';
const CELLS = 'kernel cell to ipykernel’s, p50';
const STARTS = 'kernel start faster than ipykernel’s';

interface Samples {
  /** Milliseconds, of every execution. */
  firstByte: number[];
  kernels: { start: number[]; peerReady: number[]; peerStart: number[]; cell: number[]; peerCell: number[] };
  cold: number[];
  perSecond: number;
  mebibytesPerSecond: number;
  slowReaderMebibytes: number;
  /** Milliseconds, while another session's script floods every channel. */
  beside: { ping: number[]; print: number[] };
  /** [inside, outside] in milliseconds. */
  fits: [number, number][];
  fitMedian: number;
  fitUpper: number;
}

async function measure(words: ReturnType<typeof benchArguments>): Promise<Samples> {
  const python = process.env.TEMPERA_PYTHON;
  if (!python) throw new Error('TEMPERA_PYTHON is not set: start this by npm run bench -- sandbox.');
  const sizes = Object.keys(DEFAULTS).flatMap((name) => [`--${name}`, String(words.number(name))]);
  const program = join('bench', 'sandbox', 'measure.py');
  const { stdout } = await promisify(execFile)(
    python,
    [
      program,
      ...(words.smoke ? [] : ['--jupyter', await jupyterPython(python)]),
      ...sizes,
      ...(words.plant ? ['--plant'] : []),
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  // null is what was not measured: no sample of 0
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '', (_, value) => value ?? Number.NaN);
}

function barsOf(samples: Samples): Bar[] {
  const p50 = quantile(samples.firstByte, 0.5);
  const { start, peerStart, cell, peerCell } = samples.kernels;
  const least = true;
  return [
    { name: P50, value: p50, bar: 20, unit: 'ms' },
    { name: P99, value: quantile(samples.firstByte, 0.99), bar: 60, unit: 'ms' },
    { name: 'faster than a cold interpreter', value: median(samples.cold) / p50, bar: 100, unit: '×', least },
    { name: CELLS, value: median(cell) / median(peerCell), bar: 1, unit: '×' },
    {
      name: STARTS,
      value: median(peerStart) / median(start),
      bar: 100,
      unit: '×',
      least,
    },
    { name: 'executions a second', value: samples.perSecond, bar: 20, unit: '/s', least },
    { name: 'output at the client', value: samples.mebibytesPerSecond, bar: 100, unit: 'MiB/s', least },
    { name: 'host grew with a slow reader', value: samples.slowReaderMebibytes, bar: 32, unit: 'MiB' },
    { name: 'Ping beside a flood, most', value: quantile(samples.beside.ping, 1), bar: 250, unit: 'ms' },
    { name: 'print(1) beside a flood, most', value: quantile(samples.beside.print, 1), bar: 500, unit: 'ms' },
    { name: 'fit inside to outside, median', value: samples.fitMedian, bar: 1.03, unit: '×' },
    { name: 'fit inside to outside, upper 95 % bound', value: samples.fitUpper, bar: 1.05, unit: '×' },
  ];
}

async function main(): Promise<number> {
  const words = benchArguments(process.argv.slice(2), { defaults: DEFAULTS, smoke: SMOKE });
  const before = machineState();
  const samples = await measure(words);
  return finishReport(
    {
      bench: 'sandbox',
      figures: {
        'first byte p90, ms': quantile(samples.firstByte, 0.9),
        'first byte most, ms': quantile(samples.firstByte, 1),
        'cold interpreter p50, ms': median(samples.cold),
        'kernel cell p50, ms': median(samples.kernels.cell),
        'ipykernel cell p50, ms': median(samples.kernels.peerCell),
        'Ping beside a flood p50, ms': median(samples.beside.ping),
        'print(1) beside a flood p50, ms': median(samples.beside.print),
        'kernel start with the imports, ms': median(samples.kernels.start),
        'ipykernel start, ms': median(samples.kernels.peerReady),
        'ipykernel start with the imports, ms': median(samples.kernels.peerStart),
        'fit inside, median, ms': median(samples.fits.map(([inside]) => inside)),
        'fit outside, median, ms': median(samples.fits.map(([, outside]) => outside)),
      },
      bars: barsOf(samples),
      samples,
      notMeasured: NOT_MEASURED,
      // ipykernel’s environment takes minutes and the network
      smoke: words.smoke ? { without: [CELLS, STARTS] } : null,
      plant: words.plant ? { what: 'the host stands still for 100 ms', breaks: [P50, P99] } : null,
    },
    before,
    join('build', 'bench'),
  );
}

process.exitCode = await main();

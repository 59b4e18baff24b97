/**
 * Two trainings in the GPU slot of a sandbox host of its own: that they take turns, see one device, use its memory and
 * give it back. `--seconds 10` of each. It needs a machine with one NVIDIA GPU, and torch or xgboost with CUDA.
 */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { benchArguments } from '../arguments.ts';
import { finishReport, machineState } from '../report.ts';

const NOT_MEASURED = [
  'speed: only that the slot holds.',
  'several GPUs at a time: the tests do, with a driver made for them.',
];

interface Samples {
  gpu: string;
  library: string;
  devicesSeen: number[];
  overlapSeconds: number;
  holders: number;
  /** MiB on the device. */
  usedBefore: number;
  usedMost: number;
  usedAfter: number;
  devicesWithout: number;
}

async function measure(seconds: number): Promise<Samples | { problem: string }> {
  const python = process.env.TEMPERA_PYTHON;
  if (!python) throw new Error('TEMPERA_PYTHON is not set: start this by npm run bench -- gpu.');
  const program = join('bench', 'gpu', 'measure.py');
  const { stdout } = await promisify(execFile)(python, [program, '--seconds', String(seconds)]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

async function main(): Promise<number> {
  const words = benchArguments(process.argv.slice(2), { defaults: { seconds: 10 }, smoke: { seconds: 1 } });
  const before = machineState();
  const samples = await measure(words.number('seconds'));
  if ('problem' in samples) {
    console.error(`bench gpu: ${samples.problem} Nothing was measured.`);
    // without a GPU this is as far as it goes
    return words.smoke ? 0 : 1;
  }
  const least = true;
  return finishReport(
    {
      bench: 'gpu',
      figures: {
        'memory used before, MiB': samples.usedBefore,
        'memory used at most, MiB': samples.usedMost,
      },
      bars: [
        { name: 'seconds in which both trained', value: samples.overlapSeconds, bar: 0, unit: 's' },
        { name: 'trainings that held the GPU', value: samples.holders, bar: 2, unit: '', least },
        { name: 'devices that a training sees', value: Math.max(...samples.devicesSeen), bar: 1, unit: '' },
        { name: 'devices seen without asking', value: samples.devicesWithout, bar: 0, unit: '' },
        {
          name: 'memory used in training',
          value: samples.usedMost - samples.usedBefore,
          bar: 100,
          unit: 'MiB',
          least,
        },
        {
          name: 'memory kept afterwards',
          value: samples.usedAfter - samples.usedBefore,
          bar: 16,
          unit: 'MiB',
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

/**
 * Whether reported scores are honest: tables that are made, so that the true score is known, go the whole way of a
 * session with the library's own functions, from the file to the score with its interval (`--seeds N` of each of 24
 * worlds, `--first N` to go on where another run ended, `--only NAME,NAME`). `--plant` deals rows at random and
 * learns from what gives the target away.
 */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { benchArguments } from '../arguments.ts';
import { type Bar, finishReport, machineState, print } from '../report.ts';

const NOT_MEASURED = [
  'the platform around the functions: workflows, sandbox and reports run the same functions elsewhere.',
  'worlds whose rules change for good: the time after a table is like its last stretch.',
  'the metric: each world names the one it is judged by.',
];
const ABOVE = 'worst world above its truth, less two standard errors';
const HOLDS = 'truth inside the interval';
const WIDTH = 'width of intervals against a bootstrap of the same units';

interface Sample {
  world: string;
  seed: number;
  score: number;
  truth: number;
  /** How much too good the score is; errors as shares of the target's spread. */
  above: number;
  holds: boolean;
  expected_holds: boolean;
  /** Of the reported interval; null where it has no end. */
  width: number | null;
  /**
   * Of a bootstrap's over the same rows, whole units drawn, and over single rows; null where most draws have no
   * score.
   */
  bootstrap: number | null;
  bootstrap_of_rows: number | null;
  missed: string[];
  lost: string[];
}

async function measure(words: string[]): Promise<Sample[]> {
  const python = process.env.TEMPERA_PYTHON;
  if (!python) throw new Error('TEMPERA_PYTHON is not set: start this by npm run bench -- honest.');
  const { stdout } = await promisify(execFile)(python, [join('bench', 'honest', 'measure.py'), ...words], {
    env: { ...process.env, PYTHONPATH: 'sandbox' },
    maxBuffer: 64 * 1024 * 1024,
  });
  const { samples }: { samples: Sample[] } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  return samples;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** What a world's score is above the truth by on average, beyond what so few tables would show by chance. */
function surelyAbove(samples: readonly Sample[]): number {
  const above = samples.map((sample) => sample.above);
  const middle = mean(above);
  const variance =
    above.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, above.length - 1);
  return middle - 2 * Math.sqrt(variance / above.length);
}

/** Mean width against the mean of the bootstrap's, infinite where that is 0; tables without either are left out. */
function relativeWidth(samples: readonly Sample[], by: 'bootstrap' | 'bootstrap_of_rows'): number {
  const pairs = samples.flatMap(({ width, [by]: other }) =>
    width === null || other === null ? [] : [{ width, other }],
  );
  return mean(pairs.map(({ width }) => width)) / mean(pairs.map(({ other }) => other));
}

function barsOf(worlds: readonly Sample[][], samples: readonly Sample[]): Bar[] {
  return [
    { name: 'mean above the truth', value: mean(samples.map(({ above }) => above)), bar: 0.03, unit: '' },
    { name: ABOVE, value: Math.max(...worlds.map(surelyAbove)), bar: 0.03, unit: '' },
    {
      name: HOLDS,
      value: mean(samples.map(({ holds }) => Number(holds))),
      bar: 0.93,
      unit: 'of the runs',
      least: true,
    },
    {
      name: WIDTH,
      value: mean(worlds.map((one) => relativeWidth(one, 'bootstrap')).filter(Number.isFinite)),
      bar: 1.3,
      unit: 'times',
    },
  ];
}

function figuresOf(worlds: readonly Sample[][], samples: readonly Sample[]): Record<string, number> {
  const each = worlds.flatMap((one) => {
    const name = one[0]?.world ?? '';
    return [
      [`${name}: above the truth`, mean(one.map(({ above }) => above))],
      [`${name}: truth inside`, mean(one.map(({ holds }) => Number(holds)))],
      [`${name}: width against a bootstrap of units`, relativeWidth(one, 'bootstrap')],
    ] as const;
  });
  return {
    tables: samples.length,
    worlds: worlds.length,
    ...Object.fromEntries(each),
    'width against a bootstrap of single rows': mean(
      worlds.map((one) => relativeWidth(one, 'bootstrap_of_rows')).filter(Number.isFinite),
    ),
    'test inside what cross-validation expected': mean(
      samples.map(({ expected_holds }) => Number(expected_holds)),
    ),
    'tables with a leak still used': samples.filter(({ missed }) => missed.length > 0).length,
    'tables without an honest column': samples.filter(({ lost }) => lost.length > 0).length,
  };
}

async function main(): Promise<number> {
  const given = process.argv.slice(2);
  const only = given.indexOf('--only');
  const names = only < 0 ? [] : given.splice(only, 2);
  const words = benchArguments(given, {
    defaults: { seeds: 20, first: 0, fresh: 4_000, repeats: 2 },
    smoke: { seeds: 1, fresh: 400, repeats: 1 },
  });
  const before = machineState();
  const numbers = ['seeds', 'first', 'fresh', 'repeats'].flatMap((name) => [
    `--${name}`,
    String(words.number(name)),
  ]);
  const few = words.smoke && names.length === 0 ? ['--only', SMOKE_WORLDS.join(',')] : names;
  const samples = await measure([...numbers, ...few, ...(words.plant ? ['--plant'] : [])]);
  const worlds = [...new Set(samples.map(({ world }) => world))].map((name) =>
    samples.filter(({ world }) => world === name),
  );
  for (const { world, seed, missed } of samples.filter((one) => one.missed.length > 0))
    print(`${world}, seed ${seed}: still learned from ${missed.join(', ')}`);
  return finishReport(
    {
      bench: 'honest',
      figures: figuresOf(worlds, samples),
      bars: barsOf(worlds, samples),
      samples,
      notMeasured: NOT_MEASURED,
      plant: words.plant
        ? { what: 'rows dealt at random, leaks learned from', breaks: [ABOVE, HOLDS] }
        : null,
      smoke: words.smoke ? { without: [] } : null,
    },
    before,
    join('build', 'bench'),
  );
}

/** One of each kind that takes little: alone, of subjects, in time, with a leak. */
const SMOKE_WORLDS = ['tiny_classes', 'subjects_with_one_answer', 'panel', 'leak_of_gaps'];

process.exitCode = await main();

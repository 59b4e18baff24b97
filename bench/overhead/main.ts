/**
 * What Tempera adds to the user's code: per step, per turn, per pipeline, and to one long training script.
 * `--runs 3` pipelines, `--pairs 5` pairs of a script of `--seconds 60` (0 pairs: left out), whose length is
 * found in `--sizings 3`, `--plant`, `--smoke`.
 */

import { join } from 'node:path';
import { benchArguments } from '../arguments.ts';
import { plantDelay, startBenchPlatform } from '../platform.ts';
import { type Bar, finishReport, machineState, print, round } from '../report.ts';
import { overheadFigures, pipelineBars, TURNS_BAR } from './figures.ts';
import { measurePipeline, type PipelineSample } from './pipeline.ts';
import {
  measureTraining,
  medianRatio,
  type TrainingPair,
  type TrainingScript,
  trainingStages,
} from './training.ts';

const NOT_MEASURED = [
  'a model’s time: autopilot answers at once, and what it takes counts as overhead of the turn.',
  'the first seconds of a platform: one pipeline runs before the measured ones.',
  'what niceness 10 costs on a machine that does other work: both halves of a pair run with it.',
  'the own time of children that only read or validate, where a row does not tell it: it counts as overhead.',
];

async function main(): Promise<number> {
  const words = benchArguments(process.argv.slice(2), {
    defaults: { runs: 3, pairs: 5, seconds: 60, sizings: 3 },
    smoke: { runs: 1, pairs: 1, seconds: 0.2, sizings: 1 },
  });
  const before = machineState();
  const script: TrainingScript = { text: '' };
  const bench = await startBenchPlatform(trainingStages(script));
  const pipelines: PipelineSample[] = [];
  let pairs: TrainingPair[] = [];
  const seconds = words.number('seconds');
  try {
    if (!words.smoke) await measurePipeline(bench.platform);
    if (words.plant) await plant(bench.database, seconds);
    for (let run = 0; run < words.number('runs'); run += 1) {
      const sample = await measurePipeline(bench.platform);
      print(
        `pipeline ${run + 1}: ${sample.turns} turns, ${round(sample.wall / 1000)} s, ` +
          `${round((sample.wall - sample.own) / 1000)} s of it overhead`,
      );
      pipelines.push(sample);
    }
    const python = process.env.TEMPERA_PYTHON ?? '';
    pairs = await measureTraining(bench, script, {
      ...{ seconds, python },
      ...{ pairs: words.number('pairs'), sizings: words.number('sizings') },
    });
  } finally {
    await bench.stop();
  }
  const bars: Bar[] = [...pipelineBars(pipelines)];
  if (pairs.length > 0)
    bars.push({ name: 'training against bare', value: medianRatio(pairs), bar: 1.03, unit: 'times' });
  const breaks = bars.map(({ name }) => name).filter((name) => name !== TURNS_BAR);
  return finishReport(
    {
      bench: 'overhead',
      figures: overheadFigures(pipelines, pairs),
      bars,
      samples: { pipelines, pairs },
      notMeasured: NOT_MEASURED,
      plant: words.plant ? { what: 'every tool call ends late', breaks } : null,
      smoke: words.smoke ? { without: [] } : null,
    },
    before,
    join('build', 'bench'),
  );
}

/**
 * Before the end of each tool call is told: by four times the bar of a step, or twelve per cent of the training
 * script.
 */
function plant(database: Parameters<typeof plantDelay>[0], seconds: number): Promise<void> {
  const condition = `new.role = 'tool'`;
  const late = Math.max(0.7, 0.12 * seconds);
  return plantDelay(database, { table: 'messages', when: 'insert', each: 'row', condition, seconds: late });
}

process.exitCode = await main();

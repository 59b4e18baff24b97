/** From samples to the figures and bars of the report. */

import { type Bar, median, quantile } from '../report.ts';
import type { PipelineSample, StepSample } from './pipeline.ts';
import type { TrainingPair } from './training.ts';

const STEP_MS = 175;
const TURN_MS = 350;
const PIPELINE_SECONDS = 8;
const PIPELINE_TURNS = 20;
/** The size of pipeline for which the bars are meant: no measure of time. */
export const TURNS_BAR = 'turns of a pipeline';

const over = ({ wall, own }: { wall: number; own: number }): number => wall - own;
const codeSteps = (runs: PipelineSample[]): StepSample[] =>
  runs.flatMap((run) => run.steps).filter((step) => step.hasOwn);

export function pipelineBars(runs: PipelineSample[]): Bar[] {
  if (runs.length === 0) return [];
  const steps = codeSteps(runs).map(over);
  const turns = runs.flatMap((run) => run.turnSamples).map(over);
  const whole = runs.map((run) => over(run) / 1000);
  return [
    { name: 'step overhead p50', value: median(steps), bar: STEP_MS, unit: 'ms' },
    { name: 'turn overhead p50', value: median(turns), bar: TURN_MS, unit: 'ms' },
    { name: 'pipeline overhead', value: median(whole), bar: PIPELINE_SECONDS, unit: 's' },
    {
      name: TURNS_BAR,
      value: Math.max(...runs.map((run) => run.turns)),
      bar: PIPELINE_TURNS,
      unit: 'turns',
    },
  ];
}

/** Milliseconds where the name says nothing else. */
export function overheadFigures(runs: PipelineSample[], pairs: TrainingPair[]): Record<string, number> {
  const steps = codeSteps(runs).map(over);
  const turns = runs.flatMap((run) => run.turnSamples);
  const ratios = pairs.map((pair) => pair.platform / pair.bare);
  const pipelines = {
    'step overhead p90': quantile(steps, 0.9),
    'step overhead most': quantile(steps, 1),
    'turn overhead p90': quantile(turns.map(over), 0.9),
    'model call p50': median(turns.map((turn) => turn.model)),
    'steps measured': steps.length,
    'turns measured': turns.length,
    'pipeline wall, s': median(runs.map((run) => run.wall / 1000)),
    'children’s own time, s': median(runs.map((run) => run.own / 1000)),
    'validations, s': median(runs.map((run) => run.validation / 1000)),
  };
  const training = {
    'training ratio least': quantile(ratios, 0),
    'training ratio most': quantile(ratios, 1),
    'training bare, s': median(pairs.map((pair) => pair.bare)),
    'training through the platform, s': median(pairs.map((pair) => pair.platform)),
    'training child alone against bare': median(pairs.map((pair) => pair.child / pair.bare)),
    'training CPU against bare': median(pairs.map((pair) => pair.childCpu / pair.bareCpu)),
  };
  return { ...(runs.length > 0 ? pipelines : {}), ...(pairs.length > 0 ? training : {}) };
}

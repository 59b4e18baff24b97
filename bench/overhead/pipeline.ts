/**
 * The whole pipeline on penguins with autopilot, and what of its time was not the children's own.
 *
 * A child's own time is what the host measured from its first instruction to the end of its processes
 * (`duration_us` in the step's output). Where a row has none, the step's whole time counts as overhead.
 */

import type { StoredEvent } from '../../core/events.ts';
import type { Step } from '../../core/records.ts';
import type { TestPlatform } from '../../tests/platform/platform.ts';

/** All in milliseconds. */
export interface StepSample {
  stage: string;
  turn: number;
  tool: string;
  wall: number;
  own: number;
  /** Own time is known; else it counts as 0. */
  hasOwn: boolean;
}

export interface TurnSample {
  stage: string;
  turn: number;
  wall: number;
  own: number;
  model: number;
}

export interface PipelineSample {
  session: string;
  turns: number;
  wall: number;
  own: number;
  /** Whole time of the three validations, synced artifacts included. */
  validation: number;
  steps: StepSample[];
  turnSamples: TurnSample[];
}

/** Runs all three stages once, from the request that makes the session to train_done. */
export async function measurePipeline({ rest }: TestPlatform): Promise<PipelineSample> {
  const experiment = await rest.createExperiment('examples/penguins.csv', {
    name: 'penguins',
    target: 'species',
  });
  const created = await rest.createSession(experiment.id, { mode: 'auto', model: 'autopilot/standard' });
  await rest.waitFor(created.id, ['train_done'], 600);
  const events = await rest.events(created.id);
  const steps = await rest.steps(created.id);
  const ended = events.filter((event) => event.type === 'state_change' && event.data.state === 'train_done');
  const wall = time(ended.at(-1)?.created_at) - time(created.created_at);
  const turnSamples = turnsOf(steps);
  return {
    session: created.id,
    turns: turnSamples.length,
    wall,
    own: sum(steps.map(ownMs)),
    validation: sum(
      steps
        .filter((step) => step.kind === 'validation')
        .map((step) => time(step.ended_at) - time(step.started_at)),
    ),
    steps: toolSteps(steps, events),
    turnSamples,
  };
}

/** From the event that tells of a call's start to the one that tells of its end, or the end in the row if later. */
function toolSteps(steps: Step[], events: StoredEvent[]): StepSample[] {
  const at = (type: string, step: Step) =>
    time(events.find((event) => event.type === type && event.data.step === step.id)?.created_at);
  return steps
    .filter((step) => step.kind === 'tool')
    .map((step) => ({
      stage: step.stage,
      turn: step.turn,
      tool: step.tool ?? '',
      wall: Math.max(at('tool_end', step), time(step.ended_at)) - at('tool_start', step),
      own: ownMs(step),
      hasOwn: hasOwn(step),
    }))
    .filter((sample) => Number.isFinite(sample.wall));
}

/** A turn lasts from its model call to that of the next turn, a stage's last one to the end of its last step. */
function turnsOf(steps: Step[]): TurnSample[] {
  const models = steps.filter((step) => step.kind === 'model');
  return models.map((model) => {
    const { stage, turn } = model;
    const inTurn = steps.filter((step) => step.stage === stage && step.turn === turn);
    const next = models.find((other) => other.stage === stage && other.turn === turn + 1);
    const end = next ? time(next.started_at) : Math.max(...inTurn.map((step) => time(step.ended_at)));
    return {
      stage,
      turn,
      wall: end - time(model.started_at),
      own: sum(inTurn.map(ownMs)),
      model: time(model.ended_at) - time(model.started_at),
    };
  });
}

/** Of an execution in the step's output; of a validation among its facts, where the host tells it. */
function ownUs({ output }: Step): number | null {
  const facts: unknown = output?.facts;
  const found =
    output?.duration_us ?? (facts instanceof Object && 'duration_us' in facts ? facts.duration_us : null);
  return typeof found === 'number' ? found : null;
}

const hasOwn = (step: Step): boolean => ownUs(step) !== null;
const ownMs = (step: Step): number => (ownUs(step) ?? 0) / 1000;
const time = (text: string | null | undefined): number => (text ? Date.parse(text) : Number.NaN);
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

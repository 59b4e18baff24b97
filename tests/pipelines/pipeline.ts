/** One table through the whole platform in auto, and what every finished pipeline must have left. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { StoredEvent } from '../../core/events.ts';
import type { Artifact, Experiment, Session } from '../../core/records.ts';
import { expectSound } from '../platform/invariants.ts';
import type { TestPlatform } from '../platform/platform.ts';
import type { Rest } from '../platform/rest.ts';

/** What a person may rely on finding after any finished session. */
const LEFT = [
  'eda/report.md',
  'prep/report.md',
  'prep/data/train.parquet',
  'prep/data/val.parquet',
  'prep/data/test.parquet',
  'prep/data/metadata.json',
  'prep/data/prep_pipeline.pkl',
  'train/report.md',
  'train/models/model.pkl',
  'train/models/requirements.txt',
  'train/data/metadata.json',
];

const TrainingSchema = z.looseObject({
  problem_type: z.string(),
  target_column: z.string(),
  primary_metric: z.string(),
  metrics: z.object({ test: z.record(z.string(), z.number()), baseline: z.record(z.string(), z.number()) }),
  cv: z.object({
    metric: z.string(),
    mean: z.number(),
    folds: z.number(),
    repeats: z.number(),
    scores: z.array(z.number()),
  }),
  prediction_interval: z.object({
    metric: z.string(),
    level: z.number(),
    low: z.number(),
    high: z.number(),
    test_value: z.number(),
    inside: z.boolean(),
  }),
  rows: z.record(z.string(), z.number()),
});
/** train/data/metadata.json, as far as tests ask. */
export type Training = z.infer<typeof TrainingSchema>;

export interface Finished {
  experiment: Experiment;
  session: Session;
  events: StoredEvent[];
  training: Training;
  /** The three reports, by stage. */
  reports: Record<'eda' | 'prep' | 'train', string>;
}

export interface PipelineOptions {
  /** Fields of the experiment's form: target, metric … */
  fields?: Record<string, string>;
  /** provider/model; the platform's own when left out. */
  model?: string;
}

/**
 * Uploads `file`, or several, runs the three stages and reads what they left.
 * @throws when the session does not end train_done
 */
export async function runPipeline(
  { rest }: TestPlatform,
  file: string | readonly string[],
  { fields = {}, model }: PipelineOptions = {},
): Promise<Finished> {
  const experiment = await rest.createExperiment(file, fields);
  const created = await rest.createSession(experiment.id, {
    mode: 'auto',
    ...(model === undefined ? {} : { model }),
  });
  await rest.waitFor(created.id, ['train_done']);
  return readFinished(rest, created.id);
}

/** Reads what a session left that has ended train_done. */
export async function readFinished(rest: Rest, id: string): Promise<Finished> {
  const session = await rest.session(id);
  expect(session.state).toBe('train_done');
  const experiment = await rest.get<Experiment>(`/api/experiments/${session.experiment_id}`);
  const text = (path: string) => readText(rest.url, id, path);
  const reports = {
    eda: await text('eda/report.md'),
    prep: await text('prep/report.md'),
    train: await text('train/report.md'),
  };
  const training = TrainingSchema.parse(JSON.parse(await text('train/data/metadata.json')));
  return { experiment, session, events: uptoFollowUps(await rest.events(id)), training, reports };
}

/** What is said after its end is no part of the pipeline. */
function uptoFollowUps(events: StoredEvent[]): StoredEvent[] {
  const opened = events.findIndex(({ data }) => data.reason === 'follow-up 1 opened');
  return opened < 0 ? events : events.slice(0, opened);
}

/** The text of one of the session's files. @throws when it is not there */
export async function readText(url: string, session: string, path: string): Promise<string> {
  const answer = await fetch(`${url}/api/sessions/${session}/files/${path}`);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return await answer.text();
}

/** Every file is there, listed as an artifact, told of by its event, and the rows and events are sound. */
export async function expectComplete(platform: TestPlatform, finished: Finished): Promise<void> {
  const { session, events, reports } = finished;
  const { items } = await platform.rest.get<{ items: Artifact[] }>(`/api/sessions/${session.id}/artifacts`);
  expect(items.map((artifact) => artifact.path)).toEqual(expect.arrayContaining(LEFT));
  expect(items.filter((artifact) => artifact.type === 'chart').length).toBeGreaterThanOrEqual(6);
  const states = events.filter((event) => event.type === 'state_change').map((event) => event.data.state);
  expect(states.slice(-6)).toEqual([
    'eda_running',
    'eda_done',
    'prep_running',
    'prep_done',
    'train_running',
    'train_done',
  ]);
  const ready = events.filter((event) => event.type === 'report_ready');
  expect(ready.map((event) => [event.data.stage, event.data.content])).toEqual(Object.entries(reports));
  for (const event of events.filter((each) => each.type === 'validation_result')) {
    expect(event.data.errors).toEqual([]);
  }
  expect(events.filter((event) => event.type === 'error')).toEqual([]);
  await expectSound(platform, session.id);
}

/** Its own repeated cross-validation reaches `bar`, and the held-out score lies in the interval that was promised. */
export function expectBar({ training, reports }: Finished, metric: string, bar: number): void {
  const { cv, prediction_interval: interval, metrics } = training;
  expect(training.primary_metric).toBe(metric);
  expect(cv.metric).toBe(metric);
  expect(cv.repeats).toBeGreaterThan(1);
  expect(cv.scores).toHaveLength(cv.folds * cv.repeats);
  expect(cv.mean).toBeCloseTo(cv.scores.reduce((sum, score) => sum + score, 0) / cv.scores.length, 9);
  expect(cv.mean).toBeGreaterThanOrEqual(bar);

  const test = metrics.test[metric] ?? Number.NaN;
  expect(interval).toMatchObject({ metric, level: 0.95, inside: true, test_value: test });
  expect(test).toBeGreaterThanOrEqual(interval.low);
  expect(test).toBeLessThanOrEqual(interval.high);
  // an interval that holds anything would promise nothing
  expect(interval.high - interval.low).toBeLessThan(0.3);
  expect(test).toBeGreaterThan(metrics.baseline[metric] ?? Number.NEGATIVE_INFINITY);
  expect(reports.train).toContain(`${metric} ${test.toFixed(3)}`);
  expect(reports.train).toContain(`${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`);
}

/** What the agent said, in order. */
export function wordsIn(events: StoredEvent[]): string {
  return events
    .filter((event) => event.type === 'agent_message')
    .map((event) => String(event.data.text))
    .join('\n');
}

/**
 * A test over a table that may not be bundled: skipped, with its reason in its name, where the table is not at
 * hand.
 */
export function testWithTable(
  { name, table }: { name: string; table: string },
  check: (file: string) => Promise<void>,
  milliseconds: number,
): void {
  const file = join(process.cwd(), '..', 'shared', 'data', table);
  if (existsSync(file)) test(name, () => check(file), milliseconds);
  else test.skip(`${name} (no ${table}: its licence keeps it out of the repository)`, () => undefined);
}

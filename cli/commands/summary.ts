/** What a finished run says: where things are, how good the model is, what was predicted and why. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Experiment, Session } from '../../core/records.ts';
import type { ApiClient } from '../api-client.ts';
import { CommandError } from '../exit-code.ts';
import { printable } from '../output.ts';
import { Anything } from '../records.ts';

export interface RunSummary {
  session: string;
  state: string;
  folder: string;
  target: string | null;
  /** Why this target, when none was given. */
  target_reason: string | null;
  reports: string[];
  model: string | null;
  test_metrics: Record<string, unknown>;
  /** What validation of the stages warned of. */
  warnings: string[];
}

export interface FinishedRun {
  experiment: Experiment;
  session: Session;
  folder: string;
  warnings: string[];
}

/** Reads what the run left in `folder`, and what the API knows of its target. */
export async function summarise(
  api: ApiClient,
  { experiment, session, folder, warnings }: FinishedRun,
): Promise<RunSummary> {
  const processed = await metadataOf(api, session.id);
  const training = await readObject(join(folder, 'train', 'data', 'metadata.json'));
  const preparation = await readObject(join(folder, 'prep', 'data', 'metadata.json'));
  const reports = await existing(folder, ['eda/report.md', 'prep/report.md', 'train/report.md']);
  const [model = null] = await existing(folder, ['train/models/model.pkl']);
  return {
    session: session.id,
    state: session.state,
    folder,
    target: firstText(experiment.target, processed.target_column, preparation.target_column),
    target_reason: experiment.target === null ? reasonOf(experiment, preparation) : null,
    reports,
    model,
    test_metrics: metricsOf(training),
    warnings,
  };
}

/** The same for people. */
export function summaryText(summary: RunSummary): string {
  const metrics = Object.entries(summary.test_metrics).map(([name, value]) => `${name} ${number(value)}`);
  const lines = [
    ['Session', `${summary.session} (${summary.state})`],
    ['Target', summary.target === null ? 'none yet' : target(summary)],
    ...summary.reports.map((report) => ['Report', report]),
    ['Model', summary.model ?? 'none'],
    ['Test', metrics.length > 0 ? metrics.join(', ') : 'no metrics'],
    ['Files', summary.folder],
    ...summary.warnings.map((warning) => ['Warning', printable(warning)]),
  ];
  return lines.map(([name = '', value]) => `${name.padEnd(8)} ${value}\n`).join('');
}

function target({ target, target_reason }: RunSummary): string {
  return target_reason === null ? String(target) : `${target}, chosen because ${target_reason}`;
}

function number(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

async function metadataOf(api: ApiClient, id: string): Promise<Record<string, unknown>> {
  try {
    return await api.request(Anything, `/api/sessions/${id}/metadata`);
  } catch (error) {
    // a session that ended before prep has none
    if (error instanceof CommandError && error.code === 'NOT_FOUND') return {};
    throw error;
  }
}

/** Test metrics as train's metadata.json has them. */
function metricsOf(training: Record<string, unknown>): Record<string, unknown> {
  const nested = asObject(training.metrics);
  for (const candidate of [training.test_metrics, nested.test, training.test, training.metrics]) {
    const found = Object.entries(asObject(candidate)).filter(([, value]) => typeof value === 'number');
    if (found.length > 0) return Object.fromEntries(found);
  }
  return {};
}

function reasonOf(experiment: Experiment, preparation: Record<string, unknown>): string | null {
  const suggested = asObject(asObject(experiment.dataset.profile).suggested_target);
  return firstText(preparation.target_reason, suggested.reason);
}

async function existing(folder: string, paths: string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map(async (path) => ((await isReadable(join(folder, path))) ? [join(folder, path)] : [])),
  );
  return found.flat();
}

async function isReadable(file: string): Promise<boolean> {
  return await readFile(file).then(
    () => true,
    // absent: the stage has not made it
    () => false,
  );
}

async function readObject(file: string): Promise<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // absent or not JSON: the stage has not made it
    return {};
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function firstText(...values: unknown[]): string | null {
  return values.find((value): value is string => typeof value === 'string' && value !== '') ?? null;
}

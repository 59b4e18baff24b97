/** `tempera run FILE`: a table in, a report, splits and a model out. */

import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import {
  type Experiment as ExperimentRecord,
  PROBLEM_TYPES,
  type Session as SessionRecord,
} from '../../core/records.ts';
import type { StartedDecision } from '../../core/started-decisions.ts';
import type { ApiClient } from '../api-client.ts';
import { type Command, type CommandContext, text, type Values } from '../command.ts';
import { CommandError, EXIT, usageError } from '../exit-code.ts';
import { Experiment, Providers, Session } from '../records.ts';
import { decisionsIn } from './decisions-file.ts';
import { drainedHosts } from './endpoints.ts';
import { assertFile, followRun, onPlatform, withOutputFolder } from './followed-run.ts';
import { oneOf, timeoutSeconds } from './option-values.ts';
import type { OutputFolder } from './output-folder.ts';

export const runOptions = {
  target: { type: 'string' },
  instructions: { type: 'string' },
  metric: { type: 'string' },
  'problem-type': { type: 'string' },
  exclude: { type: 'string' },
  decisions: { type: 'string' },
  seed: { type: 'string' },
  model: { type: 'string' },
  name: { type: 'string' },
  out: { type: 'string' },
  force: { type: 'boolean' },
  timeout: { type: 'string' },
} as const;

export const run: Command = {
  name: 'run',
  usage:
    'FILE [--target COLUMN] [--instructions TEXT] [--metric METRIC] [--problem-type TYPE] ' +
    '[--exclude COLUMN,COLUMN] [--decisions FILE] [--seed N] [--model PROVIDER/MODEL] [--name NAME] ' +
    '[--out FOLDER] [--force] [--timeout SECONDS]',
  summary: 'Takes a table through EDA, Prep and Train and downloads what comes out.',
  options: runOptions,
  arguments: [1, 1],
  run: (context, [file = ''], values) => runFile(context, file, values),
};

/** Runs one file on a running platform of the same home, else on one that is started for it and stopped afterwards. */
export async function runFile(context: CommandContext, file: string, values: Values): Promise<number> {
  await assertFile(file);
  // whatever is wrong with the options is said before anything starts
  timeoutSeconds(values);
  assertOptions(values);
  oneOf(values, 'problem-type', PROBLEM_TYPES);
  const decisions = withoutGiven(await decisionsIn(text(values, 'decisions')), values);
  return await withOutputFolder(context, { file, values }, (place) =>
    onPlatform(context, (api) => runOn(context, api, { file, values, decisions, place })),
  );
}

/** What the command line says itself goes before what a file says of the same. */
const GIVEN_KEYS = [
  ['target', 'target'],
  ['metric', 'metric'],
  ['problem-type', 'problem'],
] as const;

function withoutGiven(decisions: readonly StartedDecision[], values: Values): StartedDecision[] {
  const given = GIVEN_KEYS.filter(([option]) => text(values, option) !== undefined).map(([, key]) => key);
  return decisions.filter(({ key }) => given.every((each) => each !== key));
}

function assertOptions(values: Values): void {
  assertNamed(values, runOptions);
  const seed = text(values, 'seed');
  if (seed !== undefined && !/^\d{1,10}$/.test(seed))
    throw usageError(`--seed takes a whole number from 0 on, not '${seed}'.`);
}

/** @throws CommandError usage for an option without a value, and a model that is none */
export function assertNamed(values: Values, options: Record<string, unknown>): void {
  const empty = Object.keys(options).find((option) => text(values, option)?.trim() === '');
  if (empty) throw usageError(`--${empty} is empty. Give it a value or leave it out.`);
  const model = text(values, 'model');
  if (model !== undefined && !/^[a-z][a-z0-9-]*(\/[\w.:@-]+)?$/i.test(model))
    throw usageError(`--model takes PROVIDER/MODEL, such as autopilot/standard, not '${model}'.`);
}

interface Run {
  file: string;
  values: Values;
  decisions: StartedDecision[];
  place: OutputFolder;
}

async function runOn(
  context: CommandContext,
  api: ApiClient,
  { file, values, decisions, place }: Run,
): Promise<number> {
  const { output } = context;
  await assertModel(api, text(values, 'model'));
  for (const line of await drainedHosts(api)) output.say(line);
  output.say(`Uploading ${file}`);
  const experiment = await createExperiment(api, file, values);
  const session = await createSession(api, experiment, { values, decisions }).catch(
    async (error: unknown) => {
      await removeUnused(api, experiment, error);
      throw error;
    },
  );
  return await followRun(context, api, { file, values, experiment, session, place });
}

async function createExperiment(api: ApiClient, file: string, values: Values): Promise<ExperimentRecord> {
  const form = new FormData();
  const fields = {
    name: text(values, 'name'),
    target: text(values, 'target'),
    instructions: text(values, 'instructions'),
    metric: text(values, 'metric'),
    problem_type: oneOf(values, 'problem-type', PROBLEM_TYPES),
    excluded_columns: text(values, 'exclude'),
    seed: text(values, 'seed'),
  };
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, value);
  // the file is read as it is sent, never as a whole
  form.set('file', await openAsBlob(file), basename(file));
  return await api.request(Experiment, '/api/experiments', { form, idempotencyKey: randomUUID() });
}

/**
 * Asked before anything is uploaded: an experiment whose session cannot be is of no use. @throws CommandError
 * refused
 */
export async function assertModel(api: ApiClient, model: string | undefined): Promise<void> {
  if (model === undefined) return;
  const { models } = await api.request(Providers, '/api/status');
  const [provider = ''] = model.split('/');
  if (models.providers.includes(provider)) return;
  const message =
    `The model provider ${provider} is not configured; there is ` +
    `${models.providers.join(' and ')}. Give --model one of these, such as ${models.default}, ` +
    'or configure the provider and start the platform again. Nothing was uploaded.';
  throw new CommandError(EXIT.refused, message, { details: { field: 'model', providers: models.providers } });
}

/** The experiment of a session that was refused; one whose session may have been made after all is kept. */
async function removeUnused(api: ApiClient, { id }: ExperimentRecord, error: unknown): Promise<void> {
  if (!(error instanceof CommandError) || error.exitCode !== EXIT.refused) return;
  // best effort: the refusal is what is told
  await api.open(`/api/experiments/${id}`, { method: 'DELETE' }).catch(() => undefined);
}

/** In auto: the three stages follow one another. */
async function createSession(
  api: ApiClient,
  { id }: ExperimentRecord,
  { values, decisions }: Pick<Run, 'values' | 'decisions'>,
): Promise<SessionRecord> {
  const model = text(values, 'model');
  const decided = decisions.length > 0 && { decisions };
  const json = { mode: 'auto', ...(model !== undefined && { model }), ...decided };
  return await api.request(Session, `/api/experiments/${id}/sessions`, {
    json,
    idempotencyKey: randomUUID(),
  });
}

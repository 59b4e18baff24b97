/** `tempera run FILE`: a table in, a report, splits and a model out. */

import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EVENT_SCHEMAS } from '../../core/events.ts';
import {
  type Experiment as ExperimentRecord,
  PROBLEM_TYPES,
  type Session as SessionRecord,
} from '../../core/records.ts';
import { type ApiClient, createApiClient } from '../api-client.ts';
import { type Command, type CommandContext, text, type Values } from '../command.ts';
import type { ReadEvent } from '../event-reader.ts';
import { CommandError, EXIT, usageError } from '../exit-code.ts';
import { apiUrl } from '../platform-control.ts';
import { createProgress } from '../progress.ts';
import { Experiment, Providers, Session } from '../records.ts';
import { answerInPlace, askedBy } from './answering.ts';
import { addWhatScriptsNeed } from './by-hand.ts';
import { decisionsIn, keepDecisions, type SavedDecision } from './decisions-file.ts';
import { downloadSession } from './download.ts';
import { drainedHosts } from './endpoints.ts';
import { confirmAt, oneOf, timeoutSeconds } from './option-values.ts';
import { claimOutputFolder, folderName, type OutputFolder } from './output-folder.ts';
import { sessionExitCode, waitForSession } from './session-run.ts';
import { type RunSummary, summarise, summaryText } from './summary.ts';

const Validation = EVENT_SCHEMAS.validation_result;

export const runOptions = {
  target: { type: 'string' },
  instructions: { type: 'string' },
  metric: { type: 'string' },
  'problem-type': { type: 'string' },
  exclude: { type: 'string' },
  decisions: { type: 'string' },
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
    '[--exclude COLUMN,COLUMN] [--decisions FILE] [--model PROVIDER/MODEL] [--name NAME] ' +
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
  const decisions = await decisionsIn(text(values, 'decisions'));
  const name = text(values, 'name');
  if (name !== undefined) folderName(name);
  const place = await claimOutputFolder({
    out: text(values, 'out'),
    name: name ?? nameOf(file),
    force: values.force === true,
    confirm: confirmAt(context),
    say: context.output.say,
  });
  try {
    const running = await context.platform.find();
    const platform = running ?? (await context.platform.start({ withSample: false }));
    try {
      const api = createApiClient(apiUrl(platform), context.signal);
      return await runOn(context, api, { file, values, decisions, place });
    } finally {
      if (!running) await context.platform.stop();
    }
  } finally {
    place.release();
  }
}

/** As the platform names an experiment that was given no name. */
const nameOf = (file: string): string => basename(file).replace(/\.[^/]*$/, '') || basename(file);

function assertOptions(values: Values): void {
  const empty = Object.keys(runOptions).find((option) => text(values, option)?.trim() === '');
  if (empty) throw usageError(`--${empty} is empty. Give it a value or leave it out.`);
  const model = text(values, 'model');
  if (model !== undefined && !/^[a-z][a-z0-9-]*(\/[\w.:@-]+)?$/i.test(model))
    throw usageError(`--model takes PROVIDER/MODEL, such as autopilot/standard, not '${model}'.`);
}

async function assertFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => null); // absent, or in a folder that may not be read
  if (!found) throw usageError(`There is no file ${file}.`);
  if (found.isDirectory())
    throw usageError(`${file} is a folder. Name one table in it, such as ${join(file, 'table.csv')}.`);
  if (!found.isFile()) {
    const what = found.isFIFO() ? 'a pipe' : 'no plain file';
    throw usageError(
      `${file} is ${what}. Write its content to a file first: cat ${file} > table.csv, then run table.csv.`,
    );
  }
  await access(file, constants.R_OK).catch(() => {
    throw usageError(`The file ${file} may not be read by this user. Change its permissions.`);
  });
}

interface Run {
  file: string;
  values: Values;
  decisions: SavedDecision[];
  place: OutputFolder;
}

async function runOn(
  context: CommandContext,
  api: ApiClient,
  { file, values, decisions, place }: Run,
): Promise<number> {
  const { output, terminal } = context;
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
  output.say(`Session ${session.id}`);
  const progress = createProgress(terminal, { verbose: false });
  // those of a stage's last validation: what an earlier one found has been mended
  const warnings = new Map<string, string[]>();
  const ended = await waitForSession(context, api, {
    id: session.id,
    after: 0,
    show: async (event) => {
      if (!isAsking(event)) progress.show(event);
      const checked = event.type === 'validation_result' ? Validation.safeParse(event.data) : null;
      if (checked?.success) warnings.set(checked.data.stage, checked.data.warnings);
      const asked = askedBy(event);
      if (asked) await answerInPlace(context, api, { session: session.id, asked });
    },
    timeoutSeconds: timeoutSeconds(values),
  }).finally(() => progress.end());
  const succeeded = ended.state === 'train_done';
  const folder = await place.fill({ sessionId: session.id, succeeded }, async (staging) => {
    await downloadSession(api, session.id, staging);
    await keepDecisions(api, session.id, staging);
    await addWhatScriptsNeed(staging, { sdkFolder: join(context.config.root, 'sandbox'), table: file });
  });
  const summary = await summarise(api, {
    experiment,
    session: ended,
    folder,
    warnings: [...new Set([...warnings.values()].flat())],
  });
  // for programs a failure is the one document
  if (succeeded || output.format === 'table') output.result(summary, summaryText(summary));
  if (!succeeded) throw failureOf(ended, summary);
  return sessionExitCode(ended);
}

/** That it waits for an answer has been seen by whoever was just asked. */
function isAsking({ type, data }: ReadEvent): boolean {
  return type === 'waiting' && (data.reason === 'question' || data.reason === 'approval');
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
async function assertModel(api: ApiClient, model: string | undefined): Promise<void> {
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

function failureOf(session: SessionRecord, { folder, reports }: RunSummary): CommandError {
  const stage = session.failed_stage ? ` in ${session.failed_stage}` : '';
  const message = `The session ended ${session.state}${stage}; the lines above say why. Its files are kept.`;
  return new CommandError(EXIT.failed, message, {
    code: 'FAILED',
    details: { session_id: session.id, state: session.state, folder, reports },
  });
}

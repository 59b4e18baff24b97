/** `tempera classify …` over whole sources: runs started, followed, listed, cancelled; what came of them. */

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type EvaluationRecord, EvaluationSchema } from '../../core/classification/evaluation.ts';
import { ClassificationSettingsSchema } from '../../core/classification/settings.ts';
import { isFinal } from '../../core/classification/states.ts';
import { EVENT_SCHEMAS } from '../../core/events.ts';
import { inWords } from '../../core/issue-words.ts';
import type { ApiClient } from '../api-client.ts';
import { type Command, type CommandContext, text, type Values } from '../command.ts';
import { followEvents } from '../event-reader.ts';
import { CommandError, EXIT, usageError } from '../exit-code.ts';
import { tableOf } from '../output.ts';
import {
  chosenRun,
  type Result,
  Results,
  RUN_OPTIONS,
  RUN_USAGE,
  Run,
  RunStatus,
  Runs,
  Started,
  statusPath,
} from './classification-records.ts';
import { oneOf, wholeNumber } from './option-values.ts';

const start: Command = {
  name: 'classify start',
  usage: '[--source ID] [--model PROVIDER/MODEL] [--set SETTING=VALUE …] [--follow]',
  summary:
    'Starts a run over a source (default: the sample source); with --follow shows it to its end, exit code 1 ' +
    'when it failed.',
  options: {
    source: { type: 'string' },
    model: { type: 'string' },
    set: { type: 'string', multiple: true },
    follow: { type: 'boolean' },
  },
  arguments: [0, 0],
  async run(context, _, values) {
    const source = text(values, 'source');
    const settings = settingsOf(values);
    const client = await context.api();
    const json = { ...(source !== undefined && { source_id: source }), ...(settings && { settings }) };
    const idempotencyKey = randomUUID();
    const started = await client.request(Started, '/api/fsm/start', { json, idempotencyKey });
    if (values.follow === true) return await follow(context, client, started.run_id);
    context.output.result(started);
    context.output.say('See it go on with: npm start -- classify status');
    return undefined;
  },
};

/** Those of --set and --model. @throws CommandError usage, naming what is wrong */
function settingsOf(values: Values): Record<string, unknown> | null {
  const pairs = [values.set ?? []].flat().map((word) => {
    const [name = '', value] = String(word).split(/=(.*)/s, 2);
    if (value === undefined) throw usageError(`--set takes SETTING=VALUE, not '${word}'.`);
    return [name, readValue(value)] as const;
  });
  const model = text(values, 'model');
  const given = { ...Object.fromEntries(pairs), ...(model !== undefined && { model }) };
  if (Object.keys(given).length === 0) return null;
  const checked = ClassificationSettingsSchema.safeParse(given, { error: inWords });
  if (checked.success) return given;
  const [issue] = checked.error.issues;
  throw usageError(`The setting ${issue?.path.join('.') || 'of --set'} ${issue?.message}.`);
}

/** A number, true or false, as JSON has them; else the text. */
function readValue(word: string): unknown {
  return /^(-?\d+(\.\d+)?|true|false|null)$/.test(word) ? JSON.parse(word) : word;
}

/** Its states and progress on stderr, then where its results are. */
async function follow(
  { output, terminal, signal }: CommandContext,
  client: ApiClient,
  id: string,
): Promise<number> {
  const stream = `/api/fsm/runs/${id}/stream`;
  let [last, before]: [string, Record<string, unknown>] = ['', {}];
  for await (const { type, data } of followEvents(client, stream, { after: 0, signal })) {
    const event = type === 'classification' ? EVENT_SCHEMAS.classification.safeParse(data) : null;
    if (!event?.success) continue;
    const { state, progress, notes = [] } = event.data;
    const line = `${state}${progressText(progress, before)}`;
    if (line !== last) output.say(line);
    [last, before] = [line, progress];
    for (const note of notes) output.say(`  ${note}`);
    if (isFinal(state)) break;
  }
  if (signal.aborted)
    throw new CommandError(EXIT.failed, 'Interrupted. The run goes on.', { code: 'INTERRUPTED' });
  const run = await client.request(Run, `/api/fsm/runs/${id}`);
  output.result(run, tableOf(runRow(run), terminal.columns));
  if (run.error !== null) output.say(run.error.message);
  output.say(`Its results: npm start -- classify results --run ${id}`);
  return run.state === 'CONVERGED' || run.state === 'STOPPED' ? EXIT.done : EXIT.failed;
}

/** What has changed of its counts, in words. */
function progressText(progress: Record<string, unknown>, before: Record<string, unknown>): string {
  const words = Object.entries(progress)
    .filter(([name, value]) => name !== 'step' && value !== before[name])
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`);
  return words.length === 0 ? '' : `: ${words.join(', ')}`;
}

const status: Command = {
  name: 'classify status',
  usage: '[--source ID]',
  summary: 'Shows how the last run of a source stands (default: the sample source).',
  options: { source: { type: 'string' } },
  arguments: [0, 0],
  async run({ api, output }, _, values) {
    const { progress_json, ...rest } = await (await api()).request(RunStatus, statusPath(values));
    const progress: unknown = JSON.parse(progress_json);
    output.result({ ...rest, progress });
    return undefined;
  },
};

const runs: Command = {
  name: 'classify runs',
  usage: '[--source ID] [--limit N]',
  summary: 'Lists runs, newest first.',
  options: { source: { type: 'string' }, limit: { type: 'string' } },
  arguments: [0, 0],
  async run({ api, output, terminal }, _, values) {
    const limit = wholeNumber(values, 'limit', { least: 1, otherwise: 50, most: 200 });
    const source = text(values, 'source');
    const query = new URLSearchParams({ limit: String(limit), ...(source && { source_id: source }) });
    const { items } = await (await api()).request(Runs, `/api/fsm/runs?${query}`);
    output.result({ runs: items }, tableOf(items.map(runRow), terminal.columns));
    return undefined;
  },
};

const runRow = ({ id, source_id, state, progress, started_at, ended_at }: Run) => ({
  ...{ id, source: source_id, state, columns: progress.columns_total ?? '' },
  ...{ to_review: progress.frac_unclear ?? '', started_at, ended_at: ended_at ?? '' },
});

/** Results of one page of the API. */
const PAGE = 1_000;
const MOST_RESULTS = 1_000_000;

const results: Command = {
  name: 'classify results',
  usage:
    `${RUN_USAGE} [--find TEXT] [--code CODE] [--table TABLE] [--review] [--sensitive] ` +
    '[--order position|doubt] [--limit N]',
  summary: 'Lists the columns of a run with the term of each; --code takes a term with all below it.',
  options: {
    ...RUN_OPTIONS,
    ...{ find: { type: 'string' }, code: { type: 'string' }, table: { type: 'string' } },
    ...{ review: { type: 'boolean' }, sensitive: { type: 'boolean' } },
    ...{ order: { type: 'string' }, limit: { type: 'string' } },
  },
  arguments: [0, 0],
  async run({ api, output, terminal }, _, values) {
    const most = wholeNumber(values, 'limit', { least: 1, otherwise: 50, most: MOST_RESULTS });
    const query = resultsQuery(values);
    const client = await api();
    const id = await chosenRun(client, values);
    const items: Result[] = [];
    for (let cursor: string | null = ''; cursor !== null && items.length < most; ) {
      query.set('limit', String(Math.min(PAGE, most - items.length)));
      if (cursor !== '') query.set('cursor', cursor);
      const page: z.infer<typeof Results> = await client.request(
        Results,
        `/api/fsm/runs/${id}/results?${query}`,
      );
      items.push(...page.items);
      cursor = page.next_cursor;
      if (cursor !== null && items.length >= most)
        output.say(`There are more than these ${most}: --limit takes up to ${MOST_RESULTS}.`);
    }
    output.result({ run_id: id, results: items }, tableOf(items.map(resultRow), terminal.columns));
    return undefined;
  },
};

function resultsQuery(values: Values): URLSearchParams {
  const words = {
    q: text(values, 'find'),
    code: text(values, 'code'),
    table: text(values, 'table'),
    order: oneOf(values, 'order', ['position', 'doubt'] as const),
    needs_review: values.review === true ? 'true' : undefined,
    sensitive: values.sensitive === true ? 'true' : undefined,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(words)) if (value !== undefined) query.set(name, value);
  return query;
}

const resultRow = (column: Result) => ({
  ...{ id: column.id, table: column.table_name, column: column.column_name },
  ...{ code: column.reviewed_code ?? column.predicted_code ?? '', label: column.predicted_label ?? '' },
  ...{ probability: column.probability.toFixed(2), review: column.needs_review ? 'yes' : '' },
  decided: column.reviewed ?? '',
});

const Evaluated = z.object({ run_id: z.string(), evaluation: EvaluationSchema.nullable() });

const evaluate: Command = {
  name: 'classify evaluate',
  usage: RUN_USAGE,
  summary: 'Says how good a run was by the labels of its source.',
  options: RUN_OPTIONS,
  arguments: [0, 0],
  async run({ api, output, terminal }, _, values) {
    const client = await api();
    const id = await chosenRun(client, values);
    const { evaluation } = await client.request(Evaluated, `/api/fsm/runs/${id}/evaluation`);
    if (evaluation === null) output.say('Its source has no labels, or it has not come so far.');
    output.result({ run_id: id, evaluation }, tableOf(evaluationRows(evaluation), terminal.columns));
    return undefined;
  },
};

/** One row for all columns, and one each for those with a known and with a hidden header. */
function evaluationRows(evaluation: EvaluationRecord | null): Record<string, unknown>[] {
  const parts = [
    { of: 'all', figures: evaluation },
    { of: 'known headers', figures: evaluation?.headers?.known },
    { of: 'hidden headers', figures: evaluation?.headers?.hidden },
  ];
  return parts.flatMap(({ of, figures }) => {
    if (!figures) return [];
    const { columns, exact_accuracy, micro_f1, macro_f1, hierarchical_accuracy, calibration_error } = figures;
    const { reviewed_share, errors_caught, accuracy_of_rest } = figures.review;
    const shares = { exact_accuracy, micro_f1, macro_f1, hierarchical_accuracy, calibration_error };
    const all = { ...shares, reviewed_share, errors_caught, accuracy_of_rest };
    return [
      {
        of,
        columns,
        ...Object.fromEntries(Object.entries(all).map(([name, share]) => [name, rounded(share)])),
      },
    ];
  });
}

const rounded = (share: number | null): string => (share === null ? '' : share.toFixed(3));

const cancel: Command = {
  name: 'classify cancel',
  usage: RUN_USAGE,
  summary: 'Cancels a run and returns when it has ended; what it has found is kept.',
  options: RUN_OPTIONS,
  arguments: [0, 0],
  async run({ api, output, terminal }, _, values) {
    const client = await api();
    const id = await chosenRun(client, values);
    const order = { json: {}, idempotencyKey: randomUUID() };
    const run = await client.request(Run, `/api/fsm/runs/${id}/cancel`, order);
    output.result(run, tableOf(runRow(run), terminal.columns));
    return undefined;
  },
};

export const classificationRunCommands: Command[] = [start, status, runs, results, evaluate, cancel];

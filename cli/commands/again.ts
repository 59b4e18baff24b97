/** `tempera again ID FILE`: a session's decisions on a new file of the same form. */

import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import type { ApiClient } from '../api-client.ts';
import { type Command, type CommandContext, text, type Values } from '../command.ts';
import { CommandError, EXIT, usageError } from '../exit-code.ts';
import { Experiment, Refitted, Session } from '../records.ts';
import { drainedHosts } from './endpoints.ts';
import { assertFile, followRun, onPlatform, withOutputFolder } from './followed-run.ts';
import { timeoutSeconds } from './option-values.ts';
import { assertModel, assertNamed } from './run.ts';

const options = {
  answer: { type: 'string', multiple: true },
  'dry-run': { type: 'boolean' },
  model: { type: 'string' },
  name: { type: 'string' },
  out: { type: 'string' },
  force: { type: 'boolean' },
  timeout: { type: 'string' },
} as const;

export const again: Command = {
  name: 'again',
  usage:
    'ID FILE [--answer QUESTION=CHOICE]… [--dry-run] [--model PROVIDER/MODEL] [--name NAME] ' +
    '[--out FOLDER] [--force] [--timeout SECONDS]',
  summary:
    'Takes a new file of the same form through the stages with the decisions of a session; what does not fit is ' +
    'asked about first, or, where nobody sits at the terminal, decided safely and marked to be confirmed.',
  options,
  arguments: [2, 2],
  run: async (context, [id = '', file = ''], values) => {
    await assertFile(file);
    timeoutSeconds(values);
    assertNamed(values, options);
    const answers = answersOf(values);
    const asked = { id, file, values, answers };
    if (values['dry-run'] === true) return await onPlatform(context, (api) => tellOnly(context, api, asked));
    return await withOutputFolder(context, { file, values }, (place) =>
      onPlatform(context, async (api) => {
        await assertModel(api, text(values, 'model'));
        for (const line of await drainedHosts(api)) context.output.say(line);
        const made = await makeAgain(context, api, asked);
        return await followRun(context, api, { file, values, place, ...made });
      }),
    );
  },
};

interface Asked {
  id: string;
  file: string;
  values: Values;
  answers: Record<string, string>;
}

function answersOf({ answer }: Values): Record<string, string> {
  const given = (Array.isArray(answer) ? answer : []).map((each) => {
    const [, id = '', choice = ''] = /^([^=]+)=(.*)$/s.exec(String(each)) ?? [];
    if (id === '')
      throw usageError(`--answer takes QUESTION=CHOICE, as --dry-run names them, not '${each}'.`);
    return [id, choice];
  });
  return Object.fromEntries(given);
}

async function tellOnly(context: CommandContext, api: ApiClient, asked: Asked): Promise<undefined> {
  const { output } = context;
  const preview = await dryRun(api, asked, await upload(api, asked.file));
  if (output.format === 'table') for (const line of refittedLines(preview)) context.terminal.err(`${line}\n`);
  output.result(output.format === 'table' ? decisionRows(preview) : preview);
  return undefined;
}

async function makeAgain(context: CommandContext, api: ApiClient, asked: Asked) {
  context.output.say(`Uploading ${asked.file}`);
  const upload_id = await upload(api, asked.file);
  const preview = await settle(context, api, { asked, upload_id });
  for (const line of refittedLines(preview)) context.terminal.err(`${line}\n`);
  const session = await api.request(Session, pathOf(asked), {
    json: { ...bodyOf(asked, upload_id), mode: 'auto' },
    idempotencyKey: randomUUID(),
  });
  const experiment = await api.request(Experiment, `/api/experiments/${session.experiment_id}`);
  return { session, experiment };
}

/** Asks at the terminal until nothing is open: what one answer settles, another question may rest on. */
async function settle(
  { terminal }: Pick<CommandContext, 'terminal'>,
  api: ApiClient,
  { asked, upload_id }: { asked: Asked; upload_id: string },
): Promise<Refitted> {
  for (;;) {
    const preview = await dryRun(api, asked, upload_id);
    const open = preview.questions.find(({ answer, choices }) => answer === null && choices.length > 0);
    if (!open || terminal.ask === null) return preview;
    for (const line of questionLines(open)) terminal.err(`${line}\n`);
    const typed = await terminal.ask('  Number (empty: 1, ^C: stop here) ');
    if (typed === null)
      throw new CommandError(EXIT.failed, 'Nothing was started: a question was left open (above).');
    const chosen = open.choices[typed.trim() === '' ? 0 : Number(typed) - 1];
    if (chosen) asked.answers[open.id] = chosen.answer;
  }
}

const pathOf = ({ id }: Asked): string => `/api/sessions/${id}/again`;

function bodyOf({ values, answers }: Asked, upload_id: string): Record<string, unknown> {
  const [name, model] = [text(values, 'name'), text(values, 'model')];
  return { upload_id, answers, ...(name !== undefined && { name }), ...(model !== undefined && { model }) };
}

function dryRun(api: ApiClient, asked: Asked, upload_id: string): Promise<Refitted> {
  const json = { ...bodyOf(asked, upload_id), dry_run: true };
  return api.request(Refitted, pathOf(asked), { json, idempotencyKey: randomUUID() });
}

async function upload(api: ApiClient, file: string): Promise<string> {
  const form = new FormData();
  // the file is read as it is sent, never as a whole
  form.set('file', await openAsBlob(file), basename(file));
  const idempotencyKey = randomUUID();
  const { id } = await api.request(z.looseObject({ id: z.string() }), '/api/uploads', {
    form,
    idempotencyKey,
  });
  return id;
}

type Question = Refitted['questions'][number];

/** The question with its choices as a table, the recommended one first. */
export function questionLines({ text: asks, choices }: Question): string[] {
  const width = Math.max(0, ...choices.map(({ answer }) => answer.length));
  const rows = choices.map(({ answer, consequence }, at) => {
    const mark = at === 0 ? ' (recommended)' : '';
    return `    ${at + 1}  ${answer.padEnd(width)}  ${consequence}${mark}`;
  });
  return [`  ${asks}.`, ...rows];
}

/** What is kept, what is new, and what was or will be answered for the person. */
export function refittedLines({
  inherited,
  unfit,
  questions,
  new_columns,
  missing_columns,
}: Refitted): string[] {
  const own = inherited.filter(({ by }) => by === 'person').length;
  const lines = [`${inherited.length} decisions are kept, ${own} of them a person’s.`];
  if (new_columns.length > 0) lines.push(`New columns: ${new_columns.join(', ')}.`);
  if (missing_columns.length > 0) lines.push(`Columns that are gone: ${missing_columns.join(', ')}.`);
  if (unfit.length > 0) lines.push(`Decided anew: ${unfit.map(({ key }) => key).join(', ')}.`);
  for (const question of questions.filter(({ answer }) => answer === null))
    lines.push(...openLines(question));
  return lines;
}

function openLines(question: Question): string[] {
  const { id, safe } = question;
  const taken =
    safe === null
      ? `  It has to be answered: --answer '${id}=…'.`
      : `  Taken until it is confirmed: ${safe}. To decide otherwise: --answer '${id}=…'.`;
  return [...questionLines(question), taken];
}

/** Every decision with what becomes of it. */
function decisionRows({ inherited, unfit }: Refitted) {
  const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return [
    ...inherited.map(({ key, value, by, to_confirm }) => ({
      ...{ key, value: shown(value), by, becomes: to_confirm ? 'kept, to be confirmed' : 'kept' },
    })),
    ...unfit.map(({ key, value, by }) => ({ key, value: shown(value), by, becomes: 'decided anew' })),
  ];
}

/** A session that is followed to its end at the command line, and whose files are then brought into a folder. */

import { access, constants, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EVENT_SCHEMAS } from '../../core/events.ts';
import type { Experiment as ExperimentRecord, Session as SessionRecord } from '../../core/records.ts';
import type { ApiClient } from '../api-client.ts';
import { type CommandContext, text, type Values } from '../command.ts';
import type { ReadEvent } from '../event-reader.ts';
import { CommandError, EXIT, usageError } from '../exit-code.ts';
import { clientOf } from '../platform-control.ts';
import { createProgress } from '../progress.ts';
import { answerInPlace, askedBy } from './answering.ts';
import { addWhatScriptsNeed } from './by-hand.ts';
import { keepDecisions } from './decisions-file.ts';
import { downloadSession } from './download.ts';
import { confirmAt, timeoutSeconds } from './option-values.ts';
import { claimOutputFolder, folderName, type OutputFolder } from './output-folder.ts';
import { sessionExitCode, waitForSession } from './session-run.ts';
import { type RunSummary, summarise, summaryText } from './summary.ts';

const Validation = EVENT_SCHEMAS.validation_result;

/** @throws CommandError usage for what is no readable file */
export async function assertFile(file: string): Promise<void> {
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

/** Claims the folder that the run will fill, before anything is uploaded; it is released at the end. */
export async function withOutputFolder<T>(
  context: CommandContext,
  { file, values }: { file: string; values: Values },
  work: (place: OutputFolder) => Promise<T>,
): Promise<T> {
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
    return await work(place);
  } finally {
    place.release();
  }
}

/** As the platform names an experiment that was given no name. */
const nameOf = (file: string): string => basename(file).replace(/\.[^/]*$/, '') || basename(file);

/** On a running platform of the same home, else on one that is started for it and stopped afterwards. */
export async function onPlatform<T>(
  context: CommandContext,
  work: (api: ApiClient) => Promise<T>,
): Promise<T> {
  const running = await context.platform.find();
  const platform = running ?? (await context.platform.start({ withSample: false }));
  try {
    return await work(clientOf(platform, context));
  } finally {
    if (!running) await context.platform.stop();
  }
}

/** What is followed: a session that was just made. */
export interface FollowedRun {
  file: string;
  values: Values;
  experiment: ExperimentRecord;
  session: SessionRecord;
  place: OutputFolder;
}

/** Shows what happens until the session ends, and fills the folder. @returns the exit code */
export async function followRun(context: CommandContext, api: ApiClient, run: FollowedRun): Promise<number> {
  const { output } = context;
  const { file, experiment, session, place } = run;
  output.say(`Session ${session.id}`);
  const { ended, warnings } = await follow(context, api, run);
  const succeeded = ended.state === 'train_done';
  const folder = await place.fill({ sessionId: session.id, succeeded }, async (staging) => {
    await downloadSession(api, session.id, staging);
    await keepDecisions(api, session.id, staging);
    await addWhatScriptsNeed(staging, { sdkFolder: join(context.config.root, 'sandbox'), table: file });
  });
  const summary = await summarise(api, { experiment, session: ended, folder, warnings });
  // for programs a failure is the one document
  if (succeeded || output.format === 'table') output.result(summary, summaryText(summary));
  if (!succeeded) throw failureOf(ended, summary);
  return sessionExitCode(ended);
}

async function follow(
  context: CommandContext,
  api: ApiClient,
  { session, values }: FollowedRun,
): Promise<{ ended: SessionRecord; warnings: string[] }> {
  const progress = createProgress(context.terminal, { verbose: false });
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
  return { ended, warnings: [...new Set([...warnings.values()].flat())] };
}

/** That it waits for an answer has been seen by whoever was just asked. */
function isAsking({ type, data }: ReadEvent): boolean {
  return type === 'waiting' && (data.reason === 'question' || data.reason === 'approval');
}

function failureOf(session: SessionRecord, { folder, reports }: RunSummary): CommandError {
  const stage = session.failed_stage ? ` in ${session.failed_stage}` : '';
  const message = `The session ended ${session.state}${stage}; the lines above say why. Its files are kept.`;
  return new CommandError(EXIT.failed, message, {
    code: 'FAILED',
    details: { session_id: session.id, state: session.state, folder, reports },
  });
}

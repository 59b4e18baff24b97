/** Decisions that a session left in `decisions.json`, for another one that is to decide the same. */

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inWords } from '../../core/issue-words.ts';
import { DECISIONS_FILE, LEDGER_VERSION, LedgerFileSchema, ledgerFile } from '../../core/ledger-file.ts';
import type { StartedDecision } from '../../core/started-decisions.ts';
import type { ApiClient } from '../api-client.ts';
import { usageError } from '../exit-code.ts';
import { Ledger } from '../records.ts';

/** Things that are wrong with a file that are named at once. */
const MOST_NAMED = 5;

/** What the file decides; nothing where none is named. @throws CommandError usage, naming what is wrong and where */
export async function decisionsIn(file: string | undefined): Promise<StartedDecision[]> {
  if (file === undefined) return [];
  const text = await readFile(file, 'utf8').catch(() => {
    throw usageError(`--decisions: the file ${file} cannot be read.`);
  });
  const { session, decisions } = readLedgerFile(file, text);
  return decisions.map((each) => ({ ...each, inherited_from: session ?? each.inherited_from }));
}

function readLedgerFile(file: string, text: string) {
  const content = parsed(file, text);
  const { version }: { version?: unknown } = Object(content);
  if (version !== undefined && version !== LEDGER_VERSION)
    throw usageError(
      `--decisions: ${file} has version ${JSON.stringify(version)}, and version ${LEDGER_VERSION} is read here. ` +
        'Use the release of Tempera that has written it, or take the file from its session anew.',
    );
  const read = LedgerFileSchema.safeParse(content, { error: inWords });
  if (read.success) return read.data;
  const wrong = read.error.issues.map(({ path, message }) => `${path.join('.') || 'it'} ${message}`);
  const more = wrong.length > MOST_NAMED ? ` and ${wrong.length - MOST_NAMED} more` : '';
  throw usageError(
    `--decisions: ${file} is no decisions.json, which an archive or a run's folder holds: ` +
      `${wrong.slice(0, MOST_NAMED).join('; ')}${more}. docs/decisions.schema.json has its form.`,
  );
}

/** Writes what is in force at the end: what lies in the session's folder is what was before its last script. */
export async function keepDecisions(api: ApiClient, session: string, folder: string): Promise<void> {
  const { items } = await api.request(Ledger, `/api/sessions/${session}/decisions`);
  const file = ledgerFile(items);
  const path = join(folder, DECISIONS_FILE);
  await rm(path, { force: true });
  if (file !== '') await writeFile(path, file);
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw usageError(
      `--decisions: ${file} is no JSON: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

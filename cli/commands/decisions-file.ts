/** Decisions that a session left in `decisions.json`, for another one that is to decide the same. */

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DECISIONS_FILE, decisionsFile } from '../../core/decisions.ts';
import type { ApiClient } from '../api-client.ts';
import { usageError } from '../exit-code.ts';
import { Ledger } from '../records.ts';

const File = z.object({ decisions: z.array(z.looseObject({ key: z.string(), value: z.unknown() })) });

export interface SavedDecision {
  key: string;
  value: unknown;
}

/** What the file decides; nothing where none is named. @throws CommandError usage */
export async function decisionsIn(file: string | undefined): Promise<SavedDecision[]> {
  if (file === undefined) return [];
  const text = await readFile(file, 'utf8').catch(() => {
    throw usageError(`--decisions: the file ${file} cannot be read.`);
  });
  const read = File.safeParse(parsed(text));
  if (!read.success)
    throw usageError(`--decisions: ${file} is no decisions.json, which an archive or a run's folder holds.`);
  return read.data.decisions.map(({ key, value }) => ({ key, value }));
}

/** Writes what is in force at the end: what lies in the session's folder is what was before its last script. */
export async function keepDecisions(api: ApiClient, session: string, folder: string): Promise<void> {
  const { items } = await api.request(Ledger, `/api/sessions/${session}/decisions`);
  const file = decisionsFile(items);
  const path = join(folder, DECISIONS_FILE);
  await rm(path, { force: true });
  if (file !== '') await writeFile(path, file);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // the caller says what is expected
  }
}

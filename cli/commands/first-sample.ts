/**
 * The sample that a new home begins with. It is made once: interrupted, the next start makes the rest of it under the
 * same keys; deleted by a person, or where something else is there already, it does not come (again).
 */

import { existsSync, openAsBlob } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from '../api-client.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { Experiment, Session } from '../records.ts';

/** The table below the repository, and what is to be predicted in it. */
export const SAMPLE = {
  table: join('examples', 'penguins.csv'),
  target: 'species',
  name: 'penguins',
} as const;

const DESCRIPTION = 'The bundled sample: penguins of three species, measured on three islands.';
/** Free, also where a key is there: nobody has asked for it. */
const MODEL = 'autopilot/standard';
const WAIT_MILLISECONDS = 60_000;
const PAUSE_MILLISECONDS = 500;
const Mark = z.object({ state: z.enum(['begun', 'done']), session: z.string().nullable() });
const Experiments = z.object({ items: z.array(z.looseObject({ id: z.string() })) });

export interface FirstSample {
  /** Its session; null where none was made. */
  session: string | null;
  /** True when this call made it, or the rest of it. */
  made: boolean;
}

/** Makes the sample where the home has not had one and nothing is in it. */
export async function firstSample(
  api: ApiClient,
  { home, root }: { home: string; root: string },
): Promise<FirstSample> {
  const file = join(home, 'sample.json');
  const mark = existsSync(file) ? Mark.parse(JSON.parse(await readFile(file, 'utf8'))) : null;
  if (mark?.state === 'done') return { session: mark.session, made: false };
  if (mark === null) {
    const { items } = await api.request(Experiments, '/api/experiments?limit=1');
    if (items.length > 0) return await settle(file, null, false);
    await writeMark(file, { state: 'begun', session: null });
  }
  return await settle(file, await madeSample(api, join(root, SAMPLE.table)), true);
}

/** A platform that has just come up may lack a part for a moment: the same request is sent again. */
async function madeSample(api: ApiClient, table: string): Promise<string | null> {
  const deadline = Date.now() + WAIT_MILLISECONDS;
  for (;;) {
    try {
      return await makeSample(api, table);
    } catch (error) {
      const isAway = error instanceof CommandError && error.exitCode === EXIT.unreachable;
      if (!isAway || Date.now() > deadline) throw error;
    }
    await pause(PAUSE_MILLISECONDS);
  }
}

/** The same keys each time: what an interrupted start made is found again. */
async function makeSample(api: ApiClient, table: string): Promise<string | null> {
  const form = new FormData();
  form.set('name', SAMPLE.name);
  form.set('target', SAMPLE.target);
  form.set('description', DESCRIPTION);
  form.set('file', await openAsBlob(table), 'penguins.csv');
  try {
    const { id } = await api.request(Experiment, '/api/experiments', {
      form,
      idempotencyKey: 'first-sample',
    });
    const { id: session } = await api.request(Session, `/api/experiments/${id}/sessions`, {
      json: { mode: 'auto', model: MODEL },
      idempotencyKey: 'first-sample-session',
    });
    return session;
  } catch (error) {
    // made by an interrupted start and deleted by a person since
    if (error instanceof CommandError && error.exitCode === EXIT.notFound) return null;
    throw error;
  }
}

async function settle(file: string, session: string | null, made: boolean): Promise<FirstSample> {
  await writeMark(file, { state: 'done', session });
  return { session, made: made && session !== null };
}

async function writeMark(file: string, mark: z.infer<typeof Mark>): Promise<void> {
  await writeFile(`${file}.part`, JSON.stringify(mark));
  await rename(`${file}.part`, file);
}

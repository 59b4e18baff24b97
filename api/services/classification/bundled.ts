/**
 * What every platform has from its start: the bundled vocabulary and the source of bundled tables, with a first version
 * of its dataset. Done beside the requests, and tried again for as long as something is away: nothing waits for it.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { bundledText } from '../../../classification/knowledge.ts';
import { BUNDLED_VOCABULARY, SAMPLE_SOURCE } from '../../../core/classification/records.ts';
import { TemperaError } from '../../../core/errors.ts';
import { sha256 } from '../../../core/ids.ts';
import type { Principal } from '../../../core/principal.ts';
import {
  getVocabulary,
  insertDataSource,
  lastRun,
  listClassifiedDatasets,
  putVocabulary,
} from '../../../db/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { startRun } from './runs.ts';
import { testSource } from './sources.ts';

/** The platform itself. */
export const SYSTEM: Principal = { id: 'system', role: 'admin' };

const PAUSE_MILLISECONDS = 2_000;
const LONGEST_PAUSE_MILLISECONDS = 60_000;

/** Ends when all is there, or with the signal. @param tell of what is away, once each time it changes */
export async function registerBundled(
  dependencies: ApiDependencies,
  signal: AbortSignal,
  tell: (event: Record<string, unknown>) => void = () => undefined,
): Promise<void> {
  let last = '';
  for (
    let pause = PAUSE_MILLISECONDS;
    !signal.aborted;
    pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS)
  ) {
    try {
      await registerVocabulary(dependencies);
      await registerSample(dependencies);
      return await startFirstRun(dependencies);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== last) tell({ what: 'registering the sample source', message });
      last = message;
      if (!isPassing(error)) return;
    }
    // an abort only ends the pause: the loop looks at the signal itself
    await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** What time mends; the database that has yet to be migrated, too. */
const isPassing = (error: unknown): boolean =>
  !(error instanceof TemperaError) || error.kind.retry !== 'never' || error.code === 'ALREADY_RUNNING';

/** As this release has it. */
async function registerVocabulary({ db, classifier, settings }: ApiDependencies): Promise<void> {
  const text = bundledText(settings.classificationFolder);
  const vocabulary = { sha256: sha256(text), text };
  const known = await getVocabulary(db, SYSTEM, BUNDLED_VOCABULARY);
  if (known?.sha256 === vocabulary.sha256) return;
  const described = await classifier.describe({ vocabulary });
  const row = { id: BUNDLED_VOCABULARY, name: 'Tempera', scope: 'shared' as const, ...described };
  await db.transaction((tx) => putVocabulary(tx, SYSTEM, { vocabulary: row, text }));
}

async function registerSample({ db }: ApiDependencies): Promise<void> {
  await db.transaction((tx) =>
    insertDataSource(tx, SYSTEM, {
      ...{ id: SAMPLE_SOURCE, scope: 'shared', source_type: 'sample', source_uri: 'bundled' },
      ...{ display_name: 'Sample tables', connection: null, files: [] },
      ...{ vocabulary_mode: 'tree', vocabulary_id: BUNDLED_VOCABULARY },
    }),
  );
}

/** Version 1 of the sample source's dataset, where it has none. */
async function startFirstRun(dependencies: ApiDependencies): Promise<void> {
  const { db } = dependencies;
  if ((await listClassifiedDatasets(db, SYSTEM, SAMPLE_SOURCE)).length > 0) return;
  const last = await lastRun(db, SYSTEM, { source_id: SAMPLE_SOURCE });
  if (last !== null && last.ended_at === null) return;
  const { ok, message } = await testSource(dependencies, SYSTEM, SAMPLE_SOURCE);
  // what cannot be read would only fail in each run
  if (!ok) throw new TemperaError('INVALID_INPUT', message);
  await startRun(dependencies, SYSTEM, { body: {}, key: null, traceparent: undefined });
}

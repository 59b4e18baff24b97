/**
 * What every platform has from its start: the bundled vocabulary and the source of bundled tables, with a first version
 * of its dataset. Done beside the requests, and tried again for as long as something is away: nothing waits for it.
 */

import { bundledText } from '../../../classification/knowledge.ts';
import { BUNDLED_VOCABULARY, SAMPLE_SOURCE } from '../../../core/classification/records.ts';
import { TemperaError } from '../../../core/errors.ts';
import { sha256 } from '../../../core/ids.ts';
import {
  getVocabulary,
  insertDataSource,
  lastRun,
  listClassifiedDatasets,
  putVocabulary,
} from '../../../db/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { atStart, SYSTEM, type Tell } from './at-start.ts';
import { startRun } from './runs.ts';
import { testSource } from './sources.ts';

/** Ends when all is there, or with the signal. @param tell of what is away, once each time it changes */
export async function registerBundled(
  dependencies: ApiDependencies,
  signal: AbortSignal,
  tell: Tell = () => undefined,
): Promise<void> {
  const task = { signal, tell, problems: dependencies.startProblems };
  await atStart('registering the sample source', task, async () => {
    await registerVocabulary(dependencies);
    await registerSample(dependencies);
    await startFirstRun(dependencies);
  });
}

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

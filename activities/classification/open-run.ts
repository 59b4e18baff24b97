/** What the activities of a run read first. */

import type { ClassificationRun, DataSource } from '../../core/classification/records.ts';
import { TemperaError } from '../../core/errors.ts';
import type { OpenedSource } from '../../core/ports/column-sources.ts';
import { getDataSource, getRun, vocabularyText } from '../../db/index.ts';
import type { RunKey } from '../../workflows/contract/classification.ts';
import type { ClassificationPorts } from './ports.ts';

/** Workers see every owner's. */
const PLATFORM = { id: 'worker', role: 'admin' } as const;

/** @throws TemperaError NOT_FOUND when the run is gone */
export async function openRun(
  { database }: ClassificationPorts,
  { runId }: RunKey,
): Promise<ClassificationRun> {
  const run = await getRun(database, PLATFORM, runId);
  if (run === null) throw new TemperaError('NOT_FOUND', `There is no run [${runId}]: it was deleted.`);
  return run;
}

/** @throws TemperaError NOT_FOUND when the source is gone */
export async function sourceOf(
  { database }: ClassificationPorts,
  run: ClassificationRun,
): Promise<DataSource> {
  const source = await getDataSource(database, PLATFORM, run.source_id);
  if (source === null)
    throw new TemperaError('NOT_FOUND', `There is no source [${run.source_id}]: it was deleted.`);
  return source;
}

export const openedSource = ({
  id,
  source_type,
  source_uri,
  connection,
  files,
}: DataSource): OpenedSource => ({
  ...{ id, type: source_type, uri: source_uri, connection, files },
});

/** The vocabulary as it was when the run began, with what people had changed of its attachments. */
export async function vocabularyOf({ database }: ClassificationPorts, { vocabulary }: ClassificationRun) {
  const { sha256, attachments } = vocabulary;
  return { sha256, attachments, text: await vocabularyText(database, sha256) };
}

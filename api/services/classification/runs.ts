/** Runs of a classification: rows that the api writes and workflows move on. */

import type { RunStatus } from '../../../core/classification/answers.ts';
import { classificationStream } from '../../../core/classification/names.ts';
import { type ClassificationRun, SAMPLE_SOURCE } from '../../../core/classification/records.ts';
import { ClassificationSettingsSchema } from '../../../core/classification/settings.ts';
import { isFinal } from '../../../core/classification/states.ts';
import { TemperaError } from '../../../core/errors.ts';
import { newId } from '../../../core/ids.ts';
import type { Principal } from '../../../core/principal.ts';
import {
  appendEvents,
  attachmentChangesInForce,
  createStream,
  insertRun,
  lastRun,
  releaseKey,
  removeRun,
  type Transaction,
} from '../../../db/index.ts';
import type { StartBody } from '../../classification-schemas.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { requestHash } from '../../http/idempotency.ts';
import { createOnce } from '../once.ts';
import { assertProvider } from '../sessions.ts';
import { assertOwner, requireRun, requireSource, requireVocabulary } from './required.ts';

export interface StartRequest {
  body: StartBody;
  key: string | null;
  traceparent: string | undefined;
}

/**
 * Writes a run and starts its workflow; where nothing can work on it nothing is written.
 * @throws TemperaError ALREADY_RUNNING with the id of the run that the source has open, WORKFLOW_UNAVAILABLE, TIMEOUT
 */
export async function startRun(
  dependencies: ApiDependencies,
  principal: Principal,
  { body, key, traceparent }: StartRequest,
): Promise<ClassificationRun> {
  const { db, gateway, hub } = dependencies;
  const source = await requireSource(dependencies, principal, body.source_id ?? SAMPLE_SOURCE);
  const settings = body.settings ?? ClassificationSettingsSchema.parse({});
  if (settings.model !== null) assertProvider(settings.model, dependencies.settings);
  const { id, name, sha256 } = await requireVocabulary(dependencies, principal, source.vocabulary_id);
  await gateway.ready();
  // what is made of a private source is its owner's, also when an admin starts it
  const owner = source.scope === 'private' ? { ...principal, id: source.owner } : principal;
  const insert = async (tx: Transaction) => {
    const run = newId();
    const { scope } = source;
    const vocabulary = { id, name, sha256, attachments: await attachmentChangesInForce(tx, id) };
    await insertRun(tx, owner, { id: run, scope, source_id: source.id, settings, vocabulary });
    await createStream(tx, owner, classificationStream(run));
    await appendEvents(tx, classificationStream(run), [
      { key: 'created', type: 'classification', data: { state: 'IDLE', progress: { step: 'IDLE' } } },
    ]);
    return run;
  };
  const hash = requestHash('classification', body);
  const created = await createOnce(db, principal, { key, hash, insert });
  const run = await requireRun(dependencies, principal, created.id);
  hub.notify(classificationStream(run.id));
  if (run.state === 'IDLE') await begin(dependencies, principal, { run, key, traceparent });
  return run;
}

/** What surely was not started is taken back, with its key. */
async function begin(
  { db, gateway }: ApiDependencies,
  principal: Principal,
  { run, key, traceparent }: { run: ClassificationRun; key: string | null; traceparent: string | undefined },
): Promise<void> {
  try {
    await gateway.startClassification(run, traceparent);
  } catch (error) {
    if (error instanceof TemperaError && error.code === 'WORKFLOW_UNAVAILABLE')
      await db.transaction(async (tx) => {
        await removeRun(tx, run.id);
        if (key !== null) await releaseKey(tx, principal, key);
      });
    throw error instanceof TemperaError && error.code === 'TIMEOUT' ? unsure(run, error) : error;
  }
}

/** The run is written, and goes on as soon as its workflow is there. */
function unsure({ id }: ClassificationRun, cause: TemperaError): TemperaError {
  const message =
    `The run ${id} is written; whether it works already is not known. Look at /api/fsm/runs/${id}, start it again ` +
    'with the same Idempotency-Key, or cancel it.';
  return new TemperaError('TIMEOUT', message, { cause, details: { run_id: id } });
}

/** Of the source's last run; before the first it is IDLE. */
export async function runStatus(
  dependencies: ApiDependencies,
  principal: Principal,
  source_id: string = SAMPLE_SOURCE,
): Promise<RunStatus> {
  await requireSource(dependencies, principal, source_id);
  const run = await lastRun(dependencies.db, principal, { source_id });
  if (run === null)
    return { source_id, run_id: '', state: 'IDLE', started_at: null, progress_json: '{}', error: null };
  const { id, state, started_at, progress, error } = run;
  return { source_id, run_id: id, state, started_at, progress_json: JSON.stringify(progress), error };
}

/** Returns when it has ended. @throws TemperaError NOT_CANCELLABLE when it had before, FORBIDDEN for another's */
export async function cancelRun(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, key }: { id: string; key: string | null },
): Promise<ClassificationRun> {
  const run = await requireRun(dependencies, principal, id);
  assertOwner(principal, run, 'run');
  if (isFinal(run.state))
    throw new TemperaError('NOT_CANCELLABLE', `The run ${id} has ended: it is ${run.state}.`, {
      details: { run_id: id, state: run.state },
    });
  await dependencies.gateway.cancelClassification(run, key ?? newId());
  return await requireRun(dependencies, principal, id);
}

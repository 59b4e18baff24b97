/** Finished models: what they are, and what they say of new rows. */

import { z } from 'zod';
import { TemperaError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { ModelDescription, ModelSession, PredictedPiece } from '../../core/ports/sandbox-tools.ts';
import type { Principal } from '../../core/principal.ts';
import { type FinishedModel, getModel, listModels } from '../../db/index.ts';
import { uploadKey } from '../../storage/keys.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { IncomingFile } from '../http/forms.ts';
import { requestHash } from '../http/idempotency.ts';
import { datasetFileName, storeFile } from './dataset-files.ts';
import { bindKey } from './once.ts';

export const ModelSchema = z.object({
  id: z.string(),
  session_id: z.string(),
  experiment_id: z.string(),
  name: z.string(),
  target: z.string().nullable(),
  problem_type: z.string().nullable(),
  /** What was fitted, e.g. “gradient boosting”. */
  title: z.string().nullable(),
  metric: z.string().nullable(),
  /** Of the held-out rows. */
  score: z.number().nullable(),
  /** Where the score was expected, before the test was opened. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  metrics: z.record(z.string(), z.number()),
  run: z.number(),
  /** True when an earlier stage has been run again since. */
  stale: z.boolean(),
  size: z.number(),
  created_at: z.string(),
});
export type ModelRecord = z.infer<typeof ModelSchema>;

const IntervalSchema = z
  .object({ low: z.number().nullable(), high: z.number().nullable() })
  .nullish()
  .catch(null);

/** As far as a list needs train/data/metadata.json, which an agent wrote. */
const TrainingSchema = z.object({
  problem_type: z.string().nullable().catch(null),
  model: z.object({ title: z.string() }).nullable().catch(null),
  primary_metric: z.string().nullable().catch(null),
  metrics: z.object({ test: z.record(z.string(), z.number()) }).catch({ test: {} }),
  prediction_interval: IntervalSchema,
  score_interval: IntervalSchema,
});

/** A page of the registry, newest first. */
export async function modelPage(
  dependencies: ApiDependencies,
  principal: Principal,
  request: { cursor?: string | undefined; limit: number },
): Promise<{ items: ModelRecord[]; next_cursor: string | null }> {
  const { items, next_cursor } = await listModels(dependencies.db, principal, request);
  return { items: await Promise.all(items.map((model) => toRecord(dependencies, model))), next_cursor };
}

/** @throws TemperaError NOT_FOUND, also for another's model */
export async function requireModel(
  dependencies: ApiDependencies,
  principal: Principal,
  id: string,
): Promise<ModelRecord> {
  return await toRecord(dependencies, await findModel(dependencies, principal, id));
}

/** What it takes, with ranges and categories of the rows that it learned from. */
export async function describeModel(
  dependencies: ApiDependencies,
  principal: Principal,
  id: string,
): Promise<ModelRecord & { description: ModelDescription }> {
  const model = await findModel(dependencies, principal, id);
  const description = await dependencies.tools.describeModel(principal, sessionOf(model));
  return { ...(await toRecord(dependencies, model)), description };
}

/** A prediction for each row. @throws TemperaError NOT_FOUND, INVALID_INPUT */
export async function predictRows(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, rows, key }: { id: string; rows: readonly Record<string, unknown>[]; key: string | null },
) {
  const model = await findModel(dependencies, principal, id);
  const hash = requestHash('predict', [model.id, model.sha256, rows]);
  await bindKey(dependencies.db, principal, { key, hash });
  const predictions = await dependencies.tools.predictRows(principal, sessionOf(model), rows);
  return { model: model.id, stale: model.stale, predictions };
}

/** A file on its way in and its request's Idempotency-Key. */
export type FileToPredict = IncomingFile & { key: string | null };

/** A file with its predictions: what is to be known of it, and its CSV as pieces. */
export interface PredictedFile {
  notes: Omit<PredictedPiece, 'csv' | 'rows' | 'next_row'>;
  pieces: AsyncIterable<string>;
}

/**
 * The file with its predictions as pieces of CSV; nothing of it is kept. What is wrong is thrown before the first
 * piece; afterwards only an outage can break the rest off.
 * @throws TemperaError NOT_FOUND, INVALID_DATASET, TOO_LARGE
 */
export async function predictFile(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, ...file }: FileToPredict & { id: string },
): Promise<PredictedFile> {
  const model = await findModel(dependencies, principal, id);
  const pieces = predictedPieces(dependencies, principal, { model, ...file });
  const begun = await pieces.next();
  if (begun.done)
    throw new TemperaError('INTERNAL', `The sandbox gave no answer for the file [${file.name}].`);
  const { csv: _csv, rows: _rows, next_row: _next, ...notes } = begun.value;
  let first: IteratorResult<PredictedPiece, void> | null = begun;
  const iterator: AsyncIterator<string, void> = {
    async next() {
      const { done, value } = first ?? (await pieces.next());
      first = null;
      return done ? { done, value: undefined } : { done: false, value: value.csv };
    },
    // a reader that leaves ends the work, too, also before it has read anything
    async return() {
      await pieces.return();
      return { done: true, value: undefined };
    },
  };
  return {
    notes,
    pieces: { [Symbol.asyncIterator]: () => iterator },
  };
}

async function* predictedPieces(
  { db, store, tools, settings }: ApiDependencies,
  principal: Principal,
  { model, key: idempotencyKey, ...incoming }: FileToPredict & { model: FinishedModel },
): AsyncGenerator<PredictedPiece, void, undefined> {
  const datasetId = newId();
  const name = datasetFileName(incoming.name);
  const key = uploadKey(datasetId, name);
  try {
    const scratch = { add: () => undefined, keep: () => undefined };
    const target = { scratch, key, maxBytes: settings.uploadBytes };
    const file = await storeFile(store, { ...incoming, name }, target);
    const hash = requestHash('predict-file', [model.id, model.sha256, name, file.sha256]);
    await bindKey(db, principal, { key: idempotencyKey, hash });
    yield* tools.predictFile(principal, sessionOf(model), { datasetId, file });
  } finally {
    await tools.forgetDataset(principal, datasetId);
    // best effort, as for every upload that is not kept
    await store.delete([key]).catch(() => undefined);
  }
}

async function findModel({ db }: ApiDependencies, principal: Principal, id: string): Promise<FinishedModel> {
  const model = await getModel(db, principal, id);
  if (!model) throw new TemperaError('NOT_FOUND', `There is no model ${id}, or its session has a newer one.`);
  return model;
}

const sessionOf = ({ session_id, experiment_id, sha256 }: FinishedModel): ModelSession => ({
  ...{ id: session_id, experiment_id },
  model_sha256: sha256,
});

/** Bytes of a train/data/metadata.json that is read; an agent wrote it. */
const MOST_METADATA_BYTES = 1024 * 1024;

/** What the training left; nothing where it cannot be read, so that one bad file hides no other model. */
async function readTraining(
  blobs: ApiDependencies['blobs'],
  { metadata_sha256, metadata_size }: FinishedModel,
): Promise<z.infer<typeof TrainingSchema>> {
  if (metadata_sha256 === null || (metadata_size ?? 0) > MOST_METADATA_BYTES) return EMPTY;
  const metadata = await blobs.readJson(metadata_sha256).catch((error: unknown) => {
    if (error instanceof SyntaxError) return {};
    throw error;
  });
  const training = TrainingSchema.safeParse(metadata);
  return training.success ? training.data : EMPTY;
}

async function toRecord({ blobs }: ApiDependencies, model: FinishedModel): Promise<ModelRecord> {
  const { metadata_sha256: _metadata, metadata_size: _size, sha256: _content, ...record } = model;
  const {
    problem_type,
    model: fitted,
    primary_metric,
    metrics,
    prediction_interval,
    score_interval,
  } = await readTraining(blobs, model);
  // models of before have only what was expected of their test
  const reached = score_interval ?? prediction_interval;
  return {
    ...record,
    problem_type: record.problem_type ?? problem_type,
    title: fitted?.title ?? null,
    metric: primary_metric,
    score: primary_metric === null ? null : (metrics.test[primary_metric] ?? null),
    low: reached?.low ?? null,
    high: reached?.high ?? null,
    metrics: metrics.test,
  };
}

const EMPTY: z.infer<typeof TrainingSchema> = {
  problem_type: null,
  model: null,
  primary_metric: null,
  metrics: { test: {} },
  prediction_interval: null,
  score_interval: null,
};

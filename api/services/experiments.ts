/** Experiments: a table and what is wanted from it. */

import { TemperaError } from '../../core/errors.ts';
import { isId, newId } from '../../core/ids.ts';
import type { TableProfile } from '../../core/ports/sandbox-tools.ts';
import type { Principal } from '../../core/principal.ts';
import type { DatasetFile, Experiment } from '../../core/records.ts';
import {
  deleteExperiment,
  getExperiment,
  insertExperiment,
  type Transaction,
  updateExperiment,
  uploadUser,
  useUpload,
} from '../../db/index.ts';
import { datasetKey } from '../../storage/keys.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { requestHash } from '../http/idempotency.ts';
import type { ExperimentFields, ExperimentPatch } from '../schemas.ts';
import type { Scratch } from './dataset-files.ts';
import { assertSettings, type ExperimentSettings } from './experiment-checks.ts';
import { createOnce } from './once.ts';
import { assertRoom } from './quotas.ts';
import { fetchDataset, isRemote } from './remote-dataset.ts';
import { carryOutRemovals } from './removal.ts';
import { requireTableUpload } from './uploads.ts';

export interface ExperimentRequest {
  id: string;
  /** The table first, then an own test file. */
  files: DatasetFile[];
  fields: ExperimentFields;
  key: string | null;
  /** Known already, for a file that was profiled as an upload. */
  profile: Record<string, unknown> | null;
  /** The upload that the table was. */
  upload?: string | undefined;
  /** Holds the files' keys; they stay once the experiment is there. */
  scratch: Scratch;
}

/**
 * Profiles the files' table and writes the experiment.
 * @throws TemperaError INVALID_DATASET, UNKNOWN_TARGET (422), INVALID_INPUT (400), each naming what and how to mend it
 */
export async function createExperiment(
  dependencies: ApiDependencies,
  principal: Principal,
  request: ExperimentRequest,
): Promise<Experiment> {
  const { id, files, fields, key, upload, scratch } = request;
  const table = files[0];
  if (!table)
    throw new TemperaError(
      'INVALID_INPUT',
      'An experiment needs a table: send a file, upload_id or dataset_ref.',
    );
  const profile = await profileFor(dependencies, principal, { ...request, file: table });
  assertSettings(defaults(fields, table), table.name, profile);
  const hash = requestHash('experiment', [fields, files.map((file) => [file.name, file.sha256])]);
  const insert = async (tx: Transaction) => {
    const row = {
      ...defaults(fields, table),
      id,
      owner: principal.id,
      dataset_ref: datasetReference(dependencies, id),
      dataset: { files, profile },
    };
    await assertRoom(dependencies, principal, { tx, added: { bytes: bytesOf(files) } });
    await insertExperiment(tx, principal, row);
    if (upload !== undefined) await useUpload(tx, upload, uploadUser.experiment(id));
    return id;
  };
  const created = await createOnce(dependencies.db, principal, { key, hash, insert });
  if (created.fresh) scratch.keep();
  return await requireExperiment(dependencies, principal, created.id);
}

const bytesOf = (files: readonly DatasetFile[]): number => files.reduce((sum, { size }) => sum + size, 0);

function defaults(fields: ExperimentFields, table: DatasetFile) {
  return {
    name: fields.name ?? table.name.replace(/\.[^/]*$/, ''),
    description: fields.description ?? '',
    instructions: fields.instructions ?? '',
    target: fields.target ?? null,
    problem_type: fields.problem_type ?? null,
    metric: fields.metric ?? null,
    seed: fields.seed ?? 0,
    excluded_columns: fields.excluded_columns ?? [],
    test_file: fields.test_file ?? null,
    split_column: fields.split_column ?? null,
    data_sharing: fields.data_sharing ?? 'values',
  };
}

async function profileFor(
  { tools }: ApiDependencies,
  principal: Principal,
  { id, file, fields, profile }: Pick<ExperimentRequest, 'id' | 'fields' | 'profile'> & { file: DatasetFile },
): Promise<TableProfile | Record<string, unknown>> {
  if (profile && fields.target === undefined) return profile;
  return await tools.profileUpload(principal, { datasetId: id, file, target: fields.target ?? null });
}

/** A stored file, by its upload or its reference, and the experiment that is to have it. */
export interface AdoptedFile {
  id: string;
  scratch: Scratch;
  upload_id?: string | undefined;
  dataset_ref?: string | undefined;
}

/** A file already in the object store becomes the experiment's own: an upload's, or what dataset_ref names. */
export async function adoptFile(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, scratch, upload_id, dataset_ref }: AdoptedFile,
): Promise<{ file: DatasetFile; profile: Record<string, unknown> | null }> {
  const { store } = dependencies;
  if (upload_id !== undefined) {
    const upload = await requireTableUpload(dependencies, principal, upload_id);
    const key = datasetKey(id, upload.name);
    scratch.add(key);
    await store.copy(upload.s3_path, key);
    const file = { name: upload.name, s3_path: key, size: upload.size, sha256: upload.sha256 };
    return { file, profile: upload.profile };
  }
  if (isRemote(dataset_ref ?? '')) {
    const file = await fetchDataset(dependencies, { id, url: dataset_ref ?? '', scratch });
    return { file, profile: null };
  }
  const source = await referencedKey(dependencies, principal, dataset_ref ?? '');
  const name = source.split('/').pop() ?? '';
  const key = datasetKey(id, name);
  scratch.add(key);
  const { body } = await store.get(source);
  const { size, sha256 } = await store.put(key, body);
  return { file: { name, s3_path: key, size, sha256 }, profile: null };
}

/** The key that an s3:// reference names, when the caller may read it; otherwise it is as if it were not there. */
async function referencedKey(
  { db, settings, store }: ApiDependencies,
  principal: Principal,
  reference: string,
): Promise<string> {
  const absent = new TemperaError('NOT_FOUND', `There is no dataset ${reference}. Upload the file instead.`);
  const prefix = `s3://${settings.bucket}/`;
  if (!reference.startsWith(prefix) || reference.split('/').includes('..')) throw absent;
  const key = reference.slice(prefix.length);
  const owner = /^datasets\/([0-9a-f-]{36})\//.exec(key)?.[1];
  const experiment = owner === undefined ? null : await getExperiment(db, principal, owner);
  if (!experiment && principal.role !== 'admin') throw absent;
  if (!(await store.head(key))) throw absent;
  return key;
}

/** @throws TemperaError NOT_FOUND, also for another's experiment */
export async function requireExperiment(
  { db }: Pick<ApiDependencies, 'db'>,
  principal: Principal,
  id: string,
): Promise<Experiment> {
  const experiment = isId(id) ? await getExperiment(db, principal, id) : null;
  if (!experiment) throw new TemperaError('NOT_FOUND', `There is no experiment ${id}.`);
  return experiment;
}

/** Fields that the table has to be able to give. */
const SETTLED_FIELDS = ['target', 'problem_type', 'metric', 'excluded_columns'] as const;

/**
 * Changes what is wanted; the table stays.
 * @throws TemperaError UNKNOWN_TARGET when the table lacks a new target, INVALID_INPUT for what does not fit it
 */
export async function changeExperiment(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, patch }: { id: string; patch: ExperimentPatch },
): Promise<Experiment> {
  const experiment = await requireExperiment(dependencies, principal, id);
  const table = experiment.dataset.files[0];
  if (table && SETTLED_FIELDS.some((field) => patch[field] !== undefined)) {
    const target = patch.target ?? null;
    const request = { datasetId: id, file: table, target };
    const { profile: stored } = experiment.dataset;
    const profile =
      stored && target === null ? stored : await dependencies.tools.profileUpload(principal, request);
    assertSettings({ ...experiment, ...givenIn(patch) }, table.name, profile);
  }
  await dependencies.db.transaction((tx) => updateExperiment(tx, principal, { id, patch }));
  return await requireExperiment(dependencies, principal, id);
}

/** What the patch says; fields that it leaves out keep what the experiment has. */
function givenIn(patch: ExperimentPatch): Partial<ExperimentSettings> {
  return Object.fromEntries(
    SETTLED_FIELDS.filter((field) => patch[field] !== undefined).map((field) => [field, patch[field]]),
  );
}

/** Removes the experiment, its sessions and files. @throws TemperaError CONFLICT while one of its sessions runs */
export async function removeExperiment(
  dependencies: ApiDependencies,
  principal: Principal,
  id: string,
): Promise<void> {
  await requireExperiment(dependencies, principal, id);
  await dependencies.db.transaction((tx) => deleteExperiment(tx, principal, id));
  await carryOutRemovals(dependencies, { partOf: id });
}

/** Where an experiment's files lie. */
const datasetPrefix = (id: string): string => `datasets/${id}/`;

/** An experiment's files as others may name them. */
export const datasetReference = ({ settings }: ApiDependencies, id: string): string =>
  `s3://${settings.bucket}/${datasetPrefix(id)}`;

/** An id for an experiment that is about to be created; its files are stored under it first. */
export const newExperimentId = (): string => newId();

/** Experiments: a dataset and what is wanted of it. */

import { isId } from '../core/ids.ts';
import type { Principal } from '../core/principal.ts';
import type { Experiment, ListedExperiment, Session } from '../core/records.ts';
import { sessionStream } from '../core/session-names.ts';
import { assertMayDelete } from '../core/session-rules.ts';
import type { Queryable, Transaction } from './database.ts';
import { type JsonText, readJsonPage } from './json-lists.ts';
import { deleteUploadsOf, insertRemovals, uploadUser } from './removals-repository.ts';
import {
  assignments,
  type ColumnKind,
  only,
  ownerFilter,
  type Page,
  type PageRequest,
  readCursor,
  rowsRequested,
  toJson,
  toPage,
} from './sql.ts';

/** What is given at the start; what is left out is empty. The owner is the principal. */
export type NewExperiment = Pick<Experiment, 'id' | 'name' | 'dataset_ref' | 'dataset'> &
  Partial<Omit<Experiment, 'owner' | 'created_at'>>;

/** What may change later. */
export type ExperimentPatch = Partial<Omit<Experiment, 'id' | 'owner' | 'created_at'>>;

const COLUMNS: Record<keyof ExperimentPatch, ColumnKind> = {
  name: 'plain',
  description: 'plain',
  instructions: 'plain',
  dataset_ref: 'plain',
  dataset: 'json',
  target: 'plain',
  problem_type: 'plain',
  metric: 'plain',
  seed: 'plain',
  excluded_columns: 'plain',
  test_file: 'plain',
  split_column: 'plain',
  data_sharing: 'plain',
};

const SELECT = `id, owner, name, description, instructions, dataset_ref, dataset, target, problem_type, metric, seed,
  excluded_columns, test_file, split_column, data_sharing, created_at`;

const LISTED = SELECT.replace(
  ' dataset,',
  ` jsonb_build_object(
    'files', dataset->'files',
    'shape', case when jsonb_typeof(dataset->'profile'->'columns') = 'array' then jsonb_build_object(
      'rows', dataset->'profile'->'rows', 'columns', jsonb_array_length(dataset->'profile'->'columns')) end
  ) as dataset,`,
);

/** Writes an experiment that `principal` owns. */
export async function insertExperiment(
  tx: Transaction,
  principal: Principal,
  experiment: NewExperiment,
): Promise<Experiment> {
  const { list, parameters } = assignments(experiment, COLUMNS, 3);
  const names = list.map((item) => item.slice(0, item.indexOf(' ')));
  const places = list.map((_, index) => `$${index + 3}`);
  const rows = await tx.query<Experiment>(
    `insert into experiments (id, owner, ${names.join(', ')})
     values ($1, $2, ${places.join(', ')}) returning ${SELECT}`,
    [experiment.id, principal.id, ...parameters],
  );
  return only(rows);
}

/** The experiment, or null when it is absent or not the principal's. */
export async function getExperiment(
  q: Queryable,
  principal: Principal,
  id: string,
): Promise<Experiment | null> {
  if (!isId(id)) return null;
  const rows = await q.query<Experiment>(
    `select ${SELECT} from experiments where id = $1 and ($2::text is null or owner = $2)`,
    [id, ownerFilter(principal)],
  );
  return rows[0] ?? null;
}

/** The principal's experiments, newest first, with their tables' extents in place of the profiles. */
export async function listExperiments(
  q: Queryable,
  principal: Principal,
  request: PageRequest,
): Promise<Page<ListedExperiment>> {
  const rows = await q.query<ListedExperiment>(LIST, listParameters(principal, request));
  return toPage(rows, request, (item) => [item.created_at, item.id]);
}

/** The same page, to be sent on. */
export async function listExperimentsAsJson(
  q: Queryable,
  principal: Principal,
  request: PageRequest,
): Promise<JsonText> {
  const listing = { sql: LIST, parameters: listParameters(principal, request), columns: LISTED_COLUMNS };
  return await readJsonPage(q, request, { ...listing, place: ['created_at', 'id'] });
}

const LISTED_COLUMNS: Record<keyof ListedExperiment, 'value' | 'time'> = {
  ...{ id: 'value', owner: 'value', name: 'value', description: 'value', instructions: 'value' },
  ...{ dataset_ref: 'value', dataset: 'value', target: 'value', problem_type: 'value', metric: 'value' },
  ...{ seed: 'value', excluded_columns: 'value', test_file: 'value', split_column: 'value' },
  ...{ data_sharing: 'value', created_at: 'time' },
};

const LIST = `select ${LISTED} from experiments
  where ($1::text is null or owner = $1)
    and ($2::timestamptz is null or (created_at, id) < ($2::timestamptz, $3::uuid))
  order by created_at desc, id desc limit $4`;

function listParameters(principal: Principal, request: PageRequest): unknown[] {
  const [created, id] = readCursor(request, 2) ?? [null, null];
  return [ownerFilter(principal), created, id, rowsRequested(request)];
}

/** Changes what `patch` names and returns the row; null when it is absent or not the principal's. */
export async function updateExperiment(
  tx: Transaction,
  principal: Principal,
  { id, patch }: { id: string; patch: ExperimentPatch },
): Promise<Experiment | null> {
  const { list, parameters } = assignments(patch, COLUMNS, 3);
  if (list.length === 0 || !isId(id)) return getExperiment(tx, principal, id);
  const rows = await tx.query<Experiment>(
    `update experiments set ${list.join(', ')}
     where id = $1 and ($2::text is null or owner = $2) returning ${SELECT}`,
    [id, ownerFilter(principal), ...parameters],
  );
  return rows[0] ?? null;
}

/**
 * Deletes the experiment with its sessions and their streams. False when it is absent or not the principal's.
 * @throws TemperaError CONFLICT while one of its sessions runs.
 */
export async function deleteExperiment(tx: Transaction, principal: Principal, id: string): Promise<boolean> {
  if (!isId(id)) return false;
  const found = await tx.query(
    'select from experiments where id = $1 and ($2::text is null or owner = $2) for update',
    [id, ownerFilter(principal)],
  );
  if (found.length === 0) return false;
  const sessions = await tx.query<Pick<Session, 'id' | 'state' | 'follow_up'>>(
    'select id, state, follow_up from sessions where experiment_id = $1 order by id for update',
    [id],
  );
  for (const session of sessions) assertMayDelete(session, 'experiment');
  const streams = sessions.map((session) => sessionStream(session.id));
  await tx.query('delete from streams where stream_id = any($1)', [streams]);
  await tx.query('delete from sessions where experiment_id = $1', [id]);
  await tx.query('delete from experiments where id = $1', [id]);
  const uploads = await deleteUploadsOf(tx, uploadUser.experiment(id));
  await insertRemovals(tx, id, [
    { kind: 'experiment', subject: id },
    ...sessions.map((session) => ({ kind: 'session' as const, subject: session.id })),
    ...uploads.map((subject) => ({ kind: 'upload' as const, subject })),
  ]);
  return true;
}

/** A file that was uploaded before its experiment is made. `profile` is null until a sandbox has read it. */
export interface Upload {
  id: string;
  owner: string;
  name: string;
  size: number;
  sha256: string;
  /** Key in the object store. */
  s3_path: string;
  profile: Record<string, unknown> | null;
  created_at: string;
}

/** Writes an upload that `principal` owns. */
export async function insertUpload(
  tx: Queryable,
  principal: Principal,
  upload: Omit<Upload, 'owner' | 'profile' | 'created_at'>,
): Promise<Upload> {
  const rows = await tx.query<Upload>(
    `insert into uploads (id, owner, name, size, sha256, s3_path) values ($1, $2, $3, $4, $5, $6)
     returning id, owner, name, size, sha256, s3_path, profile, created_at`,
    [upload.id, principal.id, upload.name, upload.size, upload.sha256, upload.s3_path],
  );
  return only(rows);
}

/** The upload, or null when it is absent or not the principal's. */
export async function getUpload(q: Queryable, principal: Principal, id: string): Promise<Upload | null> {
  if (!isId(id)) return null;
  const rows = await q.query<Upload>(
    `select id, owner, name, size, sha256, s3_path, profile, created_at from uploads
     where id = $1 and ($2::text is null or owner = $2)`,
    [id, ownerFilter(principal)],
  );
  return rows[0] ?? null;
}

/** Keeps what a sandbox found in the upload. False when it is absent or not the principal's. */
export async function setUploadProfile(
  tx: Queryable,
  principal: Principal,
  { id, profile }: { id: string; profile: Record<string, unknown> },
): Promise<boolean> {
  if (!isId(id)) return false;
  const rows = await tx.query(
    'update uploads set profile = $3 where id = $1 and ($2::text is null or owner = $2) returning id',
    [id, ownerFilter(principal), toJson(profile)],
  );
  return rows.length > 0;
}

/** Data sources: what is classified. */

import { classificationStream } from '../../core/classification/names.ts';
import type { DataSource, ListedSource } from '../../core/classification/records.ts';
import { TemperaError } from '../../core/errors.ts';
import type { Principal } from '../../core/principal.ts';
import type { Queryable, Transaction } from '../database.ts';
import { deleteUploadsOf, insertRemovals, uploadUser } from '../removals-repository.ts';
import { ownerFilter, toJson } from '../sql.ts';
import { seenBy } from './seen-by.ts';
import { deleteUnusedTexts } from './vocabularies-repository.ts';

export type NewDataSource = Omit<DataSource, 'owner' | 'created_at'>;

const COLUMNS = `id, owner, scope, source_type, source_uri, display_name, vocabulary_mode, vocabulary_id, connection,
  files, created_at`;

/** Writes the source; one whose id is there stays as it is, and null is returned. */
export async function insertDataSource(
  tx: Transaction,
  principal: Principal,
  source: NewDataSource,
): Promise<DataSource | null> {
  const { id, scope, source_type, source_uri, display_name, vocabulary_mode, vocabulary_id } = source;
  const rows = await tx.query<DataSource>(
    `insert into data_sources (id, owner, scope, source_type, source_uri, display_name, vocabulary_mode,
       vocabulary_id, connection, files)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb) on conflict (id) do nothing returning ${COLUMNS}`,
    [
      ...[id, principal.id, scope, source_type, source_uri, display_name, vocabulary_mode, vocabulary_id],
      ...[source.connection, toJson(source.files)],
    ],
  );
  return rows[0] ?? null;
}

const LISTED = `${COLUMNS.replace(/\w+/g, (name) => `s.${name}`)},
  (select jsonb_build_object('id', r.id, 'state', r.state, 'started_at',
      to_char(r.started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'columns', r.progress->'columns_total')
   from classification_runs r where r.source_id = s.id order by r.started_at desc, r.id desc limit 1) as last_run,
  (select d.id::text from classified_datasets d where d.source_id = s.id and d.is_active) as active_dataset`;

/** The bundled one first, then the newest. */
export function listDataSources(q: Queryable, principal: Principal): Promise<ListedSource[]> {
  return q.query<ListedSource>(
    `select ${LISTED} from data_sources s where ${seenBy('s', '$1')}
     order by s.source_type = 'sample' desc, s.created_at desc, s.id desc limit 1000`,
    [ownerFilter(principal)],
  );
}

export async function getDataSource(
  q: Queryable,
  principal: Principal,
  id: string,
): Promise<ListedSource | null> {
  const rows = await q.query<ListedSource>(
    `select ${LISTED} from data_sources s where s.id = $1 and ${seenBy('s', '$2')}`,
    [id, ownerFilter(principal)],
  );
  return rows[0] ?? null;
}

/**
 * With its runs, reviews and datasets. False when it is absent or not the principal's.
 * @throws TemperaError CONFLICT with the id of a run that goes on
 */
export async function deleteDataSource(tx: Transaction, principal: Principal, id: string): Promise<boolean> {
  const found = await tx.query(
    'select from data_sources where id = $1 and ($2::text is null or owner = $2) for update',
    [id, ownerFilter(principal)],
  );
  if (found.length === 0) return false;
  const runs = await tx.query<{ id: string; ended_at: string | null }>(
    'select id, ended_at from classification_runs where source_id = $1',
    [id],
  );
  const open = runs.find(({ ended_at }) => ended_at === null);
  if (open !== undefined) {
    const message = `The source ${id} is being classified by run ${open.id}. Wait for its end, or cancel it.`;
    throw new TemperaError('CONFLICT', message, { details: { run_id: open.id } });
  }
  const streams = runs.map((run) => classificationStream(run.id));
  await tx.query('delete from streams where stream_id = any($1)', [streams]);
  await tx.query('delete from data_sources where id = $1', [id]);
  await deleteUnusedTexts(tx);
  const uploads = await deleteUploadsOf(tx, uploadUser.dataSource(id));
  await insertRemovals(tx, id, [
    { kind: 'data_source', subject: id },
    ...runs.map((run) => ({ kind: 'run' as const, subject: run.id })),
    ...uploads.map((subject) => ({ kind: 'upload' as const, subject })),
  ]);
  return true;
}

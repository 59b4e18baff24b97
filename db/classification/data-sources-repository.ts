/** Data sources: what is classified. */

import type { DataSource, ListedSource } from '../../core/classification/records.ts';
import type { Principal } from '../../core/principal.ts';
import type { Queryable, Transaction } from '../database.ts';
import { ownerFilter, toJson } from '../sql.ts';
import { seenBy } from './seen-by.ts';

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
  (select jsonb_build_object('id', r.id, 'state', r.state, 'started_at', r.started_at,
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

/** With its runs, reviews and datasets. False when it is absent or not the principal's. */
export async function deleteDataSource(tx: Transaction, principal: Principal, id: string): Promise<boolean> {
  const rows = await tx.query(
    'delete from data_sources where id = $1 and ($2::text is null or owner = $2) returning id',
    [id, ownerFilter(principal)],
  );
  return rows.length > 0;
}

/** Runs' results as files: versions of a source's dataset, one of which is active. */

import type { ClassifiedDataset } from '../../core/classification/records.ts';
import { isId } from '../../core/ids.ts';
import type { Principal } from '../../core/principal.ts';
import type { Queryable, Transaction } from '../database.ts';
import { only, ownerFilter, toJson } from '../sql.ts';
import { seenBy } from './seen-by.ts';

const COLUMNS = `id, owner, scope, name, source_id, version_number, is_active, parquet_path, size, sha256, summary,
  created_at`;

export type NewClassifiedDataset = Omit<
  ClassifiedDataset,
  'owner' | 'version_number' | 'is_active' | 'created_at'
>;

/** The source's next version, which is active from now on; one that is there stays as it is. */
export async function registerDataset(
  tx: Transaction,
  owner: string,
  dataset: NewClassifiedDataset,
): Promise<ClassifiedDataset> {
  const { id, scope, name, source_id, parquet_path, size, sha256, summary } = dataset;
  // versions of a source are numbered one after another
  await tx.query('select from data_sources where id = $1 for update', [source_id]);
  const known = await tx.query<ClassifiedDataset>(
    `select ${COLUMNS} from classified_datasets where id = $1`,
    [id],
  );
  if (known[0] !== undefined) return known[0];
  await tx.query('update classified_datasets set is_active = false where source_id = $1 and is_active', [
    source_id,
  ]);
  const rows = await tx.query<ClassifiedDataset>(
    `insert into classified_datasets (id, owner, scope, name, source_id, version_number, is_active, parquet_path,
       size, sha256, summary)
     select $1, $2, $3, $4, $5,
       coalesce((select max(version_number) from classified_datasets where source_id = $5), 0) + 1, true, $6, $7, $8,
       $9::jsonb
     returning ${COLUMNS}`,
    [id, owner, scope, name, source_id, parquet_path, size, sha256, toJson(summary)],
  );
  return only(rows);
}

/** Of one source or of all, the newest version first. */
export function listClassifiedDatasets(
  q: Queryable,
  principal: Principal,
  sourceId?: string,
): Promise<ClassifiedDataset[]> {
  return q.query<ClassifiedDataset>(
    `select ${COLUMNS} from classified_datasets d
     where ${seenBy('d', '$1')} and ($2::text is null or source_id = $2)
     order by created_at desc, id desc limit 1000`,
    [ownerFilter(principal), sourceId ?? null],
  );
}

export async function getClassifiedDataset(
  q: Queryable,
  principal: Principal,
  id: string,
): Promise<ClassifiedDataset | null> {
  if (!isId(id)) return null;
  const rows = await q.query<ClassifiedDataset>(
    `select ${COLUMNS} from classified_datasets d where id = $1 and ${seenBy('d', '$2')}`,
    [id, ownerFilter(principal)],
  );
  return rows[0] ?? null;
}

/** Makes it its source's active one. null when it is absent or not the principal's. */
export async function activateDataset(
  tx: Transaction,
  principal: Principal,
  id: string,
): Promise<ClassifiedDataset | null> {
  const dataset = await getClassifiedDataset(tx, principal, id);
  if (dataset === null || (principal.role !== 'admin' && dataset.owner !== principal.id)) return null;
  const { source_id } = dataset;
  await tx.query('select from data_sources where id = $1 for update', [source_id]);
  await tx.query('update classified_datasets set is_active = false where source_id = $1 and is_active', [
    source_id,
  ]);
  await tx.query('update classified_datasets set is_active = true where id = $1', [id]);
  return { ...dataset, is_active: true };
}

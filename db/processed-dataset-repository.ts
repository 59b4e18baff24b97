/** What the prep stage made of the dataset: one row a session. */

import type { Principal } from '../core/principal.ts';
import type { Queryable, Transaction } from './database.ts';
import { toJson } from './sql.ts';
import { listVisible } from './visibility.ts';

export interface ProcessedDataset {
  session_id: string;
  experiment_id: string;
  /** Names, or objects with name and type, as metadata.json has them. */
  columns: unknown[];
  feature_columns: unknown[];
  target_column: string;
  total_rows: number;
  train_rows: number;
  val_rows: number;
  test_rows: number;
  quality_stats: Record<string, unknown>;
  /** True once the splits are in the object store. */
  s3_synced: boolean;
}

/** Writes the session's row anew. */
export async function upsertProcessedDataset(tx: Transaction, row: ProcessedDataset): Promise<void> {
  await tx.query(
    `insert into processed_dataset_meta (session_id, experiment_id, columns, feature_columns, target_column,
       total_rows, train_rows, val_rows, test_rows, quality_stats, s3_synced)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (session_id) do update set columns = excluded.columns, feature_columns = excluded.feature_columns,
       target_column = excluded.target_column, total_rows = excluded.total_rows, train_rows = excluded.train_rows,
       val_rows = excluded.val_rows, test_rows = excluded.test_rows, quality_stats = excluded.quality_stats,
       s3_synced = excluded.s3_synced`,
    [
      ...[
        row.session_id,
        row.experiment_id,
        toJson(row.columns),
        toJson(row.feature_columns),
        row.target_column,
      ],
      ...[
        row.total_rows,
        row.train_rows,
        row.val_rows,
        row.test_rows,
        toJson(row.quality_stats),
        row.s3_synced,
      ],
    ],
  );
}

/** The session's row; null when there is none or the session is not the principal's. */
export async function getProcessedDataset(
  q: Queryable,
  principal: Principal,
  session: string,
): Promise<ProcessedDataset | null> {
  return listVisible(q, { principal, session }, async () => {
    const rows = await q.query<ProcessedDataset>(
      `select session_id, experiment_id, columns, feature_columns, target_column, total_rows, train_rows, val_rows,
         test_rows, quality_stats, s3_synced
       from processed_dataset_meta where session_id = $1`,
      [session],
    );
    return rows[0] ?? null;
  });
}

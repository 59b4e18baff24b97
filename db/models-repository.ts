/** The registry of finished models: that of each session's last finished training. */

import { isId } from '../core/ids.ts';
import type { Principal } from '../core/principal.ts';
import type { Queryable } from './database.ts';
import { ownerFilter } from './sql.ts';

export interface FinishedModel {
  /** The artifact's id. */
  id: string;
  session_id: string;
  experiment_id: string;
  /** The experiment's. */
  name: string;
  target: string | null;
  problem_type: string | null;
  run: number;
  stale: boolean;
  size: number;
  sha256: string;
  /** Content of train/data/metadata.json; null where the run left none. */
  metadata_sha256: string | null;
  metadata_size: number | null;
  created_at: string;
}

const SELECT = `
  select a.id, a.session_id, s.experiment_id, e.name, coalesce(p.target_column, e.target) as target, e.problem_type,
    a.run, a.stale, a.size, a.sha256, m.sha256 as metadata_sha256, m.size as metadata_size, a.created_at
  from artifacts a
  join sessions s on s.id = a.session_id
  join experiments e on e.id = s.experiment_id
  left join processed_dataset_meta p on p.session_id = s.id
  left join artifacts m on m.session_id = a.session_id and m.stage = a.stage and m.run = a.run
    and m.path = 'train/data/metadata.json'
  where a.type = 'model' and a.stage = 'train' and a.path = 'train/models/model.pkl'
    and a.run = (select max(r.run) from stage_runs r
      where r.session_id = a.session_id and r.stage = 'train' and r.state = 'done')`;

/** Newest first. */
export async function listModels(
  q: Queryable,
  principal: Principal,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ items: FinishedModel[]; next_cursor: string | null }> {
  const rows = await q.query<FinishedModel>(
    `${SELECT} and ($1::text is null or s.owner = $1) and ($2::uuid is null or s.id < $2)
     order by s.id desc limit $3`,
    [ownerFilter(principal), isId(cursor ?? '') ? cursor : null, limit + 1],
  );
  const items = rows.slice(0, limit);
  return { items, next_cursor: rows.length > limit ? (items.at(-1)?.session_id ?? null) : null };
}

/** The model, or null when it is absent, not the principal's, or no longer its session's newest. */
export async function getModel(
  q: Queryable,
  principal: Principal,
  id: string,
): Promise<FinishedModel | null> {
  if (!isId(id)) return null;
  const rows = await q.query<FinishedModel>(
    `${SELECT} and ($1::text is null or s.owner = $1) and a.id = $2`,
    [ownerFilter(principal), id],
  );
  return rows[0] ?? null;
}

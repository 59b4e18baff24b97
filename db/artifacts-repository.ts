/** Artifacts: the files of a stage run that people look at, one row a path. */

import type { Principal } from '../core/principal.ts';
import type { Artifact } from '../core/records.ts';
import { STAGES, type Stage } from '../core/stages.ts';
import type { Queryable, Transaction } from './database.ts';
import { toJson } from './sql.ts';
import { listVisible } from './visibility.ts';

export type NewArtifact = Omit<Artifact, 'created_at' | 'stale' | 'metadata'> &
  Partial<Pick<Artifact, 'stale' | 'metadata'>>;

const SELECT =
  'id, session_id, stage, run, step_id, stale, type, name, path, s3_path, size, sha256, metadata, created_at';

/** Writes the artifacts; a path that the run has already gets the new content's row. Returns the rows by path. */
export async function upsertArtifacts(
  tx: Transaction,
  artifacts: readonly NewArtifact[],
): Promise<Artifact[]> {
  // The last one of a path counts; one statement may not write a row twice.
  const byKey = new Map(
    artifacts.map((item) => [`${item.session_id}/${item.stage}/${item.run}/${item.path}`, item]),
  );
  const list = [...byKey.values()].map((item) => ({ stale: false, metadata: {}, ...item }));
  if (list.length === 0) return [];
  return tx.query<Artifact>(
    `with written as (
       insert into artifacts (id, session_id, stage, run, step_id, stale, type, name, path, s3_path, size, sha256,
         metadata)
       select id, session_id, stage, run, step_id, stale, type, name, path, s3_path, size, sha256, metadata
       from jsonb_to_recordset($1::jsonb) as item (id uuid, session_id uuid, stage text, run integer, step_id uuid,
         stale boolean, type text, name text, path text, s3_path text, size bigint, sha256 text, metadata jsonb)
       order by session_id, stage, run, path
       on conflict (session_id, stage, run, path) do update set step_id = excluded.step_id, stale = excluded.stale,
         type = excluded.type, name = excluded.name, s3_path = excluded.s3_path, size = excluded.size,
         sha256 = excluded.sha256, metadata = excluded.metadata
       returning *
     )
     select ${SELECT} from written order by path`,
    [toJson(list)],
  );
}

/** Which of a session's artifacts are asked for. */
export interface ArtifactFilter {
  session: string;
  stage?: Stage | undefined;
  run?: number | undefined;
  type?: Artifact['type'] | undefined;
}

/** The session's artifacts by stage, run and path; null when the session is absent or not the principal's. */
export async function listArtifacts(
  q: Queryable,
  principal: Principal,
  { session, stage, run, type }: ArtifactFilter,
): Promise<Artifact[] | null> {
  return listVisible(q, { principal, session }, () =>
    q.query<Artifact>(
      `select ${SELECT} from artifacts
       where session_id = $1 and ($2::text is null or stage = $2) and ($3::integer is null or run = $3)
         and ($4::text is null or type = $4)
       order by array_position($5::text[], stage), run, path`,
      [session, stage ?? null, run ?? null, type ?? null, STAGES],
    ),
  );
}

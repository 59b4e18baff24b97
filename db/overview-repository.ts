/** What changes in all of a principal's sessions. */

import type { Principal } from '../core/principal.ts';
import type { Session } from '../core/records.ts';
import { sessionStream } from '../core/session-names.ts';
import { RUNNING_STATES } from '../core/session-rules.ts';
import type { Checkpoint } from './checkpoints-repository.ts';
import type { Queryable } from './database.ts';
import { SESSION_COLUMNS } from './sessions-repository.ts';
import { ownerFilter } from './sql.ts';

/** When a session last changed: its row, and its events. */
export interface SessionMark {
  id: string;
  updated_at: string;
  last_seq: number;
  /** True while its events may move without its row. */
  busy: boolean;
}

/** Marks of the principal's newest sessions, newest first. */
export async function sessionMarks(q: Queryable, principal: Principal, most: number): Promise<SessionMark[]> {
  return q.query<SessionMark>(
    `select s.id, s.updated_at, coalesce(st.last_seq, 0) as last_seq,
       s.state = any($3) or s.follow_up is not null as busy
     from sessions s left join streams st on st.stream_id = $4::text || s.id
     where $1::text is null or s.owner = $1 order by s.id desc limit $2`,
    [ownerFilter(principal), most, RUNNING_STATES, sessionStream('')],
  );
}

/** The sessions of these ids that are the principal's. */
export async function readSessions(
  q: Queryable,
  principal: Principal,
  ids: readonly string[],
): Promise<Session[]> {
  return q.query<Session>(
    `select ${SESSION_COLUMNS} from sessions
     where id = any($1::uuid[]) and ($2::text is null or owner = $2) order by id desc`,
    [ids, ownerFilter(principal)],
  );
}

/** A session's checkpoints in the order of writing. The caller has checked who may see the session. */
export function listCheckpoints(
  q: Queryable,
  session: string,
): Promise<Omit<Checkpoint, 'session_id' | 'manifest_sha256'>[]> {
  return q.query(
    `select id, stage, run, step_id, execution, base, files, bytes, live, created_at from checkpoints
     where session_id = $1 and released_at is null order by position`,
    [session],
  );
}

/** Sessions: one walk of an experiment through the stages. Their stage runs are in stage-runs-repository.ts. */

import { TemperaError } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import type { Principal } from '../core/principal.ts';
import type { Session } from '../core/records.ts';
import { sessionStream } from '../core/session-names.ts';
import { assertMayDelete, RUNNING_STATES } from '../core/session-rules.ts';
import type { SessionState } from '../core/session-state.ts';
import type { Queryable, Transaction } from './database.ts';
import { insertRemovals } from './removals-repository.ts';
import {
  assignments,
  type ColumnKind,
  nullableJson,
  only,
  ownerFilter,
  type Page,
  type PageRequest,
  readCursor,
  rowsRequested,
  toJson,
  toPage,
} from './sql.ts';

export interface NewSession extends Pick<Session, 'id' | 'experiment_id' | 'mode' | 'model' | 'limits'> {
  /** Default `created`. */
  state?: SessionState;
  /** Of a fork: where it comes from. */
  forked_from?: Session['forked_from'];
}

export type SessionPatch = Partial<
  Pick<Session, 'state' | 'failed_stage' | 'waiting' | 'model' | 'limits' | 'stop_after_step' | 'follow_up'>
>;

const COLUMNS: Record<keyof SessionPatch, ColumnKind> = {
  state: 'plain',
  failed_stage: 'plain',
  waiting: 'json',
  model: 'plain',
  limits: 'json',
  stop_after_step: 'plain',
  follow_up: 'json',
};

/** The columns of a session's record. */
export const SESSION_COLUMNS = `id, owner, experiment_id, state, failed_stage, waiting, mode, model, limits,
  stop_after_step, forked_from, follow_up, created_at, updated_at`;

/**
 * Writes a session that `principal` owns. Its stream is made with createStream.
 * @throws TemperaError NOT_FOUND when its experiment is absent or not the principal's.
 */
export async function insertSession(
  tx: Transaction,
  principal: Principal,
  session: NewSession,
): Promise<Session> {
  const rows = await tx.query<Session>(
    `insert into sessions (id, owner, experiment_id, mode, model, limits, state, forked_from)
     select $1::uuid, $2, e.id, $5, $6, $7::jsonb, $8, $9::jsonb
     from experiments e where e.id = $3 and ($4::text is null or e.owner = $4)
     returning ${SESSION_COLUMNS}`,
    [
      session.id,
      principal.id,
      isId(session.experiment_id) ? session.experiment_id : null,
      ownerFilter(principal),
      session.mode,
      session.model,
      toJson(session.limits),
      session.state ?? 'created',
      nullableJson(session.forked_from),
    ],
  );
  const [row] = rows;
  if (row === undefined) {
    throw new TemperaError(
      'NOT_FOUND',
      `There is no experiment [${session.experiment_id}] to make a session of.`,
    );
  }
  return row;
}

/** The session, or null when it is absent or not the principal's. */
export async function getSession(q: Queryable, principal: Principal, id: string): Promise<Session | null> {
  return selectSession(q, principal, { id });
}

/** Like getSession; the row is held until `tx` ends, so that commands to one session queue. */
export async function lockSession(
  tx: Transaction,
  principal: Principal,
  id: string,
): Promise<Session | null> {
  return selectSession(tx, principal, { id, lock: 'for update' });
}

async function selectSession(
  q: Queryable,
  principal: Principal,
  { id, lock = '' }: { id: string; lock?: string },
): Promise<Session | null> {
  if (!isId(id)) return null;
  const rows = await q.query<Session>(
    `select ${SESSION_COLUMNS} from sessions where id = $1 and ($2::text is null or owner = $2) ${lock}`,
    [id, ownerFilter(principal)],
  );
  return rows[0] ?? null;
}

/** The principal's sessions, newest first. */
export async function listSessions(
  q: Queryable,
  principal: Principal,
  request: PageRequest & { experiment_id?: string | undefined; state?: SessionState | undefined },
): Promise<Page<Session>> {
  const [created, id] = readCursor(request, 2) ?? [null, null];
  if (request.experiment_id !== undefined && !isId(request.experiment_id))
    return { items: [], next_cursor: null };
  const rows = await q.query<Session>(
    `select ${SESSION_COLUMNS} from sessions
     where ($1::text is null or owner = $1)
       and ($2::timestamptz is null or (created_at, id) < ($2::timestamptz, $3::uuid))
       and ($4::uuid is null or experiment_id = $4) and ($5::text is null or state = $5)
     order by created_at desc, id desc limit $6`,
    [
      ownerFilter(principal),
      created,
      id,
      request.experiment_id ?? null,
      request.state ?? null,
      rowsRequested(request),
    ],
  );
  return toPage(rows, request, (item) => [item.created_at, item.id]);
}

/**
 * Changes what `patch` names and returns the row.
 * @throws TemperaError NOT_FOUND when the session was deleted meanwhile.
 */
export async function updateSession(tx: Transaction, id: string, patch: SessionPatch): Promise<Session> {
  const { list, parameters } = assignments(patch, COLUMNS, 2);
  const changes = [...list, 'updated_at = clock_timestamp()'].join(', ');
  const rows = await tx.query<Session>(
    `update sessions set ${changes} where id = $1 returning ${SESSION_COLUMNS}`,
    [id, ...parameters],
  );
  const [row] = rows;
  if (row === undefined) throw new TemperaError('NOT_FOUND', `Session ${id} is gone; nothing is changed.`);
  return row;
}

/**
 * Deletes the session with everything of it and its stream. False when it is absent or not the principal's.
 * @throws TemperaError CONFLICT while it runs.
 */
export async function deleteSession(tx: Transaction, principal: Principal, id: string): Promise<boolean> {
  const session = await lockSession(tx, principal, id);
  if (session === null) return false;
  assertMayDelete(session);
  await tx.query('delete from streams where stream_id = $1', [sessionStream(id)]);
  await tx.query('delete from sessions where id = $1', [id]);
  await insertRemovals(tx, id, [{ kind: 'session', subject: id }]);
  return true;
}

/** The number of the session's next follow-up: 1, 2, 3 … The caller holds the session (lockSession). */
export async function nextFollowUp(tx: Transaction, id: string): Promise<number> {
  const rows = await tx.query<{ next: number }>(
    'update sessions set follow_ups = follow_ups + 1 where id = $1 returning follow_ups as next',
    [id],
  );
  return only(rows).next;
}

/** Every session in which a stage or a follow-up runs, whoever owns it: what must have a workflow. */
export function listRunningSessions(q: Queryable): Promise<{ id: string; owner: string }[]> {
  return q.query(
    `select id, owner from sessions
     where state = any($1) or follow_up is not null order by created_at, id`,
    [RUNNING_STATES],
  );
}

/** Sessions that wait for one provider for one reason. */
export interface ProviderWaits {
  /** The name before the slash of the sessions' model. */
  provider: string;
  /** Why it does not answer. */
  cause: string;
  /** When the first of them began to wait, and the next try is made; null where none is. */
  since: string | null;
  next_try: string | null;
  sessions: number;
}

/** The providers that sessions wait for, whoever owns them: what each of them said is for its session alone. */
export function listProviderWaits(q: Queryable): Promise<ProviderWaits[]> {
  return q.query<ProviderWaits>(
    `select split_part(model, '/', 1) as provider, coalesce(waiting ->> 'subject', waiting ->> 'reason') as cause,
       min(waiting ->> 'since') as since, min(waiting ->> 'until') as next_try, count(*)::integer as sessions
     from sessions where waiting is not null and waiting ->> 'reason' in ('provider', 'quota')
     group by 1, 2 order by sessions desc, provider, cause`,
  );
}

/** Runs of a classification. */

import { classificationStream } from '../../core/classification/names.ts';
import type { ClassificationRun, Progress } from '../../core/classification/records.ts';
import { assertFollows, type ClassificationState, isFinal } from '../../core/classification/states.ts';
import { TemperaError } from '../../core/errors.ts';
import { isId } from '../../core/ids.ts';
import type { Principal } from '../../core/principal.ts';
import type { Queryable, Transaction } from '../database.ts';
import {
  nullableJson,
  only,
  ownerFilter,
  type Page,
  type PageRequest,
  readCursor,
  rowsRequested,
  toJson,
  toPage,
} from '../sql.ts';
import { seenBy } from './seen-by.ts';

const COLUMNS = `id, owner, scope, source_id, state, settings, vocabulary, progress, notes, error, evaluation,
  started_at, ended_at`;

export type NewRun = Pick<ClassificationRun, 'id' | 'scope' | 'source_id' | 'settings' | 'vocabulary'>;

/** @throws TemperaError ALREADY_RUNNING with the id of the run that the source has open */
export async function insertRun(
  tx: Transaction,
  principal: Principal,
  run: NewRun,
): Promise<ClassificationRun> {
  const { id, scope, source_id, settings, vocabulary } = run;
  // two starts at once queue here
  await tx.query('select from data_sources where id = $1 for update', [source_id]);
  const [open] = await tx.query<{ id: string }>(
    'select id from classification_runs where source_id = $1 and ended_at is null',
    [source_id],
  );
  if (open !== undefined) throw alreadyRuns(source_id, open.id);
  const rows = await tx.query<ClassificationRun>(
    `insert into classification_runs (id, owner, scope, source_id, state, settings, vocabulary, progress)
     values ($1, $2, $3, $4, 'IDLE', $5::jsonb, $6::jsonb, '{"step": "IDLE"}') returning ${COLUMNS}`,
    [id, principal.id, scope, source_id, toJson(settings), toJson(vocabulary)],
  );
  return only(rows);
}

function alreadyRuns(source: string, run: string): TemperaError {
  const message = `The source ${source} is being classified by run ${run}. Wait for its end, or cancel it.`;
  return new TemperaError('ALREADY_RUNNING', message, { details: { run_id: run } });
}

export async function getRun(
  q: Queryable,
  principal: Principal,
  id: string,
): Promise<ClassificationRun | null> {
  if (!isId(id)) return null;
  const rows = await q.query<ClassificationRun>(
    `select ${COLUMNS} from classification_runs r where id = $1 and ${seenBy('r', '$2')}`,
    [id, ownerFilter(principal)],
  );
  return rows[0] ?? null;
}

/** The source's last run; of those with results only where `hasResults`. */
export async function lastRun(
  q: Queryable,
  principal: Principal,
  { source_id, hasResults = false }: { source_id: string; hasResults?: boolean },
): Promise<ClassificationRun | null> {
  const rows = await q.query<ClassificationRun>(
    `select ${COLUMNS} from classification_runs r where source_id = $1 and ${seenBy('r', '$2')}
       and (not $3 or exists (select from classified_columns c where c.run_id = r.id and c.result is not null))
     order by started_at desc, id desc limit 1`,
    [source_id, ownerFilter(principal), hasResults],
  );
  return rows[0] ?? null;
}

/** A run of which nothing was begun. */
export async function removeRun(tx: Transaction, id: string): Promise<void> {
  await tx.query("delete from classification_runs where id = $1 and state = 'IDLE'", [id]);
  await tx.query('delete from streams where stream_id = $1', [classificationStream(id)]);
}

/** Newest first, of one source or of all. */
export async function listRuns(
  q: Queryable,
  principal: Principal,
  request: PageRequest & { source_id?: string | undefined },
): Promise<Page<ClassificationRun>> {
  const [started, id] = readCursor(request, 2) ?? [null, null];
  const rows = await q.query<ClassificationRun>(
    `select ${COLUMNS} from classification_runs r
     where ${seenBy('r', '$1')} and ($2::text is null or source_id = $2)
       and ($3::timestamptz is null or (started_at, id) < ($3::timestamptz, $4::uuid))
     order by started_at desc, id desc limit $5`,
    [ownerFilter(principal), request.source_id ?? null, started, id, rowsRequested(request)],
  );
  return toPage(rows, request, (run) => [run.started_at, run.id]);
}

/** Every run that has not ended, whoever owns it. */
export function listOpenRuns(q: Queryable): Promise<Pick<ClassificationRun, 'id' | 'owner'>[]> {
  return q.query('select id, owner from classification_runs where ended_at is null order by started_at');
}

export interface RunChange {
  id: string;
  /** undefined: it stays. */
  state?: ClassificationState;
  /** What is known now; what it does not name stays. */
  progress?: Omit<Progress, 'step'>;
  notes?: readonly string[];
  error?: ClassificationRun['error'];
  evaluation?: ClassificationRun['evaluation'];
}

/**
 * Moves a run on. One that has ended stays as it is, and so does one that a repeated order finds in its state.
 *
 * @throws TemperaError CONFLICT for a state that cannot follow; NOT_FOUND when the run is gone
 */
export async function changeRun(tx: Transaction, change: RunChange): Promise<ClassificationRun> {
  const { id, state, progress = {}, notes, error, evaluation } = change;
  const [run] = await tx.query<ClassificationRun>(
    `select ${COLUMNS} from classification_runs where id = $1 for update`,
    [id],
  );
  if (run === undefined) throw new TemperaError('NOT_FOUND', `There is no run [${id}].`);
  if (isFinal(run.state)) return run;
  const next = state ?? run.state;
  if (next !== run.state) assertFollows(run.state, next);
  const merged: Progress = { ...run.progress, ...progress, step: next };
  const rows = await tx.query<ClassificationRun>(
    `update classification_runs set state = $2, progress = $3::jsonb, notes = $4::jsonb,
       error = coalesce($5::jsonb, error), evaluation = coalesce($6::jsonb, evaluation),
       ended_at = case when $7 then clock_timestamp() end
     where id = $1 returning ${COLUMNS}`,
    [
      ...[id, next, toJson(merged), toJson([...new Set([...run.notes, ...(notes ?? [])])].slice(0, 1_000))],
      ...[nullableJson(error), nullableJson(evaluation), isFinal(next)],
    ],
  );
  return only(rows);
}

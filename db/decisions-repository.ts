/** The ledger of decisions. Rows are written as they were decided; core/decisions.ts says which of them count. */

import { type Decision, type LedgerRow, readLedger } from '../core/decisions.ts';
import type { Principal } from '../core/principal.ts';
import type { Step } from '../core/records.ts';
import type { Queryable, Transaction } from './database.ts';
import { storableText, toJson } from './sql.ts';
import { listStageRuns } from './stage-runs-repository.ts';
import { listVisible } from './visibility.ts';

/** A row as it is stored. */
export interface StoredDecision extends Omit<LedgerRow, 'step_state' | 'position'> {
  execution: number | null;
}

/** What a row says at least; what is left out is empty. */
export type NewDecision = Pick<
  StoredDecision,
  'id' | 'session_id' | 'stage' | 'run' | 'key' | 'value' | 'by'
> &
  Partial<Omit<StoredDecision, 'created_at'>>;

const COLUMNS = `id, session_id, stage, run, key, value, alternatives, reason, evidence, confidence, by, step_id,
  inherited_from, to_confirm, yields, queued, withdraws, change, undoes`;
const ROWS_OF_ONE_INSERT = 500;

/** Writes rows in their order; one whose id exists stays as it is. */
export async function insertDecisions(tx: Transaction, rows: readonly NewDecision[]): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_OF_ONE_INSERT) {
    const list = rows.slice(at, at + ROWS_OF_ONE_INSERT).map((row) => ({
      ...{ alternatives: [], evidence: null, confidence: null, step_id: null, execution: null },
      ...{ yields: false, queued: false, inherited_from: null, to_confirm: false },
      ...{ withdraws: false, change: null, undoes: null },
      ...row,
      reason: storableText(row.reason ?? ''),
    }));
    await tx.query(
      `insert into decisions (${COLUMNS}, execution)
       select ${COLUMNS}, execution from jsonb_populate_recordset(null::decisions, $1::jsonb) with ordinality as t
       order by t.ordinality on conflict (id) do nothing`,
      [toJson(list)],
    );
  }
}

/** Every row of the session's ledger with its standing, oldest first. The caller has checked who may see it. */
export async function sessionLedger(q: Queryable, session: string): Promise<Decision[]> {
  const rows = await ledgerRows(q, session);
  return rows.length === 0 ? [] : readLedger(rows, await listStageRuns(q, session));
}

/** The rows as they are stored, oldest first. */
export function ledgerRows(q: Queryable, session: string): Promise<LedgerRow[]> {
  return q.query<LedgerRow>(
    `select ${COLUMNS.replace(/\w+/g, (name) => `d.${name}`)}, d.position, d.created_at, s.state as step_state
     from decisions d left join steps s on s.id = d.step_id where d.session_id = $1 order by d.position`,
    [session],
  );
}

/** The ledger as it was where the step began: a step that runs again decides alike. */
export async function ledgerOfStep(
  q: Queryable,
  { id, session_id }: Pick<Step, 'id' | 'session_id'>,
): Promise<Decision[]> {
  const rows = await q.query<{ ledger_position: number | null }>(
    'select ledger_position from steps where id = $1',
    [id],
  );
  const upTo = rows[0]?.ledger_position ?? 0;
  const ledger = upTo === 0 ? [] : await ledgerRows(q, session_id);
  return readLedger(
    ledger.filter(({ position }) => position <= upTo),
    upTo === 0 ? [] : await listStageRuns(q, session_id),
  );
}

/** Of each run `stage/run` the position of the ledger where its last step began. */
export async function ledgerEnds(q: Queryable, session: string): Promise<Map<string, number>> {
  const rows = await q.query<{ place: string; position: number }>(
    `select stage || '/' || run as place, max(ledger_position) as position from steps
     where session_id = $1 and ledger_position is not null group by stage, run`,
    [session],
  );
  return new Map(rows.map(({ place, position }) => [place, position]));
}

/** What an execution has decided goes, because its code runs again. */
export async function deleteDecisionsOf(tx: Transaction, step: string, execution: number): Promise<void> {
  await tx.query('delete from decisions where step_id = $1 and execution = $2', [step, execution]);
}

/** A person's changes that waited take force, in their order, as the newest rows. @returns their keys */
export async function takeQueued(tx: Transaction, session: string): Promise<string[]> {
  const rows = await tx.query<{ key: string }>(
    `with waiting as (delete from decisions where session_id = $1 and queued returning *)
     insert into decisions (${COLUMNS}, execution)
     select ${COLUMNS.replace('queued', 'false')}, execution from waiting order by position returning key`,
    [session],
  );
  return rows.map(({ key }) => key);
}

/** Every row for a principal; null when the session is absent or not the principal's. */
export function listDecisions(
  q: Queryable,
  principal: Principal,
  session: string,
): Promise<Decision[] | null> {
  return listVisible(q, { principal, session }, () => sessionLedger(q, session));
}

/** The ledger of decisions. Rows are written as they were decided; core/decisions.ts says which of them count. */

import { type Decision, type LedgerRow, readLedger } from '../core/decisions.ts';
import type { Principal } from '../core/principal.ts';
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
  yields, queued`;
const ROWS_OF_ONE_INSERT = 500;

/** Writes rows in their order; one whose id exists stays as it is. */
export async function insertDecisions(tx: Transaction, rows: readonly NewDecision[]): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_OF_ONE_INSERT) {
    const list = rows.slice(at, at + ROWS_OF_ONE_INSERT).map((row) => ({
      ...{ alternatives: [], evidence: null, confidence: null, step_id: null, execution: null },
      ...{ yields: false, queued: false },
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
  const rows = await q.query<LedgerRow>(
    `select ${COLUMNS.replace(/\w+/g, (name) => `d.${name}`)}, d.position, d.created_at, s.state as step_state
     from decisions d left join steps s on s.id = d.step_id where d.session_id = $1 order by d.position`,
    [session],
  );
  return rows.length === 0 ? [] : readLedger(rows, await listStageRuns(q, session));
}

/** The same for a principal; null when the session is absent or not the principal's. */
export function listDecisions(
  q: Queryable,
  principal: Principal,
  session: string,
): Promise<Decision[] | null> {
  return listVisible(q, { principal, session }, () => sessionLedger(q, session));
}

/** Who did what: rows that are added and never changed. That nobody changes them, a trigger of the table holds. */

import type { AuditFilter, AuditRow } from '../core/audit.ts';
import type { Principal } from '../core/principal.ts';
import type { Queryable, Transaction } from './database.ts';
import { type Page, type PageRequest, readCursor, rowsRequested, toJson, toPage } from './sql.ts';

export type NewAuditRow = Omit<AuditRow, 'id' | 'at'> & {
  /** Seconds since it was done, by a clock that only goes forward. */
  age: number;
};

/** Adds rows; of a key's uses one an hour stays. */
export async function appendAudit(q: Queryable, rows: readonly NewAuditRow[]): Promise<void> {
  await q.query(
    `insert into audit (at, principal, role, name, action, object_kind, object_id, result, code, request_id, details)
     select clock_timestamp() - make_interval(secs => age), principal, role, name, action, object_kind, object_id,
       result, code, request_id, details
     from rows from (jsonb_to_recordset($1::jsonb) as (age float8, principal text, role text, name text, action text,
       object_kind text, object_id text, result text, code text, request_id text, details jsonb))
       with ordinality order by ordinality
     on conflict do nothing`,
    [toJson(rows)],
  );
}

/** The principal's own rows, an admin's all; newest first. @throws TemperaError INVALID_INPUT for a foreign cursor */
export async function listAudit(
  q: Queryable,
  principal: Principal,
  request: AuditFilter & PageRequest,
): Promise<Page<AuditRow>> {
  const [before] = readCursor(request, 1) ?? [null];
  const rows = await q.query<AuditRow>(
    `select id, at, principal, role, name, action, object_kind, object_id, result, code, request_id, details
     from audit
     where ($1::text is null or principal = $1) and ($2::text is null or principal = $2)
       and ($3::text is null or action = $3) and ($4::text is null or object_id = $4)
       and ($5::text is null or result = $5) and ($6::timestamptz is null or at >= $6)
       and ($7::timestamptz is null or at < $7) and ($8::bigint is null or id < $8)
     order by id desc limit $9`,
    [
      principal.role === 'admin' ? null : principal.id,
      ...[
        request.principal,
        request.action,
        request.object,
        request.result,
        request.since,
        request.until,
      ].map((value) => value ?? null),
      before,
      rowsRequested(request),
    ],
  );
  return toPage(rows, request, ({ id }) => [String(id)]);
}

/** Forgets at most `most` rows older than `days`, the oldest first. @returns how many */
export async function forgetAudit(tx: Transaction, days: number, most: number): Promise<number> {
  await tx.query(`select set_config('tempera.audit_retention', 'on', true)`);
  const rows = await tx.query(
    `delete from audit where id in (
       select id from audit where at < clock_timestamp() - make_interval(secs => $1) order by at limit $2)
     returning 1 as gone`,
    [days * 86_400, most],
  );
  return rows.length;
}

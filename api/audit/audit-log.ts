/**
 * What was done, on its way to the database.
 *
 * 1. Recording never waits and never fails: rows are written behind the answers, many in one statement.
 * 2. What cannot be written yet is held in its order, up to MOST_HELD rows, and written when the database is back.
 * 3. What there was no room for is counted; the count is the next row, and stands in the log.
 * 4. close() writes what is held before it returns; what the database does not take within the time is said.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { AuditEntry, AuditLog } from '../../core/audit.ts';
import { heard } from '../../core/heard.ts';
import { redacted, redactedText } from '../../core/redaction.ts';
import { appendAudit, type Database, type NewAuditRow } from '../../db/index.ts';

export interface ClosingAuditLog extends AuditLog {
  /** Writes what is held; nothing is recorded any more. */
  close(): Promise<void>;
}

export interface AuditLogOptions {
  /** Rows held at most. Default 10,000. */
  mostHeld?: number;
  /** Milliseconds in which rows gather before they are written. Default 100. */
  gatherMilliseconds?: number;
  /** Milliseconds that close() waits for the database. Default 5,000. */
  closeMilliseconds?: number;
  /** Told what was lost. */
  report: (event: { what: string; message: string; lost: number }) => void;
}

type Held = Omit<NewAuditRow, 'age'> & { heldSince: number };

/** Rows of one statement. */
const BATCH = 500;
const RETRY_MS = 500;
const seconds = (): number => performance.now() / 1000;

/** The audit of a process. */
export function createAuditLog(database: Database, options: AuditLogOptions): ClosingAuditLog {
  return new QueuedAudit(database, options);
}

class QueuedAudit implements ClosingAuditLog {
  private readonly database: Database;
  private readonly options: AuditLogOptions;
  private held: Held[] = [];
  private lost = 0;
  private writing: Promise<void> | null = null;
  private readonly closing = new AbortController();

  constructor(database: Database, options: AuditLogOptions) {
    this.database = database;
    this.options = options;
  }

  record(entry: AuditEntry): void {
    if (this.held.length >= (this.options.mostHeld ?? 10_000)) {
      this.lost += 1;
      return;
    }
    this.held.push(toHeld(entry));
    this.writing ??= heard(
      this.writeHeld().finally(() => {
        this.writing = null;
      }),
    );
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.writing;
    const { closeMilliseconds = 5_000 } = this.options;
    const deadline = performance.now() + closeMilliseconds;
    while (this.held.length > 0 && performance.now() < deadline) {
      if (!(await this.writeBatch())) await delay(Math.min(RETRY_MS, closeMilliseconds));
    }
    const lost = this.lost + this.held.length;
    if (lost > 0) this.tellOfLost(lost, 'The database did not take them before the end.');
  }

  private async writeHeld(): Promise<void> {
    const { signal } = this.closing;
    // an abort only ends the pause: close() writes the rest
    const pause = (milliseconds: number) => delay(milliseconds, undefined, { signal }).catch(() => undefined);
    await pause(this.options.gatherMilliseconds ?? 100);
    while (this.held.length > 0 && !signal.aborted) {
      if (!(await this.writeBatch())) await pause(RETRY_MS);
    }
  }

  /** @returns false where the database did not take them: they stay held */
  private async writeBatch(): Promise<boolean> {
    const now = seconds();
    const batch = this.held.slice(0, BATCH);
    const { lost } = this;
    const rows = batch.map(({ heldSince, ...row }) => ({ ...row, age: now - heldSince }));
    try {
      await appendAudit(this.database, lost === 0 ? rows : [...rows, { ...lostRow(lost), age: 0 }]);
    } catch {
      return false; // held until it is written; close() says what is not
    }
    this.held.splice(0, batch.length);
    this.lost -= lost;
    if (lost > 0) this.tellOfLost(lost, 'The database was away for longer than they could be held.');
    return true;
  }

  private tellOfLost(lost: number, why: string): void {
    this.options.report({ what: 'audit', lost, message: `${lost} rows of the audit are lost. ${why}` });
  }
}

function toHeld({ principal, action, object, result, code, requestId, details }: AuditEntry): Held {
  const shown = redacted(details ?? {});
  return {
    heldSince: seconds(),
    principal: principal?.id ?? null,
    role: principal?.role ?? null,
    name: principal?.name === undefined ? null : redactedText(principal.name),
    action: redactedText(action),
    object_kind: object?.kind ?? null,
    object_id: object?.id === undefined || object.id === null ? null : redactedText(object.id),
    result,
    code: code ?? null,
    request_id: requestId ?? null,
    details: typeof shown === 'object' && shown !== null ? { ...shown } : {},
  };
}

const lostRow = (lost: number): Omit<NewAuditRow, 'age'> => ({
  ...{ principal: null, role: null, name: null, action: 'audit.lost', object_kind: null, object_id: null },
  ...{ result: 'failed', code: null, request_id: null, details: { lost } },
});

/** What is written of who did what: one shape for rows, REST and exports. */

import { z } from 'zod';
import type { Principal } from './principal.ts';

export const AUDIT_RESULTS = ['ok', 'refused', 'failed'] as const;
export type AuditResult = (typeof AUDIT_RESULTS)[number];

export const AuditRowSchema = z.object({
  id: z.number(),
  /** By the database's clock. */
  at: z.string(),
  /** Null: nobody was known yet. */
  principal: z.string().nullable(),
  role: z.string().nullable(),
  /** As people know the principal. */
  name: z.string().nullable(),
  action: z.string(),
  object_kind: z.string().nullable(),
  object_id: z.string().nullable(),
  result: z.enum(AUDIT_RESULTS),
  /** Of the refusal or failure. */
  code: z.string().nullable(),
  request_id: z.string().nullable(),
  /** Redacted. */
  details: z.record(z.string(), z.unknown()),
});
export type AuditRow = z.infer<typeof AuditRowSchema>;

/** Something that was done, as its place in the code knows it. */
export interface AuditEntry {
  /** Null: nobody was known yet. */
  principal: (Principal & { name?: string | undefined }) | null;
  action: string;
  object?: { kind: string; id: string | null } | null;
  result: AuditResult;
  code?: string | null;
  requestId?: string | null;
  /** As it came: it is redacted here. */
  details?: Record<string, unknown>;
}

/** Takes what was done, and writes it in its own time. */
export interface AuditLog {
  record(entry: AuditEntry): void;
}

/** Which rows; those left out do not choose. */
export interface AuditFilter {
  principal?: string | undefined;
  action?: string | undefined;
  object?: string | undefined;
  result?: AuditResult | undefined;
  /** ISO times: from, included, and to, excluded. */
  since?: string | undefined;
  until?: string | undefined;
}

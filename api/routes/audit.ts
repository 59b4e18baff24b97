/** Who did what: as a page, and as lines of JSON. For admins. */

import { Readable } from 'node:stream';
import { z } from 'zod';
import { AUDIT_RESULTS, type AuditFilter, AuditRowSchema } from '../../core/audit.ts';
import type { Principal } from '../../core/principal.ts';
import { type Database, listAudit } from '../../db/index.ts';
import { PageQuery, pageOf } from '../schemas.ts';
import type { Routes } from './route.ts';

const text = z.string().min(1).max(500).optional();
const filter = {
  principal: text,
  action: text,
  object: text,
  result: z.enum(AUDIT_RESULTS).optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
};
const ListQuery = z.strictObject({ ...PageQuery.shape, ...filter });
const ExportQuery = z.strictObject(filter);

/** Rows that are read at a time for an export. */
const EXPORT_ROWS = 200;

export const auditRoutes: Routes =
  ({ db }) =>
  (app, _options, done) => {
    const listed = { querystring: ListQuery, response: { 200: pageOf(AuditRowSchema) } };
    app.get('/api/audit', { schema: listed, config: { permission: 'audit:read' } }, async (request) => {
      return await listAudit(db, request.principal, request.query);
    });

    const exported = { querystring: ExportQuery };
    app.get(
      '/api/audit/export',
      { schema: exported, exposeHeadRoute: false, config: { permission: 'audit:read' } },
      async (request, reply) => {
        // the first page before the head is sent: what fails is an answer
        const lines = exportLines(db, request.principal, request.query);
        const first = await lines.next();
        reply.headers({
          'content-type': 'application/x-ndjson; charset=utf-8',
          'content-disposition': 'attachment; filename="audit.jsonl"',
        });
        return reply.send(Readable.from(startingWith(first.done ? '' : first.value, lines)));
      },
    );

    done();
  };

async function* exportLines(db: Database, principal: Principal, chosen: AuditFilter): AsyncGenerator<string> {
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof listAudit>> = await listAudit(db, principal, {
      ...chosen,
      cursor,
      limit: EXPORT_ROWS,
    });
    yield page.items.map((row) => `${JSON.stringify(row)}\n`).join('');
    cursor = page.next_cursor;
    if (cursor === null) return;
  }
}

async function* startingWith(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

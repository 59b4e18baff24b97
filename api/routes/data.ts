/** A session's tables, read by SQL in a sandbox child. */

import { IdParams, sqlBodySchema, TableParams } from '../schemas.ts';
import { requireSession } from '../services/sessions.ts';
import type { Routes } from './route.ts';

export const dataRoutes: Routes = (dependencies) => (app, _options, done) => {
  const { tools, settings } = dependencies;

  const sql = { params: IdParams, body: sqlBodySchema(settings.sqlRows) };
  app.post(
    '/api/sessions/:id/sql',
    { schema: sql, config: { permission: 'data:read', takesNoKey: true } },
    async (request) => {
      const session = await requireSession(dependencies, request.principal, request.params.id);
      return await tools.query(request.principal, session, request.body);
    },
  );

  app.get(
    '/api/sessions/:id/tables',
    { schema: { params: IdParams }, config: { permission: 'data:read' } },
    async (request) => {
      const session = await requireSession(dependencies, request.principal, request.params.id);
      return await tools.tables(request.principal, session);
    },
  );

  app.get(
    '/api/sessions/:id/columns/:table',
    { schema: { params: TableParams }, config: { permission: 'data:read' } },
    async (request) => {
      const session = await requireSession(dependencies, request.principal, request.params.id);
      return await tools.columns(request.principal, session, request.params.table);
    },
  );

  done();
};

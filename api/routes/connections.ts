/** Data connections: listed, made, tested, removed. */

import { z } from 'zod';
import { DataConnectionSchema, NewConnectionSchema, ProbeSchema } from '../../core/connections.ts';
import { TablesQuery } from '../classification-schemas.ts';
import { idempotencyKey } from '../http/idempotency.ts';
import { pageOf } from '../schemas.ts';
import {
  connectionList,
  connectionTables,
  createConnection,
  removeConnection,
  testConnection,
} from '../services/connections.ts';
import type { Routes } from './route.ts';

const NameParams = z.object({ name: z.string().min(1).max(200) });
const List = z.object({
  items: z.array(DataConnectionSchema),
  problems: z.array(z.object({ name: z.string(), message: z.string() })),
});

export const connectionRoutes: Routes = (dependencies) => (app, _options, done) => {
  app.get(
    '/api/data-connections',
    { schema: { response: { 200: List } }, config: { permission: 'discover' } },
    async (request) => {
      const { items, problems } = await connectionList(dependencies, request.principal);
      return { items, problems: [...problems] };
    },
  );

  const made = { body: NewConnectionSchema, response: { 201: DataConnectionSchema } };
  app.post(
    '/api/data-connections',
    { schema: made, config: { permission: 'connections:write' } },
    async (request, reply) => {
      const { principal, body, headers } = request;
      const connection = await createConnection(dependencies, principal, {
        body,
        key: idempotencyKey(headers),
      });
      return reply.code(201).send(connection);
    },
  );

  const named = { schema: { params: NameParams }, config: { permission: 'connections:write' } } as const;
  app.delete('/api/data-connections/:name', named, async (request, reply) => {
    await removeConnection(dependencies, request.principal, request.params.name);
    return reply.code(204).send();
  });

  const table = z.object({ database: z.string(), table: z.string() });
  const listed = { params: NameParams, querystring: TablesQuery, response: { 200: pageOf(table) } };
  app.get(
    '/api/data-connections/:name/tables',
    { schema: listed, config: { permission: 'connections:write' } },
    async (request) => {
      const page = { ...request.query, name: request.params.name };
      const { tables, next_cursor } = await connectionTables(dependencies, request.principal, page);
      return { items: tables, next_cursor };
    },
  );

  const tested = { params: NameParams, response: { 200: ProbeSchema.extend({ at: z.string() }) } };
  app.post(
    '/api/data-connections/:name/test',
    { schema: tested, config: { permission: 'connections:write', takesNoKey: true } },
    async (request) => await testConnection(dependencies, request.principal, request.params.name),
  );

  done();
};

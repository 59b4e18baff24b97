/** The audit over a real Postgres: what is written of who did what, that nobody changes it, that nothing is lost. */

import { credentials, Metadata } from '@grpc/grpc-js';
import type { AuditRow } from '../../core/audit.ts';
import { newId } from '../../core/ids.ts';
import { listAudit } from '../../db/index.ts';
import { startTestPostgres } from '../../db/testing/postgres.ts';
import { ADMIN } from '../../db/testing/rows.ts';
import { PlatformClient } from '../../proto/generated/tempera/v1/platform.ts';
import { forgetOldAudit } from '../../worker/old-audit.ts';
import { createApp } from '../app.ts';
import { startGrpcServer } from '../grpc/server.ts';
import { createEndpointWatch } from '../services/endpoint-watch.ts';
import { type TestApi, useTestApi } from '../testing/api-server.ts';
import { call, json, newSession, raw } from '../testing/client.ts';
import { createAuditLog } from './audit-log.ts';

let api: TestApi;
useTestApi((started) => {
  api = started;
});

interface Listed {
  items: AuditRow[];
  next_cursor: string | null;
}
const list = (query = '') => json<Listed>(call(api, `/api/audit${query}`));

/** The rows of a choice once there are as many as are expected: they are written behind the answers. */
async function rowsOf(query: string, expected: number): Promise<AuditRow[]> {
  for (;;) {
    const { items } = await list(query);
    if (items.length >= expected) return items;
  }
}

test('who changes something is written down with its object and its result; who reads is not', async () => {
  const session = await newSession(api, 'ann');
  const stop = await call(api, `/api/sessions/${session.id}/stop-after-step`, { owner: 'ann', json: {} });
  expect((await call(api, `/api/sessions/${session.id}`, { owner: 'ann' })).status).toBe(200);
  const rows = await rowsOf('?principal=ann', 4);
  expect(rows.map(({ action, result, object_kind }) => [action, result, object_kind])).toEqual([
    ['POST /api/sessions/:id/stop-after-step', stop.status < 400 ? 'ok' : 'failed', 'session'],
    ['POST /api/experiments/:id/sessions', 'ok', 'experiment'],
    ['POST /api/experiments', 'ok', 'experiment'],
    ['key.use', 'ok', null],
  ]);
  expect(rows[1]).toMatchObject({
    role: 'user',
    object_id: session.experiment_id,
    details: { created: session.id },
    request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(rows[2]?.object_id).toBe(session.experiment_id);
});

test('each refusal is written down, of reads too: forbidden, hidden, of another host or of nothing', async () => {
  const session = await newSession(api, 'rob');
  const id = session.id;
  await call(api, `/api/sessions/${id}`, { owner: 'eve' });
  await call(api, `/api/sessions/${id}/cancel`, {
    owner: 'eve',
    json: {},
    headers: { 'x-test-role': 'readonly' },
  });
  await call(api, '/api/nothing/here', { owner: 'eve' });
  const rows = await rowsOf('?principal=eve&result=refused', 2);
  expect(rows.map(({ action, code, object_id, role }) => [action, code, object_id, role])).toEqual([
    ['POST /api/sessions/:id/cancel', 'FORBIDDEN', id, 'readonly'],
    ['GET /api/sessions/:id', 'NOT_FOUND', id, 'user'],
  ]);
  expect(await rowsOf('?action=GET%20unknown', 1)).toMatchObject([{ principal: null, code: 'NOT_FOUND' }]);
  await raw(api, '/api/sessions', { headers: { host: 'evil.example' } });
  const [row] = await rowsOf('?result=refused&action=GET%20/api/sessions', 1);
  expect(row).toMatchObject({ principal: null, code: 'WRONG_HOST' });
});

test('no secret and no large value comes into the audit', async () => {
  const secret = 'a-password-that-nobody-may-read';
  const body = {
    name: `c${newId().slice(0, 8)}`,
    ...{
      type: 'postgres',
      address: 'postgres://127.0.0.1:1/none',
      credentials: { user: 'ada', password: secret },
    },
  };
  await call(api, '/api/data-connections', { json: { ...body, note: 'x'.repeat(3_000) } });
  const [row] = await rowsOf('?action=POST%20/api/data-connections', 1);
  expect(row?.details).toMatchObject({ body: { name: body.name, credentials: '[redacted]' } });
  expect(JSON.stringify(row)).not.toContain(secret);
  expect(JSON.stringify(row).length).toBeLessThan(2_000);
});

test('of a key’s uses the first of an hour is written, whichever process it came to', async () => {
  const app = createApp({ ...api.dependencies });
  const other = { ...api, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
  try {
    for (const process of [api, other, api, other]) await call(process, '/api/sessions', { owner: 'uma' });
    await call(api, `/api/sessions/${newId()}`, { owner: 'uma' });
    await rowsOf('?principal=uma&result=refused', 1);
    expect((await list('?principal=uma&action=key.use')).items).toHaveLength(1);
  } finally {
    await app.close();
  }
});

test('nobody changes or removes a row but the retention, which removes what is old', async () => {
  await call(api, `/api/sessions/${newId()}`, { owner: 'old' });
  await rowsOf('?principal=old', 2);
  for (const statement of [`update audit set result = 'ok'`, 'delete from audit', 'truncate audit'])
    await expect(api.db.query(statement)).rejects.toThrow('append-only');
  const days = 30;
  await api.db.query(
    `insert into audit (at, principal, action, result, details)
     select clock_timestamp() - make_interval(days => $1), 'older', 'key.use', 'ok', '{}'`,
    [days + 1],
  );
  expect(await forgetOldAudit(api.db, days)).toBe(1);
  expect((await list('?principal=older')).items).toEqual([]);
  expect((await list('?principal=old')).items).toHaveLength(2);
});

test('the page is for admins, goes on by its cursor, and the export has the same rows as lines of JSON', async () => {
  for (const path of ['/api/audit', '/api/audit/export'])
    expect((await call(api, path, { owner: 'ann' })).status).toBe(403);
  await rowsOf('?principal=ann&result=refused', 2);
  const all = (await list('?limit=200&principal=ann')).items;
  const first = await list('?limit=2&principal=ann');
  const second = await list(`?limit=200&principal=ann&cursor=${first.next_cursor}`);
  expect([...first.items, ...second.items]).toEqual(all);
  const exported = await (await call(api, '/api/audit/export?principal=ann')).text();
  const lines = exported.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(all);
  const [, newer] = all;
  const since = await list(`?principal=ann&until=${newer?.at}`);
  expect(since.items.every(({ at }) => at < (newer?.at ?? ''))).toBe(true);
  expect((await call(api, '/api/audit?since=yesterday')).status).toBe(400);
  const [mine, theirs] = await Promise.all(
    [{ id: 'ann', role: 'user' } as const, ADMIN].map((who) => listAudit(api.db, who, { limit: 200 })),
  );
  expect(new Set(mine?.items.map(({ principal }) => principal))).toEqual(new Set(['ann']));
  expect(theirs?.items.length).toBeGreaterThan(mine?.items.length ?? 0);
});

test('calls over gRPC that change something or are refused are written down, those that read are not', async () => {
  const server = await startGrpcServer(api.dependencies, createEndpointWatch(api.dependencies));
  const client = new PlatformClient(server.address, credentials.createInsecure());
  const by = new Metadata();
  by.set('x-test-owner', 'gail');
  try {
    const { id } = await newSession(api, 'rob');
    await new Promise((resolve) => client.listDataSources({}, by, resolve));
    await new Promise((resolve) => client.listDecisions({ sessionId: id, history: false }, by, resolve));
    const rows = await rowsOf('?principal=gail', 1);
    expect(rows.map(({ action, result, code }) => [action, result, code])).toEqual([
      ['/tempera.v1.Platform/ListDecisions', 'refused', 'NOT_FOUND'],
    ]);
  } finally {
    client.close();
    await server.close();
  }
});

test('while the database is away rows are held, in order; those without room are counted and said', async () => {
  const postgres = await startTestPostgres();
  const reports: { lost: number }[] = [];
  const log = createAuditLog(postgres.open(), {
    ...{ mostHeld: 3, gatherMilliseconds: 1, closeMilliseconds: 20_000 },
    report: (event) => reports.push(event),
  });
  try {
    await postgres.kill();
    for (let place = 0; place < 5; place += 1)
      log.record({ principal: ADMIN, action: `act ${place}`, result: 'ok', details: { place } });
    await postgres.restart();
    await log.close();
    const db = postgres.open();
    const { items } = await listAudit(db, ADMIN, { limit: 10 });
    expect(items.map(({ action, details }) => [action, details])).toEqual([
      ['audit.lost', { lost: 2 }],
      ['act 2', { place: 2 }],
      ['act 1', { place: 1 }],
      ['act 0', { place: 0 }],
    ]);
    expect(reports).toMatchObject([{ lost: 2 }]);
  } finally {
    await postgres.stop();
  }
}, 60_000);

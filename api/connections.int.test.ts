/** Data connections over REST: made and tested by an admin, seen by whom they are for; credentials never come out. */

import { LOCAL } from '../core/principal.ts';
import { insertDataSource, putVocabulary } from '../db/index.ts';
import { probeConfigured } from './services/connections.ts';
import { startTestApi, type TestApi } from './testing/api-server.ts';
import { call, json } from './testing/client.ts';

const SECRET = 'a-very-secret-word';
const ADMIN = { 'x-test-role': 'admin' };

let api: TestApi;
beforeAll(async () => {
  const configured = [
    {
      ...{ id: 'settings/broken', name: 'broken', type: 'postgres' as const },
      ...{ address: 'postgres://127.0.0.1:1/none', credentials: { user: 'u', password: SECRET } },
    },
  ];
  const problems = [{ name: 'number 2', message: 'It is not of the form name=URL.' }];
  api = await startTestApi({ connections: { configured, problems } });
}, 60_000);
afterAll(() => api?.close());

interface Listed {
  items: { name: string; scope: string; configured: boolean; last_probe: { ok: boolean } | null }[];
  problems: unknown[];
}

const addressOfDatabase = () => {
  const { host, pathname } = new URL(api.postgres.url);
  return `postgres://${host}${pathname}`;
};

const body = (name: string, changes: object = {}) => ({
  ...{
    name,
    type: 'postgres',
    address: addressOfDatabase(),
    credentials: { user: 'postgres', password: SECRET },
  },
  ...changes,
});

const make = (name: string, changes: object = {}, headers: Record<string, string> = {}) =>
  call(api, '/api/data-connections', {
    json: body(name, changes),
    owner: 'ann',
    headers: { ...ADMIN, ...headers },
  });

const listed = (owner: string, headers: Record<string, string> = {}) =>
  json<Listed>(call(api, '/api/data-connections', { owner, headers }));

test('a connection is made once for a key, tested, listed and removed', async () => {
  const key = { 'idempotency-key': 'one' };
  const made = await make('sales', {}, key);
  expect(made.status).toBe(201);
  expect(await (await make('sales', {}, key)).text()).toBe(await made.text());
  expect((await make('sales', { credentials: { user: 'other' } }, key)).status).toBe(409);
  expect((await make('sales')).status).toBe(409);
  const tested = await call(api, '/api/data-connections/sales/test', {
    json: {},
    owner: 'ann',
    headers: ADMIN,
  });
  expect([tested.status, (await json(tested)).ok]).toEqual([200, true]);
  const { items } = await listed('ann', ADMIN);
  expect(items.find(({ name }) => name === 'sales')?.last_probe?.ok).toBe(true);
  const remove = () =>
    call(api, '/api/data-connections/sales', { method: 'DELETE', owner: 'ann', headers: ADMIN });
  expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
});

test('others see what is shared, and make, test and remove nothing', async () => {
  await make('own');
  await make('shared', { scope: 'shared' });
  expect((await listed('bob')).items.map(({ name }) => name)).toEqual(['shared']);
  expect((await listed('bob')).problems).toEqual([]);
  const asBob = async (path: string, method: string, sent?: object) =>
    (await call(api, `/api/data-connections${path}`, { method, owner: 'bob', ...(sent && { json: sent }) }))
      .status;
  expect(await asBob('', 'POST', body('mine'))).toBe(403);
  expect(await asBob('/own/test', 'POST', {})).toBe(403);
  expect(await asBob('/own', 'DELETE')).toBe(403);
  expect(await asBob('/shared/test', 'POST', {})).toBe(403);
  expect(await asBob('/shared', 'DELETE')).toBe(403);
  expect(await asBob('/broken/test', 'POST', {})).toBe(403);
});

test('those of the settings are an admin’s to see, stay as they are, and are tested at the start', async () => {
  const { items, problems } = await listed('ann', ADMIN);
  expect(items.find(({ name }) => name === 'broken')).toMatchObject({ configured: true, last_probe: null });
  expect(problems).toHaveLength(1);
  expect((await make('broken')).status).toBe(409);
  const remove = await call(api, '/api/data-connections/broken', {
    method: 'DELETE',
    owner: 'ann',
    headers: ADMIN,
  });
  expect([remove.status, (await json<{ detail: string }>(remove)).detail]).toEqual([
    409,
    expect.stringContaining('TEMPERA_CONNECTIONS'),
  ]);
  const events: object[] = [];
  await probeConfigured(api.dependencies, (event) => events.push(event));
  expect(events).toEqual([
    expect.objectContaining({ name: 'number 2' }),
    expect.objectContaining({ name: 'broken', message: expect.stringContaining('does not answer') }),
  ]);
  const { items: after } = await listed('ann', ADMIN);
  expect(after.find(({ name }) => name === 'broken')?.last_probe?.ok).toBe(false);
  const status = await json<{ connections: object }>(call(api, '/api/status'));
  expect(status.connections).toEqual({ configured: 2, failed: 2 });
  expect(JSON.stringify([events, after])).not.toContain(SECRET);
});

test('a credential is in no answer, no row and no refusal', async () => {
  const texts = [
    await (await make('quiet')).text(),
    await (await make('wrong', { address: `postgres://x:${SECRET}@h/d` })).text(),
    await (await make('wrong', { credentials: { user: 'u', token: SECRET } })).text(),
    await (await make('wrong', { type: 's3' })).text(),
    await (await make('wrong', { password: SECRET })).text(),
    await (await make('bad', { address: addressOfDatabase().replace(/:\d+/, ':1') })).text(),
    await (
      await call(api, '/api/data-connections/bad/test', { json: {}, owner: 'ann', headers: ADMIN })
    ).text(),
    JSON.stringify(await listed('ann', ADMIN)),
    JSON.stringify(await api.db.query('select * from data_connections')),
    JSON.stringify(await api.db.query('select * from idempotency_keys')),
  ];
  for (const text of texts) expect(text).not.toContain(SECRET);
});

async function putOwnVocabulary(): Promise<void> {
  const vocabulary = {
    ...{
      id: 'v',
      scope: 'shared' as const,
      name: 'v',
      form: 'tree' as const,
      terms: 1,
      leaves: 1,
      findings: [],
    },
  };
  await api.db.transaction((tx) => putVocabulary(tx, LOCAL, { vocabulary, text: 'code,label\nA,a\n' }));
}

test('a connection by which a data source is read is not removed', async () => {
  await make('used');
  await putOwnVocabulary();
  await api.db.transaction((tx) =>
    insertDataSource(tx, LOCAL, {
      ...{ id: 'lake', scope: 'private', source_type: 'postgres', source_uri: addressOfDatabase() },
      ...{ display_name: 'lake', vocabulary_mode: 'tree', vocabulary_id: 'v', connection: 'used', files: [] },
    }),
  );
  const remove = await call(api, '/api/data-connections/used', {
    method: 'DELETE',
    owner: 'ann',
    headers: ADMIN,
  });
  expect(remove.status).toBe(409);
  expect((await listed('ann', ADMIN)).items.map(({ name }) => name)).toContain('used');
});

test('a data source names a connection that is there and of its type', async () => {
  await make('typed');
  await putOwnVocabulary();
  const source = async (body: object) => {
    const sent = { display_name: 'x', vocabulary_id: 'v', ...body };
    const answer = await call(api, '/api/data-sources', { json: sent, owner: 'ann', headers: ADMIN });
    return [answer.status, (await json<{ detail?: string }>(answer)).detail ?? ''];
  };
  expect(await source({ source_type: 'postgres', connection: 'nowhere' })).toEqual([
    404,
    expect.stringContaining('[nowhere]'),
  ]);
  expect(await source({ source_type: 's3', connection: 'typed' })).toEqual([
    400,
    expect.stringContaining('postgres'),
  ]);
  expect((await source({ source_type: 'postgres', connection: 'typed' }))[0]).toBe(201);
});

test('tables that can be read by a connection are listed for an admin alone', async () => {
  await make('listing');
  const tables = (owner: string, headers: Record<string, string>, query = '') =>
    call(api, `/api/data-connections/listing/tables${query}`, { owner, headers });
  interface Tables {
    items: { database: string; table: string }[];
    next_cursor: string | null;
  }
  const { items } = await json<Tables>(tables('ann', ADMIN));
  expect(items).toContainEqual({ database: 'public', table: 'data_connections' });
  const page = await json<Tables>(tables('ann', ADMIN, '?limit=1'));
  const next = await json<Tables>(tables('ann', ADMIN, `?limit=1&cursor=${page.next_cursor}`));
  expect([...page.items, ...next.items]).toEqual(items.slice(0, 2));
  expect((await tables('bob', {})).status).toBe(403);
  await make('seen', { scope: 'shared' });
  const refused = await call(api, '/api/data-connections/seen/tables', { owner: 'bob' });
  expect(refused.status).toBe(403);
});

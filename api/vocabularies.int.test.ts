/** Vocabularies and data sources over REST, with tables that stand here and no worker. */

import { resolve } from 'node:path';
import { createQuestions } from '../classification/questions/answers.ts';
import { createThreadedQuestions } from '../classification/questions/in-thread.ts';
import { newId, sha256 } from '../core/ids.ts';
import { fixedTables } from '../sources/testing/fixed-tables.ts';
import { until } from '../tests/platform/wait.ts';
import { registerBundled } from './services/classification/bundled.ts';
import { startTestApi, type TestApi } from './testing/api-server.ts';
import { type CallOptions, call, json } from './testing/client.ts';

const EMAILS = ['ada@example.com', 'bob@example.org', 'eve@example.net'];
const OPAQUE = { zq: ['q', 'w'], v: ['7', '8'] };
const TABLES = {
  sample: {
    clients_1: { email: EMAILS, cust_no: ['A1', 'B2'], ...OPAQUE },
    clients_2: { email: EMAILS, cust_no: ['C3', 'D4'], zq: ['q', 'w'] },
  },
};

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ columnSources: fixedTables(TABLES) });
  const registered = new AbortController();
  const registering = registerBundled(api.dependencies, registered.signal);
  await until('the sample source is there', async () => (await call(api, '/api/data-sources/sample')).ok);
  registered.abort();
  await registering;
}, 120_000);
afterAll(() => api?.close(), 60_000);

const post = (path: string, body: unknown, options: CallOptions = {}) =>
  call(api, path, { ...options, json: body });
const get = <T = Record<string, unknown>>(path: string, owner?: string) =>
  json<T>(call(api, path, { owner }));

test('a vocabulary of one’s own is checked by its line, shown as a tree, used, and kept while it is', async () => {
  const put = (id: string, text: string, owner?: string) =>
    call(api, `/api/vocabularies/${id}`, { method: 'PUT', json: { name: 'Own', text }, owner });
  const twice = await json(put('own', 'code,label\na,A\na,B\n', 'ada'));
  expect(twice).toMatchObject({ status: 400, detail: expect.stringContaining('Line 3') });
  const text =
    'code,label,parent_code,description\nP,People,,\nM,Mail,P,E-mail address of a client\nO,Other,P,\n';
  const stored = await json(put('own', text, 'ada'));
  expect(stored).toMatchObject({ terms: 3, leaves: 2, form: 'tree', owner: 'ada', scope: 'private' });
  const { tree } = await get<{ tree: unknown[] }>('/api/vocabularies/own', 'ada');
  expect(tree).toMatchObject([
    { code: 'P', depth: 1, leaves: 2, is_leaf: false },
    { code: 'M', path: ['People', 'Mail'], parent_code: 'P', is_leaf: true },
    { code: 'O' },
  ]);
  const { items } = await get<{ items: unknown[] }>('/api/vocabularies/own/attachments', 'ada');
  expect(items).toMatchObject([{ code: 'M', meaning: 'email', reason: expect.stringContaining('E-mail') }]);
  const body = { name: 'x', values: EMAILS, vocabulary_id: 'own' };
  expect(await json(post('/api/classify/explain', body, { owner: 'ada' }))).toMatchObject({
    prediction: { code: 'M', path: ['People', 'Mail'] },
    ...{
      likely: [{ code: 'M' }, { code: 'O' }],
      change: { second: { code: 'O' }, sources: expect.arrayContaining(['pattern']) },
    },
  });
  for (const path of ['/api/vocabularies/own', '/api/vocabularies/own/attachments'])
    expect([path, (await call(api, path, { owner: 'bob' })).status]).toEqual([path, 404]);
  expect((await post('/api/classify/explain', body, { owner: 'bob' })).status).toBe(404);
  expect((await put('own', text, 'bob')).status).toBe(404);
  expect((await put('tempera', text)).status).toBe(409);
  const upload = await call(api, '/api/uploads?name=o.csv', {
    ...{ owner: 'ada', body: 'a,b\n1,2\n', headers: { 'content-type': 'text/csv' } },
  });
  const source = {
    ...{ display_name: 'Own', source_type: 'files', vocabulary_id: 'own' },
    upload_ids: [(await json<{ id: string }>(upload)).id],
  };
  expect((await post('/api/data-sources', source, { owner: 'ada' })).status).toBe(201);
  const remove = () => call(api, '/api/vocabularies/own', { method: 'DELETE', owner: 'ada' });
  expect([(await remove()).status, (await json(remove())).code]).toEqual([409, 'CONFLICT']);
});

test('a person attaches and detaches a form, which explain and later runs follow, and undoes it', async () => {
  const text = 'code,label,description\nM,Mail,E-mail address of a client\nO,Other,Something\n';
  await call(api, '/api/vocabularies/mine', { method: 'PUT', json: { name: 'Mine', text }, owner: 'ada' });
  const path = '/api/vocabularies/mine/attachments';
  const ofAda: CallOptions = { owner: 'ada' };
  const shown = () => get<{ items: { code: string; reason: string }[]; changes: unknown[] }>(path, 'ada');
  const explained = async () => {
    const body = { name: 'zz', values: EMAILS, vocabulary_id: 'mine' };
    const found = await json<{
      sources: { source: string; masses: { codes: string[] | null; mass: number }[] }[];
    }>(post('/api/classify/explain', body, ofAda));
    return found.sources.find(({ source }) => source === 'pattern')?.masses;
  };
  const nothing = { codes: null, label: 'not known', mass: 1 };
  const detach = { meaning: 'email', code: 'M', change: 'detach' };
  const key = { ...ofAda, headers: { 'idempotency-key': 'detach' } };
  const detached = await json<{ id: string }>(post(path, detach, key));
  expect(detached).toMatchObject({ ...detach, by: 'ada', undone_at: null });
  expect(await json(post(path, detach, key))).toEqual(detached);
  expect(await explained()).toEqual([nothing]);
  const attach = { meaning: 'email', code: 'O', change: 'attach' };
  const attached = await json<{ id: string }>(post(path, attach, ofAda));
  expect((await shown()).items).toMatchObject([{ code: 'O', reason: 'a person attached it' }]);
  expect(await explained()).toMatchObject([{ codes: ['O'], mass: 0.75 }, { codes: null }]);
  const wrong: [object, string][] = [
    [attach, 'body.change: email is attached to O already'],
    [{ ...attach, meaning: 'soul' }, 'body.meaning'],
    [{ ...attach, code: 'X' }, 'body.code'],
  ];
  for (const [body, field] of wrong)
    expect(await json(post(path, body, ofAda))).toMatchObject({
      status: 400,
      detail: expect.stringContaining(field),
    });
  const ids = [detached.id, attached.id];
  expect((await post(`${path}/undo`, { ids: [newId()] }, ofAda)).status).toBe(404);
  expect(await json(post(`${path}/undo`, { ids }, ofAda))).toMatchObject({
    items: [{ undone_by: 'ada' }, { undone_by: 'ada' }],
  });
  expect(await shown()).toMatchObject({ items: [{ code: 'M' }], changes: [{ code: 'O' }, { code: 'M' }] });
  expect((await post(path, detach, { owner: 'bob' })).status).toBe(404);
  const others = { meaning: 'email', code: 'EMAIL', change: 'detach' };
  expect((await post('/api/vocabularies/tempera/attachments', others, { owner: 'bob' })).status).toBe(403);
});

test('the thread answers as the code does that runs in it', async () => {
  const folder = 'classification';
  const text = 'code,label\nA,E-mail address\nB,City\n';
  const vocabulary = { sha256: sha256(text), text };
  const sample = { name: 'x', values: EMAILS };
  const threaded = createThreadedQuestions(resolve('build', 'questions.mjs'), { folder });
  for (const questions of [threaded, createQuestions(folder)])
    expect(await questions.explain({ vocabulary, name: 'own', sample })).toMatchObject({
      ...{ vocabulary: { name: 'own', leaves: 2 }, prediction: { code: 'A' } },
    });
  expect(await threaded.terms({ vocabulary })).toHaveLength(2);
  const wrong = { sha256: 'x', text: 'x,y\n1,2\n' };
  await expect(threaded.describe({ vocabulary: wrong })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

test('a database file becomes a source of its type, and no experiment', async () => {
  const upload = (name: string, bytes: string) =>
    call(api, `/api/uploads?name=${name}`, {
      ...{ body: bytes, headers: { 'content-type': 'application/octet-stream' } },
    });
  const bytes = `${'\u0000'.repeat(8)}DUCK${'\u0000'.repeat(100)}`;
  const { id } = await json<{ id: string }>(upload('lake.duckdb', bytes));
  const table = await json<{ id: string }>(upload('t.csv', 'a,b\n1,2\n'));
  expect((await json(upload('lake.duckdb', 'a,b\n1,2\n and more'))).code).toBe('INVALID_DATASET');
  const source = async (source_type: string, upload_ids: string[]) =>
    await json(post('/api/data-sources', { display_name: 'x', source_type, upload_ids }));
  expect(await source('duckdb', [id])).toMatchObject({
    source_type: 'duckdb',
    files: [{ name: 'lake.duckdb' }],
  });
  expect(await source('files', [id])).toMatchObject({
    status: 400,
    detail: expect.stringContaining('duckdb'),
  });
  expect(await source('duckdb', [table.id])).toMatchObject({ status: 400 });
  expect((await json(post('/api/experiments', { upload_id: id }))).code).toBe('UNSUPPORTED_TYPE');
});

test('a source is tried and listed with its tables; what it may not be is refused with what mends it', async () => {
  expect(await json(post('/api/data-sources/sample/test', {}))).toMatchObject({ ok: true, tables: 2 });
  const tables = await get<{ items: unknown[]; next_cursor: string }>(
    '/api/data-sources/sample/tables?limit=1',
  );
  expect(tables.items).toEqual([{ database: '', table: 'clients_1', columns: null, error: null }]);
  const rest = await get(`/api/data-sources/sample/tables?limit=1&cursor=${tables.next_cursor}`);
  expect(rest).toMatchObject({ items: [{ table: 'clients_2', columns: null }], next_cursor: null });
  const address = 'postgres://127.0.0.1:1/sales?sslmode=disable';
  const connection = { name: 'sales', type: 'postgres', address, credentials: { user: 'x', password: 'y' } };
  expect((await post('/api/data-connections', connection)).status).toBe(201);
  const database = { display_name: 'x', source_type: 'postgres', connection: 'sales' };
  expect(await json(post('/api/data-sources', database))).toMatchObject({ source_uri: address });
  const wrong: [Record<string, unknown>, string, number?][] = [
    [{ source_type: 'postgres' }, 'name the data connection'],
    [{ source_type: 's3', connection: 'sales' }, 'not s3'],
    [{ source_type: 'postgres', connection: 'none' }, 'no connection', 404],
    [{ source_type: 's3' }, 'give it'],
    [{ source_type: 'postgres', source_uri: 'postgres://u:secret@host/db' }, 'no password'],
    [{ source_type: 'sample', source_uri: 'x' }, 'a source already'],
    [{ source_type: 's3', upload_ids: ['x'] }, 'type files'],
    [{ source_type: 'duckdb', source_uri: 'x' }, 'upload the database'],
    [{ source_type: 'files', upload_ids: ['x'], source_uri: '/x' }, 'leave them out'],
  ];
  for (const [body, sentence, status = 400] of wrong) {
    const refused = await json(post('/api/data-sources', { display_name: 'x', ...body }));
    expect([refused.status, refused.detail]).toEqual([status, expect.stringContaining(sentence)]);
  }
  const folder = { display_name: 'x', source_type: 'files', source_uri: '/etc' };
  expect((await post('/api/data-sources', folder, { owner: 'ada' })).status).toBe(403);
  expect((await call(api, '/api/data-sources/sample', { method: 'DELETE' })).status).toBe(409);
});

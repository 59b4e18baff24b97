/** Experiments and uploads over real stores: what is refused leaves nothing, what is repeated happens once. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { newId, sha256 } from '../core/ids.ts';
import type { Experiment } from '../core/records.ts';
import type { Upload } from '../db/index.ts';
import { until } from '../db/testing/postgres.ts';
import { type TestApi, useTestApi } from './testing/api-server.ts';
import { CSV, call, connections, form, json, newExperiment } from './testing/client.ts';

let api: TestApi;
useTestApi((started) => {
  api = started;
});

/** Everything that a request could leave behind. */
async function traces(): Promise<unknown> {
  const rows = await api.db.query('select id from experiments union all select id from uploads order by id');
  return [await api.keys(''), rows];
}

test('an experiment is made of a form, shown, changed, listed and deleted with its files', async () => {
  const made = await newExperiment(api);
  expect(made).toMatchObject({
    name: 'penguins',
    target: 'species',
    dataset_ref: `s3://tempera/datasets/${made.id}/`,
    dataset: {
      files: [{ name: 'penguins.csv', size: CSV.length, sha256: sha256(CSV) }],
      profile: { rows: 1 },
    },
  });
  const path = `/api/experiments/${made.id}`;
  expect(await api.keys(`datasets/${made.id}/`)).toEqual([`datasets/${made.id}/penguins.csv`]);
  expect(await json(call(api, path))).toEqual(made);
  expect(await json(call(api, path, { method: 'PATCH', json: { name: 'birds' } }))).toMatchObject({
    name: 'birds',
  });
  const wrong = await call(api, path, { method: 'PATCH', json: { target: 'nothing' } });
  expect([wrong.status, (await json(wrong)).code]).toEqual([422, 'UNKNOWN_TARGET']);
  const { items } = await json<{ items: Experiment[] }>(call(api, '/api/experiments'));
  expect(items.map((item) => item.id)).toContain(made.id);
  expect((await call(api, path, { method: 'DELETE' })).status).toBe(204);
  expect((await call(api, path)).status).toBe(404);
  expect(await api.keys(`datasets/${made.id}/`)).toEqual([]);
});

test('an experiment is made of an upload, and of what another one holds', async () => {
  const headers = { 'content-type': 'application/octet-stream' };
  const sent = await call(api, '/api/uploads?name=table.csv', { body: CSV, headers });
  expect(sent.status).toBe(201);
  const upload = await json<Upload>(sent);
  expect(upload).toMatchObject({ name: 'table.csv', size: CSV.length, sha256: sha256(CSV) });
  expect(await json(call(api, `/api/uploads/${upload.id}/preview`))).toMatchObject({ rows: 1 });
  const made = await call(api, '/api/experiments', { json: { upload_id: upload.id, name: 'from upload' } });
  expect(made.status).toBe(201);
  const experiment = await json<Experiment>(made);
  const key = `datasets/${experiment.id}/table.csv`;
  expect(experiment.dataset.files[0]).toMatchObject({ s3_path: key });
  const again = await call(api, '/api/experiments', { json: { dataset_ref: `s3://tempera/${key}` } });
  expect(again.status).toBe(201);
  const both = await call(api, '/api/experiments', {
    json: { upload_id: upload.id, dataset_ref: 's3://x/y' },
  });
  expect(both.status).toBe(400);
});

test.each([
  ['a wrong target', () => form({ target: 'nothing' }), 422, 'UNKNOWN_TARGET'],
  ['an unknown metric', () => form({ metric: 'beauty' }), 400, 'INVALID_INPUT'],
  [
    'a problem that the target is not',
    () => form({ target: 'species', problem_type: 'regression' }),
    400,
    'INVALID_INPUT',
  ],
  ['an unknown excluded column', () => form({ excluded_columns: 'mas' }), 400, 'INVALID_INPUT'],
  ['one column', () => form({}, 'a\n1\n'), 422, 'INVALID_DATASET'],
  ['an empty file', () => form({}, ''), 422, 'INVALID_DATASET'],
  ['NUL bytes', () => form({}, 'a,b\n1,\0\n'), 422, 'INVALID_DATASET'],
  ['another kind of file', () => form({}, CSV, 'a.exe'), 415, 'UNSUPPORTED_TYPE'],
  ['an unknown field', () => form({ colour: 'red' }), 400, 'INVALID_INPUT'],
  ['a seed that is no number', () => form({ seed: 'x' }), 400, 'INVALID_INPUT'],
  ['an absent test file', () => form({ test_file: 'b.csv' }), 400, 'INVALID_INPUT'],
  [
    'more than the limit',
    () => form({}, new Blob([Buffer.alloc(9 * 1024 * 1024, 'a,b\n')])),
    413,
    'TOO_LARGE',
  ],
])('%s is refused and leaves nothing', async (_name, body, status, code) => {
  const before = await traces();
  const response = await call(api, '/api/experiments', { body: body() });
  expect(response.headers.get('content-type')).toMatch('application/problem+json');
  expect(await json(response)).toMatchObject({ status, code });
  expect(response.status).toBe(status);
  expect(await traces()).toEqual(before);
});

test('a refused table is named with its remedy', async () => {
  const problem = await json(call(api, '/api/experiments', { body: form({ target: 'nothing' }) }));
  expect(problem.detail).toBe("penguins.csv has no column 'nothing'. Its columns are species, mass.");
  expect(problem.details).toEqual({ file: 'penguins.csv', target: 'nothing' });
});

test('an upload and a change are refused what the table cannot give, with the name that was meant', async () => {
  const headers = { 'content-type': 'application/octet-stream' };
  const upload = await json(call(api, '/api/uploads?name=table.csv', { body: CSV, headers }));
  const wrong = { upload_id: upload.id, excluded_columns: ['mas'] };
  const refused = await call(api, '/api/experiments', { json: wrong });
  expect([refused.status, (await json(refused)).detail]).toEqual([
    400,
    "excluded_columns: table.csv has no column 'mas'. Did you mean 'mass'?",
  ]);
  const { id } = await newExperiment(api);
  const change = (patch: object) => call(api, `/api/experiments/${id}`, { method: 'PATCH', json: patch });
  expect((await json(change({ metric: 'rocauc' }))).detail).toContain("Did you mean 'roc_auc'?");
  expect((await json(change({ problem_type: 'regression' }))).details).toMatchObject({
    field: 'problem_type',
  });
  expect((await change({ metric: 'accuracy', excluded_columns: ['mass'] })).status).toBe(400);
  expect((await change({ metric: 'accuracy' })).status).toBe(200);
});

test('a column whose name holds a line break can be named in a form, which sends it as two characters', async () => {
  const table = `"price\n(net)",size\n${Array.from({ length: 30 }, (_, at) => `${at * 1.5},${at % 7}`).join('\n')}\n`;
  const made = await json(call(api, '/api/experiments', { body: form({ target: 'price\n(net)' }, table) }));
  expect(made.target).toBe('price\n(net)');
});

test('a sandbox that is away is 503, says no address and leaves nothing', async () => {
  const before = await traces();
  api.tools.away = true;
  const response = await call(api, '/api/experiments', { body: form({}) });
  api.tools.away = false;
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await response.text()).not.toContain('10.0.0.9');
  expect(await traces()).toEqual(before);
});

test('an upload that breaks off leaves nothing', async () => {
  const before = await traces();
  const idle = await connections(api);
  const { hostname, port } = new URL(api.url);
  const type = 'application/octet-stream';
  const socket = connect(Number(port), hostname);
  const head = `POST /api/uploads?name=a.csv HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: ${type}`;
  socket.write(`${head}\r\ncontent-length: 100000\r\n\r\n${CSV}`);
  await until(async () => (await connections(api)) > idle);
  socket.destroy();
  await once(socket, 'close');
  await until(async () => (await connections(api)) <= idle);
  expect(await traces()).toEqual(before);
});

test('ten requests with one key make one experiment, and another request with it is refused', async () => {
  const headers = { 'idempotency-key': newId() };
  const send = (name: string) => call(api, '/api/experiments', { body: form({ name }), headers });
  const all = await Promise.all(Array.from({ length: 10 }, () => send('once')));
  expect(all.map((response) => response.status)).toEqual(Array(10).fill(201));
  const ids = new Set((await Promise.all(all.map((response) => json(response)))).map(({ id }) => id));
  expect(ids.size).toBe(1);
  expect(await api.db.query("select id from experiments where name = 'once'")).toHaveLength(1);
  expect((await api.keys('datasets/')).filter((key) => key.includes(String([...ids][0])))).toHaveLength(1);
  const other = await send('else');
  expect([other.status, (await json(other)).code]).toEqual([409, 'IDEMPOTENCY_MISMATCH']);
});

test('a key of one kind of creation is no answer to another', async () => {
  const { id } = await newExperiment(api);
  const headers = { 'idempotency-key': newId() };
  const sessions = await Promise.all(
    [0, 1, 2].map(() => call(api, `/api/experiments/${id}/sessions`, { json: {}, headers })),
  );
  const ids = new Set(
    (await Promise.all(sessions.map((response) => json(response)))).map((session) => session.id),
  );
  expect(ids.size).toBe(1);
  const upload = await call(api, '/api/experiments', { body: form({}), headers });
  expect(upload.status).toBe(409);
  const wrong = await call(api, `/api/experiments/${id}/sessions`, {
    json: {},
    headers: { 'idempotency-key': 'a b' },
  });
  expect(wrong.status).toBe(400);
});

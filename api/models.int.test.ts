/** Predictions over REST: bodies that are taken, and the answer as it comes. */

import { newId, sha256 } from '../core/ids.ts';
import { insertStageRun, upsertArtifacts } from '../db/index.ts';
import { startTestApi, type TestApi } from './testing/api-server.ts';
import { call, form, json, newSession } from './testing/client.ts';

let api: TestApi;
let path: string;

beforeAll(async () => {
  api = await startTestApi();
  const session = await newSession(api);
  const model = newId();
  const at = 'train/models/model.pkl';
  const content = { s3_path: `sessions/${session.id}/${at}`, size: 1, sha256: sha256('model') };
  const made = { session_id: session.id, stage: 'train' as const, run: 1, step_id: null };
  await api.db.transaction(async (tx) => {
    await insertStageRun(tx, { session_id: session.id, stage: 'train', run: 1, state: 'done' });
    await upsertArtifacts(tx, [
      { id: model, ...made, type: 'model', name: 'model.pkl', path: at, ...content },
    ]);
  });
  path = `/api/models/${model}/predict-file`;
}, 60_000);

afterAll(async () => {
  await api?.close();
});

const typed = (type: string, name = 'rows.csv') =>
  call(api, `${path}?name=${name}`, { body: 'a\n1\n', headers: { 'content-type': type } });

test.each(['text/csv', 'text/csv; charset=utf-8', 'application/octet-stream', 'text/tab-separated-values'])(
  'a file as %s is predicted, in pieces, and nothing of it is kept',
  async (type) => {
    const answer = await typed(type);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(answer.headers.get('content-length')).toBeNull();
    expect(await answer.text()).toBe('a,predicted_b\n1,yes\n');
    expect(await api.keys('uploads/')).toEqual([]);
  },
);

test('a form is predicted, too', async () => {
  const answer = await call(api, path, { body: form({}, 'a\n1\n', 'rows.csv') });
  expect(await answer.text()).toBe('a,predicted_b\n1,yes\n');
});

test('what is wrong with a file is said as a problem, before anything else', async () => {
  const answer = await typed('text/csv', 'odd.csv');
  expect([answer.status, (await json(answer)).detail]).toEqual([422, 'odd.csv: a column is missing.']);
  expect(await api.keys('uploads/')).toEqual([]);
  expect((await typed('text/plain')).status).toBe(415);
  expect((await call(api, path, { json: {} })).status).toBe(400);
});

test('a file as text/csv is an upload', async () => {
  const headers = { 'content-type': 'text/csv' };
  const answer = await call(api, '/api/uploads?name=a.csv', { body: 'a,b\n1,2\n', headers });
  expect(answer.status).toBe(201);
});

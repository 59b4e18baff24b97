/**
 * Requests that no well-meaning client sends: each is a 400 that names the field, on every route, and leaves
 * nothing.
 */

import { gzipSync } from 'node:zlib';
import type { z } from 'zod';
import { newId, sha256 } from '../core/ids.ts';
import { insertStageRun, upsertArtifacts } from '../db/index.ts';
import { startTestApi, type TestApi } from './testing/api-server.ts';
import { CSV, call, json, newSession, send } from './testing/client.ts';
import { storeRun } from './testing/stored-run.ts';

let api: TestApi;
/** Ids that exist, by what a route's first part names. */
let ids: Record<string, string>;

beforeAll(async () => {
  api = await startTestApi();
  const session = await newSession(api);
  const headers = { 'content-type': 'application/octet-stream' };
  const upload = await json<{ id: string }>(call(api, '/api/uploads?name=a.csv', { body: CSV, headers }));
  const model = newId();
  const path = 'train/models/model.pkl';
  const made = { session_id: session.id, stage: 'train' as const, run: 1, step_id: null };
  const content = { s3_path: `sessions/${session.id}/${path}`, size: 1, sha256: sha256('model') };
  await api.db.transaction(async (tx) => {
    await insertStageRun(tx, { session_id: session.id, stage: 'train', run: 1, state: 'done' });
    await upsertArtifacts(tx, [{ id: model, ...made, type: 'model', name: 'model.pkl', path, ...content }]);
  });
  const { source, run } = await storeRun(api);
  ids = {
    ...{ models: model, experiments: session.experiment_id, uploads: upload.id, sessions: session.id },
    ...{ 'data-sources': source, fsm: run, datasets: run, vocabularies: 'tempera' },
  };
}, 60_000);
afterAll(() => api?.close());

/** A good body of each route that takes one, with every text that it may hold. */
const BODIES: Record<string, Record<string, unknown>> = {
  'POST /api/experiments': {
    ...{ upload_id: 'x', name: 'x', description: 'x', instructions: 'x', target: 'x', metric: 'x' },
    ...{ excluded_columns: ['x'], test_file: 'x', split_column: 'x' },
  },
  'PATCH /api/experiments/:id': {
    ...{ name: 'x', description: 'x', instructions: 'x', target: 'x', metric: 'x', excluded_columns: ['x'] },
  },
  'POST /api/experiments/:id/sessions': {
    ...{ model: 'autopilot/standard', decisions: [{ key: 'metric', value: 'x' }] },
  },
  'POST /api/sessions/:id/messages': { text: 'x' },
  'POST /api/sessions/:id/answers/:questionId': { text: 'x' },
  'POST /api/sessions/:id/approvals/:approvalId': { approved: true, note: 'x' },
  'POST /api/sessions/:id/again': {
    ...{ upload_id: 'x', name: 'x', model: 'autopilot/standard', answers: { target: 'x' }, test_file: 'x' },
  },
  'POST /api/sessions/:id/fork': { step: 'x' },
  'POST /api/sessions/:id/decisions': { changes: [{ key: 'metric', value: 'x' }], how: 'fork' },
  'POST /api/sessions/:id/sql': { sql: 'x' },
  'POST /api/sign-in': { key: 'x' },
  'POST /api/data-sources': {
    ...{ display_name: 'x', source_type: 'files', source_uri: 'x', upload_ids: ['x'], connection: 'x' },
    vocabulary_id: 'x',
  },
  'POST /api/data-sources/:id/reviews/undo': { ids: ['x'] },
  'POST /api/vocabularies/:id/attachments': { meaning: 'x', code: 'x', change: 'attach' },
  'POST /api/vocabularies/:id/attachments/undo': { ids: ['x'] },
  'PUT /api/vocabularies/:id': { name: 'x', text: 'x' },
  'POST /api/fsm/start': { source_id: 'x', settings: { model: 'autopilot/standard' } },
  'POST /api/fsm/runs/:id/reviews': { items: [{ column: 'x', decision: 'correct', code: 'x', note: 'x' }] },
  'POST /api/classify/explain': {
    ...{ name: 'x', values: ['x'], table: 'x', type: 'x', siblings: ['x'], vocabulary_id: 'x' },
  },
  'POST /api/models/:id/predict': { rows: [{ a: 'x' }] },
  'POST /api/webhooks': { url: 'x' },
  'POST /api/keys': { name: 'x', role: 'user', owner: 'x' },
  'POST /api/data-connections': { name: 'x', type: 'postgres', address: 'x', credentials: { user: 'x' } },
};
/** Bodies without any text. */
const TEXTLESS = new RegExp(
  '/(start|cancel|resume|stop-after-step|limits|drain|test|activate|replay|rotate|sign-out)$' +
    '|^POST /api/(uploads|models/:id/predict-file)$|^PATCH /api/webhooks/:id$|^PUT /api/budgets/:id$',
);
const FORMS = [
  ...['/api/experiments', '/api/sessions/:id/again', '/api/uploads', '/api/models/:id/predict-file'],
];
/** Of a table and a test file. */
const FORMS_OF_TWO = ['/api/experiments', '/api/sessions/:id/again'];
const BAD_TEXTS = ['a\0b', '\ud800', 'a\udfffb'];

function addressOf(pattern: string): string {
  const id = ids[pattern.split('/')[2] ?? ''] ?? newId();
  return pattern.replace(':id', id).replace(':stage', 'eda').replace('*', 'a').replace(/:\w+/, newId());
}

async function refusal(answer: Response): Promise<{ status: number; field: unknown }> {
  const problem = await json<{ details?: { issues?: { field: string }[]; field?: string } }>(answer);
  return { status: answer.status, field: problem.details?.issues?.[0]?.field ?? problem.details?.field };
}

const writing = () => api.app.routes.filter(({ method }) => ['POST', 'PATCH', 'PUT'].includes(method));

/** The value with its `at`-th text replaced; null where it has no more. */
function spoiled(value: unknown, at: number, bad: string): { value: unknown; path: string } | null {
  let seen = -1;
  let path = '';
  const change = (each: unknown, where: string): unknown => {
    if (typeof each === 'string') {
      seen += 1;
      if (seen !== at) return each;
      path = where;
      return bad;
    }
    if (Array.isArray(each)) return each.map((item, index) => change(item, `${where}.${index}`));
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(
      Object.entries(each).map(([key, item]) => [key, change(item, `${where}.${key}`)]),
    );
  };
  const changed = change(value, 'body');
  return path === '' ? null : { value: changed, path };
}

test('no text field of any body takes a NUL or half a character', async () => {
  for (const { method, url } of writing()) {
    const route = `${method} ${url}`;
    const body = BODIES[route];
    // a route that is added stands in one of the two lists
    expect([route, body !== undefined || TEXTLESS.test(route)]).toEqual([route, true]);
    for (const bad of BAD_TEXTS) {
      for (let at = 0; body !== undefined; at += 1) {
        const wrong = spoiled(body, at, bad);
        if (wrong === null) break;
        const answer = await call(api, addressOf(url), { method, json: wrong.value });
        expect([route, await refusal(answer)]).toEqual([route, { status: 400, field: wrong.path }]);
      }
    }
  }
});

test('no parameter of any address takes a NUL', async () => {
  for (const { method, url, schema } of api.app.routes) {
    const names = Object.keys((schema?.querystring as z.ZodObject | undefined)?.shape ?? {});
    for (const name of names) {
      const answer = await call(api, `${addressOf(url)}?${name}=a%00b`, { method });
      expect([method, url, await refusal(answer)]).toEqual([
        ...[method, url],
        { status: 400, field: `querystring.${name}` },
      ]);
    }
    for (const [parameter = ''] of url.matchAll(/:\w+/g)) {
      const path = addressOf(url.replace(parameter, 'a%00b'));
      const answer = await call(api, path, { method });
      expect([method, url, (await refusal(answer)).status]).toEqual([method, url, 400]);
    }
  }
});

const ODD_NUMBERS = ['2147483648', '-1', '0', '1.5', '1e308', 'NaN', 'Infinity', '9007199254740993', 'x', ''];

test('no odd number in any address is more than a refusal', async () => {
  for (const { method, url, schema } of api.app.routes) {
    if (method !== 'GET' || /\/stream$|^\/\*$/.test(url)) continue;
    for (const name of Object.keys((schema?.querystring as z.ZodObject | undefined)?.shape ?? {})) {
      for (const value of ODD_NUMBERS) {
        const answer = await call(api, `${addressOf(url)}?${name}=${value}`);
        expect([url, name, value, answer.status < 500]).toEqual([url, name, value, true]);
        await answer.body?.cancel();
      }
      if (name !== 'run') continue;
      expect((await call(api, `${addressOf(url)}?run=2147483648`)).status).toBe(400);
      expect((await call(api, `${addressOf(url)}?run=2147483647`)).status).toBe(200);
    }
  }
});

test('a number that is none is refused with its cell, and a nesting without end is', async () => {
  const path = addressOf('/api/models/:id/predict');
  const headers = { 'content-type': 'application/json' };
  const infinite = await call(api, path, { body: '{"rows": [{"a": 1}, {"b": -1e999}]}', headers });
  expect(await refusal(infinite)).toEqual({ status: 400, field: 'body.rows.1.b' });
  const deep = `{"rows": [{"a": ${'['.repeat(20_000)}${']'.repeat(20_000)}}]}`;
  expect((await refusal(await call(api, path, { body: deep, headers }))).status).toBe(400);
});

test('a packed body is refused on every route that takes one', async () => {
  for (const { method, url } of writing()) {
    const body = gzipSync(JSON.stringify(BODIES[`${method} ${url}`] ?? {}));
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const answer = await call(api, addressOf(url), {
      method,
      body: new Blob([new Uint8Array(body)]),
      headers,
    });
    expect([url, await refusal(answer)]).toEqual([url, { status: 400, field: 'header.content-encoding' }]);
  }
});

describe.each(FORMS)('a form to %s', (url) => {
  const TYPE = 'multipart/form-data; boundary=b';
  const file = (name: string, text = CSV) =>
    `--b\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ` +
    `text/csv\r\n\r\n${text}\r\n`;
  const field = (name: string, text: string) =>
    `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
  const END = '--b--\r\n';
  const post = (body: string, type = TYPE) =>
    send(api, addressOf(url), { method: 'POST', body, headers: { 'content-type': type } });

  test.each([
    ['without a boundary', `${file('t.csv')}${END}`, 'multipart/form-data'],
    ['without an end', file('t.csv'), TYPE],
    ['that ends in its file', file('t.csv').slice(0, -6), TYPE],
    ['that ends in the head of its file', file('t.csv').slice(0, 40), TYPE],
    ['that ends in a field', field('target', 'species').slice(0, -4), TYPE],
    ['that is empty', '', TYPE],
    ['that is something else', 'x'.repeat(100), TYPE],
    ['with a NUL in a field', `${field('target', 'a\0b')}${file('t.csv')}${END}`, TYPE],
    ['with a NUL in a field’s name', `${field('tar\0get', 'x')}${file('t.csv')}${END}`, TYPE],
    ['with a NUL in a file’s name', `${file('t\0.csv')}${END}`, TYPE],
    ['with a field that nobody knows', `${field('colour', 'red')}${file('t.csv')}${END}`, TYPE],
    [
      'with a field that is given twice',
      `${field('name', 'a')}${field('name', 'b')}${file('t.csv')}${END}`,
      TYPE,
    ],
  ])('%s is refused, and nothing of it is kept', async (_name, body, type) => {
    const answer = await post(body, type);
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([400, 'INVALID_INPUT']);
    expect(await api.keys('uploads/')).toHaveLength(1);
    expect((await api.keys('datasets/')).filter((key) => key.includes('t.csv'))).toEqual([]);
  });

  test('with one file too many is refused, and nothing of it is kept', async () => {
    const files = FORMS_OF_TWO.includes(url) ? ['t.csv', 'u.csv', 'v.csv'] : ['t.csv', 'u.csv'];
    const answer = await post(`${files.map((name) => file(name)).join('')}${END}`);
    expect([400, 413]).toContain(answer.status);
    expect(await api.keys('uploads/')).toHaveLength(1);
  });
});

test('a list that comes in several fields is taken whole', async () => {
  const form = new FormData();
  form.append('excluded_columns', 'mass');
  form.append('excluded_columns', '["species"]');
  form.set('file', new Blob(['species,mass,year\na,1,2\n']), 'lists.csv');
  const made = await json<{ excluded_columns: string[] }>(call(api, '/api/experiments', { body: form }));
  expect(made.excluded_columns).toEqual(['mass', 'species']);
});

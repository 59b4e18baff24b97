/** Who may reach what: owners, hosts, origins, paths; no part of a file is put to a part of another (`If-Range`). */

import { isAllowed } from '../core/access/policies.ts';
import { newId, sha256 } from '../core/ids.ts';
import type { Session } from '../core/records.ts';
import { insertStageRun, upsertArtifacts } from '../db/index.ts';
import { type TestApi, useTestApi } from './testing/api-server.ts';
import { CSV, call, json, newSession, raw, storeCheckpoint } from './testing/client.ts';
import { storeRun } from './testing/stored-run.ts';

let api: TestApi;
useTestApi((started) => {
  api = started;
});

/** Routes that answer everybody, each with what is theirs. */
const OPEN = new RegExp(
  String.raw`^(GET \/\*|GET \/api\/(me|live|health|ready|status|endpoints|experiments|sessions|models|agents` +
    String.raw`|stream|compare|data-connections|openapi\.json|docs|docs\/style\.css|data-sources|vocabularies` +
    String.raw`|vocabulary\/stats|datasets|budgets|webhooks|usage|fsm\/(runs|status))` +
    String.raw`|POST \/api\/(experiments|uploads|data-connections|data-sources|webhooks|fsm\/start` +
    String.raw`|classify\/explain|sign-in|sign-out))$`,
);

/** Routes that only an admin may ask. */
const ADMINS = /^(GET \/api\/audit|(PUT|DELETE) \/api\/budgets)/;

const BODIES: Record<string, object> = {
  '/api/sessions/:id/messages': { text: 'x' },
  '/api/sessions/:id/answers/:questionId': { text: 'x' },
  '/api/sessions/:id/approvals/:approvalId': { approved: true },
  '/api/sessions/:id/decisions': { changes: [{ key: 'target', value: 'mass' }] },
  '/api/sessions/:id/again': { upload_id: 'x' },
  '/api/sessions/:id/fork': { step: '00000000-0000-8000-8000-000000000000' },
  '/api/models/:id/predict': { rows: [{ a: 1 }] },
  '/api/endpoints/:id/drain': { on: true },
  '/api/sessions/:id/sql': { sql: 'select 1' },
  '/api/vocabularies/:id/attachments': { meaning: 'email', code: 'a', change: 'attach' },
  '/api/vocabularies/:id/attachments/undo': { ids: [newId()] },
  '/api/vocabularies/:id': { name: 'x', text: 'code,label\na,A\n' },
  '/api/data-sources/:id/reviews/undo': { ids: [newId()] },
  '/api/fsm/runs/:id/reviews': { items: [{ column: '0.0', decision: 'accept' }] },
};

/** False for what no user may ask at all, whosever it is. */
function isOwn(route: string): boolean {
  const { permission = 'open' } =
    api.app.routes.find(({ method, url }) => `${method} ${url}` === route) ?? {};
  if (permission === 'open' || permission === 'anyone') return true;
  return isAllowed(api.dependencies.policies.current(), { role: 'user' }, permission);
}

test('another owner’s things are not there, on every route', async () => {
  const session = await newSession(api, 'ann');
  const headers = { 'content-type': 'application/octet-stream' };
  const upload = await json(call(api, '/api/uploads?name=a.csv', { owner: 'ann', body: CSV, headers }));
  const model = newId();
  const path = 'train/models/model.pkl';
  const content = { s3_path: `sessions/${session.id}/${path}`, size: 1, sha256: sha256('model') };
  const made = { session_id: session.id, stage: 'train' as const, run: 1, step_id: null };
  await api.db.transaction(async (tx) => {
    await insertStageRun(tx, { session_id: session.id, stage: 'train', run: 1, state: 'done' });
    await upsertArtifacts(tx, [{ id: model, ...made, type: 'model', name: 'model.pkl', path, ...content }]);
  });
  const { source, run } = await storeRun(api, { owner: { id: 'ann', role: 'user' }, scope: 'private' });
  const vocabulary = { name: 'Ann’s', text: 'code,label\na,A\n' };
  await call(api, '/api/vocabularies/anns', { method: 'PUT', owner: 'ann', json: vocabulary });
  const hook = { url: 'http://127.0.0.1:9/', events: ['session.done'] };
  const webhook = await json(call(api, '/api/webhooks', { owner: 'ann', json: hook }));
  const ids: Record<string, unknown> = {
    ...{ 'data-sources': source, fsm: run, datasets: run, vocabularies: 'anns' },
    webhooks: webhook.id,
    models: model,
    experiments: session.experiment_id,
    uploads: upload.id,
    sessions: session.id,
  };
  const routes = api.app.routeList.filter((route) => !OPEN.test(route) && !ADMINS.test(route));
  expect(routes.length).toBeGreaterThan(25);
  for (const route of routes) {
    const [method = '', pattern = ''] = route.split(' ');
    const id = String(ids[pattern.split('/')[2] ?? '']);
    const path = pattern
      .replace(':id', id)
      .replace(':stage', 'eda')
      .replace(':stream', 'stdout')
      .replace('*', 'eda/report.md')
      .replace(/:\w+/, newId());
    const body = method === 'GET' || method === 'DELETE' ? {} : { json: BODIES[pattern] ?? {} };
    const response = await call(api, path, { method, owner: 'bob', ...body });
    expect([route, response.status]).toEqual([route, isOwn(route) ? 404 : 403]);
    await response.body?.cancel();
  }
  expect((await call(api, `/api/sessions/${session.id}`, { owner: 'ann' })).status).toBe(200);
  expect((await call(api, `/api/models/${model}`, { owner: 'ann' })).status).toBe(200);
  expect((await call(api, `/api/fsm/runs/${run}`, { owner: 'ann' })).status).toBe(200);
  const listed = async (owner: string) =>
    (await json<{ items: { id: string }[] }>(call(api, '/api/models', { owner }))).items.map(({ id }) => id);
  expect([await listed('ann'), await listed('bob')]).toEqual([[model], []]);
});

/** What changes nothing, whoever asks; decisions by a dry run alone. */
const READING = [
  'POST /api/sessions/:id/sql',
  'POST /api/models/:id/predict',
  'POST /api/models/:id/predict-file',
  'POST /api/sessions/:id/decisions',
  'POST /api/data-sources/:id/test',
  'POST /api/classify/explain',
  // nobody is known yet, or any more
  'POST /api/sign-in',
  'POST /api/sign-out',
];

test('who may only read is refused on every route that changes something, and answered on the others', async () => {
  const session = await newSession(api, 'rita');
  const headers = { 'x-test-role': 'readonly' };
  const ask = (method: string, path: string, body: object = {}) =>
    call(api, path, { method, owner: 'rita', headers, ...(method !== 'GET' && { json: body }) });
  const changing = api.app.routeList.filter((route) => !/^GET /.test(route) && !READING.includes(route));
  expect(changing.length).toBeGreaterThan(12);
  for (const route of changing) {
    const [method = '', pattern = ''] = route.split(' ');
    const answer = await ask(method, pattern.replace(':id', session.id).replace(/:\w+/, newId()));
    expect([route, answer.status, (await json(answer)).code]).toEqual([route, 403, 'FORBIDDEN']);
  }
  const path = `/api/sessions/${session.id}/decisions`;
  const body = { changes: [{ key: 'metric', value: 'accuracy' }] };
  expect((await ask('GET', path)).status).toBe(200);
  expect((await ask('POST', path, { ...body, dry_run: true })).status).toBe(200);
  const ordered = await ask('POST', path, body);
  expect([ordered.status, (await json(ordered)).code]).toEqual([403, 'FORBIDDEN']);
  expect((await json<{ items: unknown[] }>(ask('GET', path))).items).toHaveLength(1);
});

test('lists and references hold one’s own', async () => {
  const session = await newSession(api, 'carl');
  const sessions = async (owner: string) => {
    const { items } = await json<{ items: Session[] }>(call(api, '/api/sessions', { owner }));
    return items.map((item) => item.id);
  };
  expect(await sessions('carl')).toEqual([session.id]);
  expect(await sessions('dora')).toEqual([]);
  const dataset_ref = `s3://tempera/datasets/${session.experiment_id}/penguins.csv`;
  expect((await call(api, '/api/experiments', { owner: 'dora', json: { dataset_ref } })).status).toBe(404);
});

test.each([
  ['another host', { host: 'evil.example' }, 421, 'WRONG_HOST'],
  ['another page', { origin: 'http://evil.example' }, 403, 'WRONG_ORIGIN'],
  ['a sandboxed page', { origin: 'null' }, 403, 'WRONG_ORIGIN'],
])('%s is refused on every route', async (_name, headers, status, code) => {
  for (const route of [...api.app.routeList, 'GET /nowhere']) {
    const [method = '', path = ''] = route.split(' ');
    const answer = await raw(api, path, { headers, method });
    expect([route, answer.status, JSON.parse(answer.text).code]).toEqual([route, status, code]);
  }
});

test('text is not taken for JSON, and an unknown field is refused', async () => {
  const text = await call(api, '/api/experiments', { body: '{}', headers: { 'content-type': 'text/plain' } });
  expect([text.status, (await json(text)).code]).toEqual([415, 'UNSUPPORTED_TYPE']);
  const session = await newSession(api);
  const field = await call(api, `/api/sessions/${session.id}/cancel`, { json: { force: true } });
  expect([field.status, (await json(field)).code]).toEqual([400, 'INVALID_INPUT']);
  const broken = await call(api, `/api/sessions/${session.id}/cancel`, {
    body: '{',
    headers: { 'content-type': 'application/json' },
  });
  expect(broken.status).toBe(400);
  const query = await call(api, '/api/sessions?colour=red');
  expect(query.status).toBe(400);
});

test('every answer carries the security headers', async () => {
  for (const path of ['/api/live', '/api/sessions/nothing', '/nowhere', '/%']) {
    const { headers } = await call(api, path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('files are listed and read, whole and in part, from the last checkpoint', async () => {
  const session = await newSession(api);
  const path = `/api/sessions/${session.id}/files`;
  expect(await json(call(api, path))).toEqual({ checkpoint: null, path: '', entries: [], truncated: false });
  const files = { 'eda/report.md': '# Report', 'eda/figures/a b.html': '<script>' };
  await storeCheckpoint(api, session, { ...files, latest: { link: 'eda/report.md' } });
  const tree = await json<{ entries: { path: string }[] }>(call(api, `${path}?path=eda`));
  expect(tree.entries.map((entry) => entry.path)).toEqual(['eda/figures/a b.html', 'eda/report.md']);
  const report = await call(api, `${path}/eda/report.md`);
  expect([report.status, await report.text()]).toEqual([200, '# Report']);
  const etag = `"${sha256('# Report')}"`;
  expect(report.headers.get('etag')).toBe(etag);
  const part = await call(api, `${path}/latest`, { headers: { range: 'bytes=2-4' } });
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
    206,
    'bytes 2-4/8',
    'Rep',
  ]);
  expect((await call(api, `${path}/latest`, { headers: { range: 'bytes=9-' } })).status).toBe(416);
  const other = { range: 'bytes=2-4', 'if-range': `"${sha256('# Older')}"` };
  const whole = await call(api, `${path}/latest`, { headers: other });
  expect([whole.status, await whole.text()]).toEqual([200, '# Report']);
  const same = await call(api, `${path}/latest`, { headers: { ...other, 'if-range': etag } });
  expect([same.status, await same.text()]).toEqual([206, 'Rep']);
  expect((await call(api, `${path}/latest`, { headers: { 'if-none-match': etag } })).status).toBe(304);
  const head = await call(api, `${path}/latest`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '8']);
  const page = await call(api, `${path}/eda/figures/a%20b.html`);
  expect(page.headers.get('content-disposition')).toMatch(/^attachment/);
  expect(page.headers.get('content-security-policy')).toMatch(/^sandbox/);
});

describe('a path that leads out', () => {
  let session: Session;
  beforeAll(async () => {
    session = await newSession(api);
    const links = { out: { link: '../../../etc/passwd' }, absolute: { link: '/etc/passwd' } };
    await storeCheckpoint(api, session, { 'eda/report.md': 'secret', ...links });
  });

  test.each([
    '../x',
    '../../../../etc/passwd',
    '%2e%2e/x',
    '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '%252e%252e/x',
    '..%5cx',
    '/etc/passwd',
    '%2fetc%2fpasswd',
    'eda%00.md',
    'eda/../../x',
    '%',
    '%c0%ae%c0%ae/x',
    'out',
    'absolute',
  ])('%s gives no content', async (path) => {
    const answer = await raw(api, `/api/sessions/${session.id}/files/${path}`);
    expect([400, 403]).toContain(answer.status);
    expect(JSON.parse(answer.text).code).toBe('INVALID_PATH');
    const listed = await raw(api, `/api/sessions/${session.id}/files?path=${path}`);
    expect([400, 403, 404]).toContain(listed.status);
    expect(answer.text + listed.text).not.toMatch(/secret|root:/);
  });
});

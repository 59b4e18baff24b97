/** Classification over REST with a real Temporal server, the real workflow and tables that stand here. */

import type { ColumnDetail, QueuedColumn, RunMap, VocabularyStats } from '../core/classification/answers.ts';
import type {
  ClassificationRun,
  ClassifiedColumn,
  ListedSource,
  Review,
} from '../core/classification/records.ts';
import { newId } from '../core/ids.ts';
import { fixedTables } from '../sources/testing/fixed-tables.ts';
import { until } from '../tests/platform/wait.ts';
import { registerBundled } from './services/classification/bundled.ts';
import type { TestApi } from './testing/api-server.ts';
import { type ClassifyingApi, startClassifyingApi } from './testing/classification.ts';
import { type CallOptions, call, json, readStream } from './testing/client.ts';

const EMAILS = ['ada@example.com', 'bob@example.org', 'eve@example.net'];
const OPAQUE = { zq: ['q', 'w'], v: ['7', '8'] };
const TABLES: Record<string, Record<string, Record<string, string[]>>> = {
  sample: {
    // alike but for their names and their numbers
    clients_1: { email: EMAILS, cust_no: ['A1', 'B2'], ...OPAQUE },
    clients_2: { email: EMAILS, cust_no: ['C3', 'D4'], zq: ['q', 'w'] },
  },
};

let classifying: ClassifyingApi;
let api: TestApi;
/** Tables of these sources are sampled when the test lets them. */
const held = new Map<string, Promise<void>>();

beforeAll(async () => {
  classifying = await startClassifyingApi(fixedTables(TABLES, async ({ id }) => await held.get(id)));
  api = classifying.api;
}, 120_000);
afterAll(() => classifying?.close(), 60_000);

const post = (path: string, body: unknown, options: CallOptions = {}) =>
  call(api, path, { ...options, json: body });
const get = <T = Record<string, unknown>>(path: string, owner?: string) =>
  json<T>(call(api, path, { owner }));
const READER = { headers: { 'x-test-role': 'readonly' }, owner: 'reader' };

async function ended(id: string): Promise<ClassificationRun> {
  const events = await readStream(api, { path: `/api/fsm/runs/${id}/stream` }, (seen) =>
    seen.some(({ data }) => /^(CONVERGED|STOPPED|ERROR|CANCELLED)$/.test(String(data.state))),
  );
  expect(events[0]).toMatchObject({ type: 'classification', data: { state: 'IDLE' } });
  return await get<ClassificationRun>(`/api/fsm/runs/${id}`);
}

const lastRun = async (source = 'sample') =>
  (await get<{ run_id: string }>(`/api/fsm/status?source_id=${source}`)).run_id;

async function newSource(owner?: string, fields: object = {}): Promise<ListedSource> {
  const upload = await call(api, '/api/uploads?name=t.csv', {
    ...{ owner, body: 'email,x1\nada@example.com,q\n', headers: { 'content-type': 'text/csv' } },
  });
  const { id } = await json<{ id: string }>(upload);
  const body = { display_name: 'Files', source_type: 'files', upload_ids: [id], ...fields };
  const source = await json<ListedSource>(post('/api/data-sources', body, { owner }));
  TABLES[source.id] = { t: { email: EMAILS, ...OPAQUE } };
  return source;
}

test('without a worker nothing is started, and nothing is left', async () => {
  const registered = new AbortController();
  const registering = registerBundled(api.dependencies, registered.signal);
  await until('the sample source is there', async () => (await call(api, '/api/data-sources/sample')).ok);
  registered.abort();
  await registering;
  // what is tried again without end stands in the status, with its reason for who may know addresses
  const problem = { what: 'registering the sample source', is_retried: true, at: expect.any(String) };
  expect(await get('/api/status')).toMatchObject({
    start_problems: [{ ...problem, message: expect.stringContaining('worker') }],
  });
  expect(await json(call(api, '/api/status', READER))).toMatchObject({
    start_problems: [{ ...problem, message: null }],
  });
  const key = { headers: { 'idempotency-key': 'again' } };
  const refused = await post('/api/fsm/start', {}, key);
  expect([refused.status, (await json(refused)).code]).toEqual([503, 'WORKFLOW_UNAVAILABLE']);
  expect(await get('/api/fsm/runs')).toMatchObject({ items: [] });
  expect(await get('/api/fsm/status')).toEqual({
    ...{ source_id: 'sample', run_id: '', state: 'IDLE', started_at: null, progress_json: '{}', error: null },
  });
  expect(await get('/api/vocabulary/stats')).toMatchObject({ run_id: null, found: [], coverage: 0 });
});

test('with a worker the sample source gets its first version at start, which its events tell of', async () => {
  await classifying.work();
  await registerBundled(api.dependencies, new AbortController().signal);
  // who asks twice within a moment is given the same status
  expect(api.dependencies.startProblems.list()).toEqual([]);
  const run = await ended(await lastRun());
  expect(run).toMatchObject({
    owner: 'system',
    scope: 'shared',
    progress: { columns_fused: 7 },
    error: null,
  });
  const { items } = await get<{ items: { id: string; version_number: number }[] }>(
    '/api/datasets?source_id=sample',
  );
  expect(items).toMatchObject([{ id: run.id, version_number: 1, is_active: true }]);
  // what is there is not made again
  await registerBundled(api.dependencies, new AbortController().signal);
  expect((await get<{ items: unknown[] }>('/api/fsm/runs?source_id=sample')).items).toHaveLength(1);
}, 60_000);

test('a run goes on by itself; a second start names it, and the same key starts none', async () => {
  const { id: source_id } = await newSource();
  let letGo = (): void => undefined;
  held.set(
    source_id,
    new Promise((resolve) => {
      letGo = resolve;
    }),
  );
  const options = { headers: { 'idempotency-key': newId() } };
  const first = await post('/api/fsm/start', { source_id }, options);
  const { run_id } = await json<{ run_id: string }>(first);
  expect([first.status, first.headers.get('location')]).toEqual([202, `/api/fsm/runs/${run_id}`]);
  const second = await json(post('/api/fsm/start', { source_id }));
  expect(second).toMatchObject({ status: 409, code: 'ALREADY_RUNNING', details: { run_id } });
  expect(await json(post('/api/fsm/start', { source_id }, options))).toMatchObject({ run_id });
  expect((await json(post('/api/fsm/start', {}, options))).code).toBe('IDEMPOTENCY_MISMATCH');
  const removed = await call(api, `/api/data-sources/${source_id}`, { method: 'DELETE' });
  expect([removed.status, (await json(removed)).details]).toEqual([409, { run_id }]);
  const cancelling = post(`/api/fsm/runs/${run_id}/cancel`, {});
  letGo();
  expect(await json(cancelling)).toMatchObject({ id: run_id, state: 'CANCELLED' });
  expect((await json(post(`/api/fsm/runs/${run_id}/cancel`, {}))).code).toBe('NOT_CANCELLABLE');
  expect((await call(api, `/api/data-sources/${source_id}`, { method: 'DELETE' })).status).toBe(204);
  expect((await call(api, `/api/fsm/runs/${run_id}`)).status).toBe(404);
  expect(await api.keys(`sources/${source_id}/`)).toEqual([]);
}, 60_000);

test('results come in pages, by filters, in groups and as points', async () => {
  const path = `/api/fsm/runs/${await lastRun()}`;
  type Results = { items: (ClassifiedColumn & { id: string })[]; next_cursor: string | null };
  const page = await get<Results>(`${path}/results?limit=4`);
  expect(page.items.map(({ id, column_name }) => [id, column_name])).toEqual([
    ...[
      ['0.0', 'email'],
      ['0.1', 'cust_no'],
      ['0.2', 'zq'],
      ['0.3', 'v'],
    ],
  ]);
  const rest = await get<Results>(`${path}/results?limit=4&cursor=${page.next_cursor}`);
  expect([rest.items.length, rest.next_cursor]).toEqual([3, null]);
  const jumped = await get<Results>(`${path}/results?limit=2&offset=3`);
  expect(jumped.items.map(({ id }) => id)).toEqual(['0.3', ...rest.items.slice(0, 1).map(({ id }) => id)]);
  // an inner node stands for all below it
  const found = await get<Results>(`${path}/results?code=CONTACT`);
  expect(found.items.map(({ predicted_code }) => predicted_code)).toEqual(['EMAIL', 'EMAIL']);
  const wrong = await json(call(api, `${path}/results?code=NO_SUCH`));
  expect(wrong).toMatchObject({ status: 400, detail: expect.stringContaining('NO_SUCH') });
  const doubtful = await get<Results>(`${path}/results?order=doubt&needs_review=true`);
  const counts = await get(`${path}/results/counts?needs_review=true`);
  expect(counts).toEqual({
    columns: doubtful.items.length,
    needs_review: doubtful.items.length,
    reviewed: 0,
  });
  const groups = await get<{ items: unknown[] }>(`${path}/results/groups?by=term&code=EMAIL`);
  expect(groups.items).toMatchObject([{ code: 'EMAIL', label: 'E-mail address', columns: 2 }]);
  const map = await get<RunMap>(`${path}/map`);
  expect(map).toMatchObject({ columns: 7, every: 1, id: ['0.0', '0.1', '0.2', '0.3', '1.0', '1.1', '1.2'] });
  expect(map.terms[map.term[0] ?? -1]).toEqual({ code: 'EMAIL', label: 'E-mail address' });
  expect(await get(`${path}/evaluation`)).toMatchObject({ run_id: await lastRun() });
});

test('a column comes with each source’s word and with what would change it', async () => {
  const path = `/api/fsm/runs/${await lastRun()}/columns`;
  const detail = await get<ColumnDetail>(`${path}/0.0`);
  expect(detail.column).toMatchObject({ predicted_code: 'EMAIL', table_name: 'clients_1' });
  expect(detail.sources.map(({ source }) => source)).toEqual(
    expect.arrayContaining(['name_match', 'pattern']),
  );
  expect(detail.likely[0]).toMatchObject({ code: 'EMAIL' });
  expect(detail.change.second?.code).not.toBe('EMAIL');
  // without any one of them it is still an e-mail address
  expect(new Set(detail.change.without.map(({ prediction }) => prediction?.code))).toEqual(
    new Set(['EMAIL']),
  );
  expect(detail.change.sources).toEqual(expect.arrayContaining(['name_match', 'pattern']));
  expect(detail.sample.values).toEqual(EMAILS);
  for (const wrong of ['9.9', 'x', '0', '-1.0', '0.00'])
    expect([wrong, (await call(api, `${path}/${wrong}`)).status]).toEqual([wrong, 404]);
});

test('the queue settles most first; reviews are written once, refused with their item, and undone', async () => {
  const id = await lastRun();
  const path = `/api/fsm/runs/${id}`;
  const before = await get<{ items: QueuedColumn[]; undecided: number }>(`${path}/queue`);
  const [first] = before.items;
  expect(first).toMatchObject({ settles: 2, similar: [expect.any(String)] });
  const [similar = ''] = first?.similar ?? [];
  expect(await get(`${path}/columns/${first?.id}/similar`)).toMatchObject({ items: [{ id: similar }] });
  const items = [
    { column: '0.0', decision: 'accept' },
    { column: first?.id, decision: 'correct', code: 'CITY' },
    { column: similar, decision: 'none', note: 'internal' },
  ];
  const options = { headers: { 'idempotency-key': newId() } };
  const made = await json<{ items: Review[] }>(post(`${path}/reviews`, { items }, options));
  expect(made.items).toMatchObject([
    { decision: 'accept', code: 'EMAIL', suggested_code: 'EMAIL', by: 'local', run_id: id },
    { decision: 'correct', code: 'CITY' },
    { decision: 'none', code: null, note: 'internal' },
  ]);
  expect(await json(post(`${path}/reviews`, { items }, options))).toEqual(made);
  const after = await get<{ undecided: number }>(`${path}/queue`);
  expect(after.undecided).toBe(before.undecided - 2);
  expect(await get(`${path}/results/counts?reviewed=true`)).toMatchObject({ columns: 3 });
  const wrong: [Record<string, unknown>, RegExp][] = [
    [{ column: '7.7', decision: 'accept' }, /items\.1\.column.*no column/],
    [{ column: '0.0', decision: 'correct' }, /items\.1\.code.*give the term/],
    [{ column: '0.0', decision: 'correct', code: 'NO_SUCH' }, /NO_SUCH is no term/],
    [{ column: '0.0', decision: 'none', code: 'CITY' }, /leave it out/],
    [{ column: first?.id, decision: 'accept' }, /nothing is suggested|suggested/],
  ];
  for (const [item, sentence] of wrong.slice(0, 4)) {
    const refused = await post(`${path}/reviews`, { items: [items[0], item] });
    expect([item, refused.status]).toEqual([item, 400]);
    expect((await json(refused)).detail).toMatch(sentence);
  }
  const ids = made.items.map((review) => review.id);
  const undone = await json<{ items: Review[] }>(post('/api/data-sources/sample/reviews/undo', { ids }));
  expect(undone.items.map(({ undone_by }) => undone_by)).toEqual(['local', 'local', 'local']);
  expect(await json(post('/api/data-sources/sample/reviews/undo', { ids }))).toEqual(undone);
  expect((await post('/api/data-sources/sample/reviews/undo', { ids: [newId()] })).status).toBe(404);
  expect((await get<{ items: unknown[] }>('/api/data-sources/sample/reviews')).items).toHaveLength(3);
  expect(await get(`${path}/queue`)).toEqual(before);
});

test('coverage says which terms the last run has found', async () => {
  const stats = await get<VocabularyStats>('/api/vocabulary/stats?source_id=sample');
  expect(stats).toMatchObject({ run_id: await lastRun(), columns: 7, vocabulary: { id: 'tempera' } });
  expect(stats.found).toContainEqual(expect.objectContaining({ code: 'EMAIL', columns: 2, is_leaf: true }));
  expect(stats.found).toContainEqual(
    expect.objectContaining({ code: 'CONTACT', columns: 2, is_leaf: false }),
  );
  expect(stats.coverage).toBeCloseTo(stats.leaves_found / stats.leaves);
});

test('a run keeps the terms that it had, whatever its vocabulary has become', async () => {
  const put = (text: string) =>
    call(api, '/api/vocabularies/mail', { method: 'PUT', json: { name: 'Mail', text } });
  await put('code,label\nM,E-mail address\nO,Other\n');
  const { id: source_id } = await newSource(undefined, { vocabulary_id: 'mail' });
  const { run_id } = await json<{ run_id: string }>(post('/api/fsm/start', { source_id }));
  expect((await ended(run_id)).error).toBeNull();
  const detach = { meaning: 'email', code: 'M', change: 'detach' };
  expect((await post('/api/vocabularies/mail/attachments', detach)).status).toBe(201);
  const again = await json<{ run_id: string }>(post('/api/fsm/start', { source_id }));
  expect((await ended(again.run_id)).vocabulary.attachments).toEqual([detach]);
  const forms = async (run: string) => {
    const { sources } = await get<ColumnDetail>(`/api/fsm/runs/${run}/columns/0.0`);
    return sources.find(({ source }) => source === 'pattern')?.masses.map(({ codes }) => codes);
  };
  expect([await forms(run_id), await forms(again.run_id)]).toEqual([[['M'], null], [null]]);
  await put('code,label\nM,Electronic mail address\n');
  const { tree, ...named } = await get<{ tree: unknown[] }>(`/api/fsm/runs/${run_id}/vocabulary`);
  expect(named).toMatchObject({ id: 'mail', name: 'Mail' });
  expect(tree).toMatchObject([
    { code: 'M', label: 'E-mail address' },
    { code: 'O', label: 'Other' },
  ]);
}, 60_000);

test('a dataset is read whole and in ranges, and one version of a source is active', async () => {
  const [first = ''] = [await lastRun()];
  const { run_id } = await json<{ run_id: string }>(post('/api/fsm/start', { source_id: 'sample' }));
  expect((await ended(run_id)).error).toBeNull();
  const data = await call(api, `/api/datasets/${run_id}/data`);
  const bytes = Buffer.from(await data.arrayBuffer());
  expect([bytes.subarray(0, 4).toString(), bytes.length]).toEqual([
    'PAR1',
    Number(data.headers.get('content-length')),
  ]);
  const part = await call(api, `/api/datasets/${run_id}/data`, { headers: { range: 'bytes=-4' } });
  expect([part.status, await part.text()]).toEqual([206, 'PAR1']);
  const etag = data.headers.get('etag') ?? '';
  expect(
    (await call(api, `/api/datasets/${run_id}/data`, { headers: { 'if-none-match': etag } })).status,
  ).toBe(304);
  const versions = async () =>
    (
      await get<{ items: { id: string; version_number: number; is_active: boolean }[] }>(
        '/api/datasets?source_id=sample',
      )
    ).items.map(({ id, version_number, is_active }) => [id, version_number, is_active]);
  expect(await versions()).toEqual([
    [run_id, 2, true],
    [first, 1, false],
  ]);
  expect(await json(post(`/api/datasets/${first}/activate`, {}))).toMatchObject({
    id: first,
    is_active: true,
  });
  expect(await versions()).toEqual([
    [run_id, 2, false],
    [first, 1, true],
  ]);
}, 60_000);

test('private things are absent for others; shared ones everybody sees and their owners alter', async () => {
  const { id: source_id } = await newSource('ada');
  const { run_id } = await json<{ run_id: string }>(post('/api/fsm/start', { source_id }, { owner: 'ada' }));
  await until('the run has ended', async () => {
    const { state } = await get<{ state: string }>(`/api/fsm/runs/${run_id}`, 'ada');
    return state === 'CONVERGED' || state === 'STOPPED';
  });
  const shared = await lastRun();
  const paths = api.app.routeList
    .filter((route) => /^GET \/api\/(fsm\/runs|data-sources|datasets)\/:id/.test(route))
    .map((route) => route.slice(4).replace(':column', '0.0'));
  expect(paths.length).toBeGreaterThan(10);
  for (const path of paths) {
    const own = path.replace(':id', path.includes('data-sources') ? source_id : run_id);
    const seen = await Promise.all(['ada', 'bob'].map((owner) => call(api, own, { owner })));
    expect([path, seen.map(({ status }) => status)]).toEqual([path, [200, 404]]);
    await Promise.all(seen.map(({ body }) => body?.cancel()));
    const other = path.replace(':id', path.includes('data-sources') ? 'sample' : shared);
    const read = await call(api, other, READER);
    expect([path, read.status]).toEqual([path, 200]);
    await read.body?.cancel();
  }
  const writes: [string, unknown][] = [
    ['/api/fsm/start', {}],
    [`/api/fsm/runs/${shared}/reviews`, { items: [{ column: '0.0', decision: 'accept' }] }],
    [`/api/fsm/runs/${shared}/cancel`, {}],
    [`/api/datasets/${shared}/activate`, {}],
    ['/api/data-sources/sample/reviews/undo', { ids: [newId()] }],
  ];
  for (const [path, body] of writes)
    expect([path, (await post(path, body, READER)).status]).toEqual([path, 403]);
  for (const path of [`/api/fsm/runs/${shared}/cancel`, `/api/datasets/${shared}/activate`])
    expect([path, (await post(path, {}, { owner: 'bob' })).status]).toEqual([path, 403]);
  for (const [path, body] of writes.slice(1, 4)) {
    const own = path.replace(shared, run_id);
    expect([own, (await post(own, body, { owner: 'bob' })).status]).toEqual([own, 404]);
  }
  expect((await post('/api/fsm/start', { source_id }, { owner: 'bob' })).status).toBe(404);
}, 60_000);

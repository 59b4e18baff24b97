/**
 * What the API serves beside sessions: the web UI's files, predictions – with what a file to predict lacks and how it
 * differs from training – and endpoints on every face.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpointRow } from '../cli/commands/endpoints.ts';
import { ENDPOINT_KINDS, type Endpoint, EndpointSchema, PROCESS_STATUSES } from '../core/endpoints.ts';
import { newId, sha256 } from '../core/ids.ts';
import { heartbeatWorker, insertStageRun, keepHostSight, upsertArtifacts } from '../db/index.ts';
import { EndpointKind, Endpoint as Message, ProcessStatus } from '../proto/generated/tempera/v1/endpoints.ts';
import { endpointRows, STATUS_LABELS } from '../ui/src/pages/status/endpoints.ts';
import { startTestApi, type TestApi } from './testing/api-server.ts';
import { call, form, json, newSession } from './testing/client.ts';
import { DEVICE, LEASES, sightOf } from './testing/seen-host.ts';

let api: TestApi;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tempera-ui-'));
  writeFileSync(join(folder, 'secret.txt'), 'beside the UI');
  const uiFolder = join(folder, 'ui');
  mkdirSync(join(uiFolder, 'assets'), { recursive: true });
  writeFileSync(join(uiFolder, 'index.html'), '<!doctype html><title>Tempera</title>');
  writeFileSync(join(uiFolder, 'sessions.html'), '<!doctype html><title>Tempera’s sessions</title>');
  writeFileSync(join(uiFolder, 'assets', 'index-abc123.js'), 'export {};');
  api = await startTestApi({ settings: { uiFolder } });
}, 60_000);

afterAll(async () => {
  await api?.close();
  rmSync(folder, { recursive: true });
});

describe(
  'the web UI: one page for every address, strict about what it may load, nothing from ' +
    'beside its folder',
  () => {
    const page = (path: string, accept = 'text/html') => fetch(`${api.url}${path}`, { headers: { accept } });

    test.each(['/', '/index', '/session/some-id', '/assets/sessions', '/compare?sessions=a,b'])(
      '%s is the page',
      async (path) => {
        const response = await page(path);
        expect(response.status).toBe(200);
        expect(response.headers.get('content-type')).toMatch(/^text\/html/);
        expect(await response.text()).toContain('<title>Tempera</title>');
        const policy = response.headers.get('content-security-policy') ?? '';
        expect(policy).toContain("script-src 'self';");
        expect(policy).not.toMatch(/script-src[^;]*unsafe/);
        expect(response.headers.get('cache-control')).toContain('max-age=0');
      },
    );

    test.each(['/sessions', '/sessions/some-id/report', '/sessions?tab=data'])(
      '%s is the page that its first word names',
      async (path) => {
        const response = await page(path);
        expect(response.headers.get('content-security-policy')).toContain("script-src 'self';");
        expect(await response.text()).toContain('<title>Tempera’s sessions</title>');
        const first = path.includes('some-id') ? '</api/sessions/some-id/events?after=0' : 'null';
        expect(String(response.headers.get('link'))).toContain(first);
      },
    );

    test('a built file may be kept for ever', async () => {
      const response = await page('/assets/index-abc123.js', '*/*');
      expect(response.headers.get('content-type')).toMatch(/javascript/);
      expect(response.headers.get('cache-control')).toMatch(/max-age=31536000.*immutable/);
      expect(await response.text()).toBe('export {};');
    });

    test.each([
      '/assets/none.js',
      '/api/none',
      '/api',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%5c..%5csecret.txt',
    ])('%s is nothing', async (path) => {
      const response = await page(path);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
      expect(await response.text()).not.toContain('beside the UI');
    });

    test('an address is no page for those who want none', async () => {
      expect((await page('/sessions/x', 'application/json')).status).toBe(404);
    });
  },
);

describe('predictions: bodies that are taken, and the answer as it comes', () => {
  let path: string;
  beforeAll(async () => {
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
  });

  const typed = (type: string, name = 'rows.csv') =>
    call(api, `${path}?name=${name}`, { body: 'a\n1\n', headers: { 'content-type': type } });

  test.each(['text/csv', 'text/csv; charset=utf-8', 'application/octet-stream', 'text/tab-separated-values'])(
    'a file as %s is predicted, in pieces, and nothing of it is kept',
    async (type) => {
      const answer = await typed(type);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
      expect(answer.headers.get('content-length')).toBeNull();
      const notes: unknown = JSON.parse(decodeURIComponent(answer.headers.get('tempera-notes') ?? ''));
      const remarks = ['c is not in the file: it counts as missing in every row.'];
      expect(notes).toEqual({ total: 1, missing: ['c'], ignored: [], remarks, drift: [] });
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
});

/** A status or kind that is added to the proto and forgotten somewhere fails here. */
describe('endpoints on every face', () => {
  const sight = (status: string) => sightOf(status, { level: 'strong', missing: [] });

  const listed = async (query = '', owner?: string): Promise<Endpoint[]> => {
    const path = `/api/endpoints${query}`;
    const answer = await json<{ endpoints: Endpoint[] }>(
      call(api, path, owner === undefined ? {} : { owner }),
    );
    return answer.endpoints.map((endpoint) => EndpointSchema.parse(endpoint));
  };

  test.each(PROCESS_STATUSES)(
    'the status %s is the same over proto, REST, CLI and in the web UI',
    async (status) => {
      await api.db.transaction((tx) => keepHostSight(tx, sight(status), LEASES));
      const [host] = await listed('?kind=sandbox_host');
      expect(host?.status).toBe(status);
      if (!host) return;
      const message = Message.fromPartial({ id: host.id, status: ProcessStatus[status] });
      expect(Message.decode(Message.encode(message).finish()).status).toBe(`PROCESS_STATUS_${status}`);
      expect(endpointRow(host)).toMatchObject({
        status,
        kind: 'sandbox host',
        isolation: 'strong (policy required)',
      });
      expect(endpointRows([host])[0]?.label).toBe(STATUS_LABELS[status]);
      expect(STATUS_LABELS[status].word).not.toBe('');
    },
  );

  test('every kind of the proto has its place over REST, in the CLI and in the web UI', async () => {
    await api.db.transaction((tx) => keepHostSight(tx, sight('HEALTHY'), LEASES));
    await heartbeatWorker(api.db, 'worker-1', 'b');
    const all = await listed();
    const kinds = new Set(all.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(ENDPOINT_KINDS.filter((kind) => kind !== 'unspecified').sort());
    expect(Object.keys(EndpointKind).map((name) => name.toLowerCase())).toEqual(ENDPOINT_KINDS);
    const held = {
      ...all.find(({ kind }) => kind === 'slot'),
      holder: { execution_id: 'e', session_id: '', epoch: 1 },
    };
    const rows = endpointRows([...all.filter(({ kind }) => kind !== 'slot'), EndpointSchema.parse(held)]);
    expect(rows.every(({ kind, label }) => kind !== '' && label.word !== '')).toBe(true);
    expect(new Set(rows.map(({ kind }) => kind)).size).toBe(kinds.size);
  });

  test('a GPU tells its memory, its use and who holds it, and the last to an operator alone', async () => {
    await api.db.transaction((tx) => keepHostSight(tx, sight('HEALTHY'), LEASES));
    const [gpu] = await listed('?kind=gpu');
    expect(gpu).toMatchObject({
      name: 'Fake-H0',
      gpu: DEVICE,
      holder: { execution_id: 's1/1', session_id: 'session-1', epoch: 6 },
    });
    const [seen] = await listed('?kind=gpu', 'ann');
    expect(seen?.holder).toEqual({ execution_id: '', session_id: '', epoch: 6 });
  });

  test('the word of a look that came late changes no lease, and a host that is gone holds none', async () => {
    await api.db.transaction((tx) => keepHostSight(tx, sight('HEALTHY'), LEASES));
    const older = LEASES.map((lease) => ({ ...lease, epoch: lease.epoch - 1, execution: 'old/1' }));
    await api.db.transaction((tx) => keepHostSight(tx, sight('HEALTHY'), older));
    expect((await listed('?kind=gpu'))[0]?.holder?.execution_id).toBe('s1/1');
    await api.db.transaction((tx) => keepHostSight(tx, { ...sight('FAILED'), answered: false }, []));
    expect(await listed('?kind=gpu')).toEqual([]);
    const [host] = await listed('?kind=sandbox_host');
    expect(host).toMatchObject({ status: 'FAILED', isolation: { level: 'strong' } });
  });

  test('a host that no worker looks at any more is not taken for well, and a silent worker is gone', async () => {
    await api.db.transaction((tx) => keepHostSight(tx, sight('HEALTHY'), LEASES));
    await api.db.query(`update sandbox_hosts set checked_at = checked_at - interval '30 s'`);
    await heartbeatWorker(api.db, 'worker-1', 'b');
    await api.db.query(`update worker_heartbeats set heartbeat_at = heartbeat_at - interval '60 s'`);
    const [host] = await listed('?kind=sandbox_host');
    expect(host).toMatchObject({
      status: 'UNHEALTHY',
      reason: expect.stringMatching(/No worker has looked at it for 3\d s/),
    });
    expect((await listed('?kind=worker'))[0]?.status).toBe('FAILED');
  });

  test('an unknown kind is refused, and nobody but an operator empties a host', async () => {
    expect((await call(api, '/api/endpoints?kind=toaster')).status).toBe(400);
    const drained = await call(api, '/api/endpoints/host-1/drain', { owner: 'ann', json: { on: true } });
    expect(drained.status).toBe(403);
  });
});

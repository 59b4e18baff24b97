/** What changes in all of a caller's sessions, and at the endpoints, as one stream. */

import { forgetHostsBut, keepHostSight, updateSession } from '../db/index.ts';
import { type TestApi, useTestApi } from './testing/api-server.ts';
import { append, call, newSession, printed } from './testing/client.ts';

let api: TestApi;
useTestApi((started) => {
  api = started;
});

interface Change {
  type: string;
  id: string;
  data: { id: string; state?: string; last_seq?: number };
}

/** Reads /api/stream as `owner` until `enough`; `start` runs when the first frame is there. */
async function follow(
  owner: string,
  enough: (changes: Change[]) => boolean,
  { since, start }: { since?: string; start?: () => Promise<unknown> } = {},
): Promise<Change[]> {
  const stop = new AbortController();
  const headers = { 'x-test-owner': owner, ...(since === undefined ? {} : { 'last-event-id': since }) };
  const response = await fetch(`${api.url}/api/stream`, { headers, signal: stop.signal });
  const changes: Change[] = [];
  let text = '';
  let started = false;
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const [, type = '', id = '', data = ''] = /^event: (.*)\nid: (.*)\ndata: (.*)$/.exec(frame) ?? [];
      if (type !== '') changes.push({ type, id, data: JSON.parse(data) });
    }
    if (!started) await start?.();
    started = true;
    if (enough(changes)) break;
  }
  stop.abort();
  return changes;
}

test('a reader sees its sessions as they are, then each change, and nothing of another owner', async () => {
  const [mine, other] = [await newSession(api, 'ann'), await newSession(api, 'bob')];
  const changes = await follow(
    'ann',
    (seen) =>
      seen.some(({ data }) => data.state === 'eda_running') &&
      seen.some(({ data }) => (data.last_seq ?? 0) > 1),
    {
      start: async () => {
        await api.db.transaction((tx) => updateSession(tx, mine.id, { state: 'eda_running' }));
        await append(api, mine, [printed('x')]);
      },
    },
  );
  expect(changes[0]).toMatchObject({ type: 'session', data: { id: mine.id, state: 'created' } });
  expect(changes.map(({ data }) => data.id)).not.toContain(other.id);
});

test('a reader that comes back gets what changed since, and what went', async () => {
  const [first, second] = [await newSession(api, 'carl'), await newSession(api, 'carl')];
  const seen = await follow('carl', ({ length }) => length >= 2);
  const since =
    seen
      .map(({ id }) => id)
      .sort()
      .at(-1) ?? '';
  await api.db.transaction((tx) => updateSession(tx, first.id, { state: 'eda_running' }));
  const later = await follow('carl', (changes) => changes.some(({ type }) => type === 'removed'), {
    since,
    start: () => call(api, `/api/sessions/${second.id}`, { method: 'DELETE', owner: 'carl' }),
  });
  expect(later[0]).toMatchObject({ type: 'session', data: { id: first.id, state: 'eda_running' } });
  expect(later.at(-1)).toMatchObject({ type: 'removed', data: { id: second.id } });
  expect((await call(api, '/api/stream', { headers: { 'last-event-id': 'no time' } })).status).toBe(400);
});

test('the same stream tells endpoints as they are, then what changes in them, to each what it may know', async () => {
  const sight = (id: string, status: string) => ({
    ...{ id, address: `198.51.100.1:${id}`, provider: 'remote', status, reason: null, answered: true },
    isolation: {},
  });
  const lease = {
    kind: 'gpu' as const,
    slot: 0,
    epoch: 6,
    execution: 's1/1',
    session_id: 's1',
    device: null,
  };
  const keep = (id: string, status: string) =>
    api.db.transaction((tx) => keepHostSight(tx, sight(id, status), [lease]));
  await keep('7501', 'HEALTHY');
  const stop = new AbortController();
  const headers = { 'x-test-owner': 'fred' };
  const response = await fetch(`${api.url}/api/stream`, { headers, signal: stop.signal });
  const lines: string[] = [];
  let text = '';
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const [, type, data] = /^event: (endpoint\w*)\ndata: (.*)$/.exec(frame) ?? [];
      if (type === undefined) continue;
      const { id, status, holder } = JSON.parse(data ?? '');
      if (!id.startsWith('7501')) continue;
      lines.push([type, id, status, holder?.session_id].join(' '));
      if (lines.length === 2) await keep('7501', 'STOPPING');
      if (lines.length === 4) await forgetHostsBut(api.db, []);
    }
    if (lines.some((each) => each.startsWith('endpoint_removed'))) break;
  }
  stop.abort();
  expect(lines.slice(0, 5)).toEqual([
    'endpoint 7501 HEALTHY ',
    'endpoint 7501/gpu/0 HEALTHY ',
    'endpoint 7501 STOPPING ',
    'endpoint 7501/gpu/0 STOPPING ',
    'endpoint_removed 7501  ',
  ]);
});

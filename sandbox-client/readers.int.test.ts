/** Many readers of one session at once, on a real host, while the session goes on. */

import { createHash } from 'node:crypto';
import type { SandboxTools } from '../core/ports/sandbox-tools.ts';
import { LOCAL } from '../core/principal.ts';
import type { ManifestEntry } from '../core/records.ts';
import { type Connection, connectSandbox } from './connection.ts';
import { type ConfiguredHosts, createSandboxHosts } from './hosts.ts';
import { createListedProvider } from './providers/listed.ts';
import { startTestHost, type TestHost } from './testing/host.ts';
import { createSandboxTools, type ToolSources } from './tools.ts';
import { createWorkspaces } from './workspaces.ts';

const SESSION = { id: 'read-by-many', experiment_id: 'x-read' };
const READERS = 24;

let host: TestHost;
let connection: Connection;
let hosts: ConfiguredHosts;

beforeAll(async () => {
  host = await startTestHost();
  connection = connectSandbox(host);
  const provider = { provider: 'local' as const, addresses: [host.address], token: host.token, tls: null };
  hosts = createSandboxHosts(createListedProvider(provider));
}, 120_000);
afterAll(async () => {
  await hosts?.close();
  connection?.close();
  await host?.stop();
});

/** A session whose n-th checkpoint holds two tables that both say n. */
function growingSession() {
  let number = 1;
  let epoch = 0;
  const blobs = new Map<string, Buffer>();
  const opened: string[] = [];
  const entry = (path: string, text: string): ManifestEntry => {
    const content = Buffer.from(text);
    const sha256 = createHash('sha256').update(content).digest('hex');
    blobs.set(sha256, content);
    return { path, kind: 'file', size: content.length, sha256, mode: 0o644, target: '' };
  };
  const sources: ToolSources = {
    takeEpoch: async () => {
      epoch += 1;
      return epoch;
    },
    async lastCheckpoint() {
      const id = `checkpoint-${number}`;
      const at = number;
      const entries = async () => {
        opened.push(id);
        return ['train', 'val'].map((name) => entry(`prep/data/${name}.csv`, `n\n${at}\n`));
      };
      return { id, entries };
    },
    datasets: async () => [],
    async *readBlob(sha256) {
      yield blobs.get(sha256) ?? Buffer.alloc(0);
    },
    readObject: async () => {
      throw new Error('There is no dataset.');
    },
  };
  return {
    opened,
    sources,
    takeEpoch: sources.takeEpoch,
    goOn: () => {
      number += 1;
      return number;
    },
  };
}

const limits = { columns: 100, unpackedBytes: 2 ** 20, sqlSeconds: 30 };
const SQL = 'select train.n as first, val.n as second from train, val';

async function both(tools: SandboxTools): Promise<unknown> {
  return (await tools.query(LOCAL, SESSION, { sql: SQL, limit: 10 })).rows[0];
}

test('all who read at once are answered, over one workspace that is filled once', async () => {
  const session = growingSession();
  const tools = createSandboxTools(hosts, session.sources, limits);
  const asked = Array.from({ length: READERS }, async (_, at) => {
    if (at % 3 === 0) return (await tools.tables(LOCAL, SESSION)).items.length;
    if (at % 3 === 1) return (await tools.columns(LOCAL, SESSION, 'train')).items.length;
    return await both(tools);
  });
  const answers = await Promise.all(asked);
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['2', '1', '[1,1]']));
  expect(session.opened).toEqual(['checkpoint-1']);
  await tools.forget(LOCAL, SESSION);
}, 120_000);

test('while the session goes on, every reader sees one whole state and none is older than its question', async () => {
  const session = growingSession();
  const tools = createSandboxTools(hosts, session.sources, limits);
  const asked: Promise<{ least: number; seen: unknown }>[] = [];
  for (let round = 0; round < 4; round += 1) {
    const least = session.goOn();
    for (let reader = 0; reader < 6; reader += 1) asked.push(both(tools).then((seen) => ({ least, seen })));
    // readers of the round are under way when the next one begins
    await Promise.race(asked.slice(-6));
  }
  for (const { least, seen } of await Promise.all(asked)) {
    const [first, second] = seen as [number, number];
    expect(first).toBe(second);
    expect(first).toBeGreaterThanOrEqual(least);
  }
  await tools.forget(LOCAL, SESSION);
}, 120_000);

test('one question of another session does not wait for many slow ones', async () => {
  const tools = createSandboxTools(hosts, growingSession().sources, limits);
  const SLOW = 'select sum(a.range * b.range) from range(8000) a, range(8000) b';
  let answered = 0;
  const many = Array.from({ length: 12 }, async () => {
    await tools.query(LOCAL, SESSION, { sql: SLOW, limit: 1 });
    answered += 1;
  });
  const slow = Promise.all(many);
  await Promise.race(many);
  const other = { ...SESSION, id: 'of-another' };
  await tools.query(LOCAL, other, { sql: 'select 1', limit: 1 });
  expect(answered).toBeLessThan(many.length / 2);
  await slow;
  for (const session of [SESSION, other]) await tools.forget(LOCAL, session);
}, 120_000);

test('another process that takes the workspace over costs a repetition, never an answer', async () => {
  const session = growingSession();
  const [ours, theirs] = [1, 2].map(() => createSandboxTools(hosts, session.sources, limits));
  if (!ours || !theirs) throw new Error('There are two.');
  const workspaces = createWorkspaces(connection);
  for (let round = 0; round < 3; round += 1) {
    const number = session.goOn();
    const answers = await Promise.all([both(ours), both(theirs), both(ours), both(theirs)]);
    expect(answers).toEqual(answers.map(() => [number, number]));
    const key = { sessionId: `${SESSION.id}-reader`, epoch: await session.takeEpoch() };
    await workspaces.cleanup(key);
    expect(await both(ours)).toEqual([number, number]);
  }
  await ours.forget(LOCAL, SESSION);
}, 120_000);

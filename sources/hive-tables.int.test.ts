/** A Hive as a source, over the real Thrift service: plain names alone, limits, probes; credentials by SASL. */

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { SourceTable } from '../core/ports/column-sources.ts';
import type { OpenedConnection } from '../core/ports/connections.ts';
import { sourcesByType } from './by-type.ts';
import { createHiveTables } from './hive-tables.ts';
import { connectionsOf, sourceOf } from './testing/connections.ts';
import { startTestHive, type TestHive } from './testing/hive-server.ts';

const CREDENTIALS = { user: 'ada', password: 'a-secret-word' };
const PEOPLE = {
  columns: [
    ['id', 'bigint'],
    ['mail', 'string'],
    ['tags', 'array<string>'],
    ['odd`name', 'string'],
    ['price', 'decimal(9,2)'],
  ] as [string, string][],
  rows: Array.from({ length: 90 }, (_, at) => [
    ...[String(at), at % 3 === 0 ? null : `p${at}@example.org`, '["a","b"]', 'hidden', `${at}.50`],
  ]),
};
const DATABASES = {
  sales: {
    people: PEOPLE,
    Orders_2: { columns: [['x', 'int']] as [string, string][], rows: [] },
    'odd-name': PEOPLE,
    'x; DROP TABLE people': PEOPLE,
    long: {
      columns: [['n', 'int']] as [string, string][],
      rows: Array.from({ length: 5_000 }, (_, at) => [String(at)]),
    },
  },
  audit: { log: { columns: [['line', 'string']] as [string, string][], rows: [['a']] } },
  'bad-database': { t: PEOPLE },
};

let open: TestHive;
let closed: TestHive;
beforeAll(async () => {
  open = await startTestHive({ databases: DATABASES });
  closed = await startTestHive({ databases: DATABASES, credentials: CREDENTIALS });
});
afterAll(() => Promise.all([open?.stop(), closed?.stop()]));

function sourcesAt(port: number, changes: Partial<OpenedConnection> = {}, path = '') {
  const connection = {
    ...{
      id: '1',
      name: 'hive',
      type: 'hive' as const,
      address: `hive2://127.0.0.1:${port}/${path}`,
      credentials: {},
    },
    ...changes,
  };
  const hurried = { connectMilliseconds: 500, wholeMilliseconds: 5_000 };
  const times = { read: { ...hurried, connectMilliseconds: 5_000 }, probe: hurried };
  return sourcesByType({ hive: createHiveTables(connectionsOf(connection), times) });
}

const SOURCE = sourceOf('hive', { connection: 'hive' });
const table = (database: string, name: string): SourceTable => ({ database, table: name, reference: {} });

test('tables of all databases are listed in order and in pages, but for names that are more than names', async () => {
  const sources = sourcesAt(open.port);
  const found: string[] = [];
  for (let after: SourceTable | null = null; ; ) {
    const page: SourceTable[] = await sources.tables(SOURCE, { after, limit: 2 });
    found.push(...page.map((each) => `${each.database}.${each.table}`));
    after = page.at(-1) ?? null;
    if (page.length < 2) break;
  }
  expect(found).toEqual(['audit.log', 'sales.Orders_2', 'sales.long', 'sales.people']);
  const only = await sourcesAt(open.port, {}, 'audit').tables(SOURCE, { after: null, limit: 9 });
  expect(only.map((each) => each.table)).toEqual(['log']);
});

test('a table gives plain columns with types and values as Hive writes them', async () => {
  const { columns, left_out } = await sourcesAt(open.port).sample(SOURCE, table('sales', 'people'), 20);
  expect(columns.map(({ name, type }) => [name, type])).toEqual([
    ['id', 'bigint'],
    ['mail', 'string'],
    ['tags', 'array<string>'],
    ['price', 'decimal(9,2)'],
  ]);
  expect(columns[1]).toMatchObject({ total_count: 90, null_count: 30, distinct_count: 60 });
  expect(columns[1]?.reservoir).toHaveLength(20);
  expect(columns[3]?.reservoir[0]).toMatch(/^\d+\.50$/);
  expect(left_out).toEqual(['1 columns are left out: their names are not plain ones.']);
  expect(open.statements.at(-1)).toMatch(
    /^SELECT CAST\(`id` AS STRING\) AS c0, .*`tags` AS c2.* LIMIT 1000$/,
  );
});

test('no more rows are read than the limit says, and an empty table is one', async () => {
  const sources = sourcesAt(open.port);
  const long = await sources.sample(SOURCE, table('sales', 'long'), 50);
  expect(long.columns[0]).toMatchObject({ total_count: null, null_count: null });
  expect(Math.max(...(long.columns[0]?.reservoir ?? []).map(Number))).toBeLessThan(1_000);
  expect(long.left_out).toEqual(['The first 1,000 rows that Hive gives are looked at.']);
  expect(await sources.sample(SOURCE, table('sales', 'Orders_2'), 50)).toMatchObject({
    columns: [{ name: 'x', total_count: 0, reservoir: [] }],
  });
});

test.each(['a`; DROP TABLE x', 'a.b', '1a', '', 'ä', 'a b'])(
  'the name [%s] reaches no statement',
  async (name) => {
    const before = open.statements.length;
    for (const [database, of] of [
      ['sales', name],
      [name, 'people'],
    ] as const)
      await expect(sourcesAt(open.port).sample(SOURCE, table(database, of), 5)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    expect(open.statements.length).toBe(before);
  },
);

test('a table that is gone is not found', async () => {
  await expect(sourcesAt(open.port).sample(SOURCE, table('sales', 'gone'), 5)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('user and password are told by SASL; wrong ones are refused without being repeated', async () => {
  const good = sourcesAt(closed.port, { credentials: CREDENTIALS });
  expect(await good.probe(SOURCE)).toEqual({
    ok: true,
    message: 'It answers, with 2 databases.',
    tables: null,
  });
  expect((await good.sample(SOURCE, table('audit', 'log'), 5)).columns[0]?.reservoir).toEqual(['a']);
  const wrong = { user: 'ada', password: 'another-word' };
  const { ok, message } = await sourcesAt(closed.port, { credentials: wrong }).probe(SOURCE);
  expect(ok).toBe(false);
  expect(message).toContain('refuses the user or the password');
  expect(message).not.toMatch(/ada|another-word/);
});

test('a server that is not there, is silent, or hangs up is one that does not answer', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  const rude = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await Promise.all([once(silent, 'listening'), once(rude, 'listening')]);
  const held: import('node:net').Socket[] = [];
  silent.on('connection', (socket) => held.push(socket));
  for (const credentials of [{}, CREDENTIALS])
    for (const port of [1, ...[silent, rude].map((server) => (server.address() as AddressInfo).port)]) {
      const { ok, message } = await sourcesAt(port, { credentials }).probe(SOURCE);
      expect([ok, message]).toEqual([false, expect.stringContaining('does not answer')]);
    }
  for (const socket of held) socket.destroy();
  silent.close();
  rude.close();
});

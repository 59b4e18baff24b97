/** A real Postgres as a source: its tables in pages, odd names, bounded samples, and what goes wrong in words. */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { ColumnSources, SourceTable } from '../core/ports/column-sources.ts';
import type { OpenedConnection } from '../core/ports/connections.ts';
import type { Database } from '../db/index.ts';
import { startTestPostgres, type TestPostgres } from '../db/testing/postgres.ts';
import { sourcesByType } from './by-type.ts';
import { createPostgresTables } from './postgres-tables.ts';
import { connectionsOf, sourceOf } from './testing/connections.ts';

const ODD_NAMES = [
  'a"b',
  "it's",
  'select',
  'größe',
  'two\nlines',
  '名前',
  'x'.repeat(60),
  '; drop table t',
  '🙂',
  '%s{}',
  ' ',
];
const PASSWORD = 'a-secret of the "reader"';

/** So that what never ends is ended soon. */
const HURRIED = {
  read: { connectMilliseconds: 5_000, statementMilliseconds: 500 },
  probe: { connectMilliseconds: 500, statementMilliseconds: 5_000 },
};

let postgres: TestPostgres;
let db: Database;
let sources: ColumnSources;
const source = sourceOf('postgres', { connection: 'warehouse' });

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

function connection(name: string, changes: Partial<OpenedConnection> = {}): OpenedConnection {
  const url = new URL(postgres.url);
  return {
    ...{ id: name, name, type: 'postgres', address: `postgres://${url.host}${url.pathname}` },
    credentials: { user: 'reader', password: PASSWORD },
    ...changes,
  };
}

beforeAll(async () => {
  postgres = await startTestPostgres();
  db = postgres.open();
  await db.query(`create role reader login password '${PASSWORD}'`);
  await db.query('create schema "odd ""one"');
  const texts = ODD_NAMES.map((name) => `${quoted(name)} text`).join(', ');
  await db.query(`create table "odd ""one".${quoted(ODD_NAMES[0] ?? '')} (${texts})`);
  await db.query(
    `insert into "odd ""one".${quoted(ODD_NAMES[0] ?? '')} values (${ODD_NAMES.map((_, at) => `'v${at}'`).join(', ')})`,
  );
  await db.query('create schema wide');
  for (let at = 10; at < 20; at += 1) {
    const columns = Array.from({ length: 1_000 }, (_, column) => `c${column} int default ${column}`);
    await db.query(`create table wide.t${at} (${columns.join(', ')})`);
    await db.query(`insert into wide.t${at} select from generate_series(1, 3)`);
  }
  await db.query('create schema data');
  await db.query(
    'create table data.people (id bigint, mail varchar(80), born date, tags text[], secret text)',
  );
  await db.query(
    `insert into data.people select i, case when i % 4 > 0 then 'p' || i || '@example.org' end,
       date '1990-01-01' + i::int,
       array['a', i::text], 'hidden' from generate_series(1, 1000) i`,
  );
  await db.query('create table data.empty (one uuid, two jsonb)');
  await db.query('create schema keyed');
  await db.query('create table keyed.customers (region int, no int, primary key (region, no))');
  await db.query(
    'create table keyed.orders (id int primary key, r int, c int, note text, ' +
      'foreign key (r, c) references keyed.customers (region, no))',
  );
  await db.query('create table data.hidden (x int)');
  await db.query('create view data.slow as select pg_sleep(60)::text as never from generate_series(1, 9)');
  await db.query('create table data.parts (day date, n int) partition by range (day)');
  await db.query(
    `create table data.parts_1 partition of data.parts for values from ('2020-01-01') to ('2021-01-01')`,
  );
  await db.query(`insert into data.parts values ('2020-05-01', 7)`);
  await db.query(
    'create table data.long as select i as n, repeat(md5(i::text), 12) as text from generate_series(1, 60000) i',
  );
  await db.query('grant usage on schema data, keyed, wide, "odd ""one" to reader');
  await db.query('grant select on all tables in schema data, keyed, wide, "odd ""one" to reader');
  await db.query('revoke select on data.hidden from reader');
  await db.query('revoke select on data.people from reader');
  await db.query('grant select (id, mail, born, tags) on data.people to reader');
  sources = createPostgresTables(connectionsOf(connection('warehouse')));
}, 60_000);

afterAll(() => postgres?.stop());

const table = (database: string, name: string): SourceTable => ({ database, table: name, reference: {} });

async function allTables(limit: number): Promise<string[]> {
  const found: string[] = [];
  for (let after: SourceTable | null = null; ; ) {
    const page = await sources.tables(source, { after, limit });
    found.push(...page.map((each) => `${each.database}.${each.table}`));
    after = page.at(-1) ?? null;
    if (page.length < limit || after === null) return found;
  }
}

test('every table that may be read is listed in order, in pages of any length, and no system’s or part’s', async () => {
  const all = await allTables(200);
  expect(all.filter((name) => name.startsWith('data.'))).toEqual([
    'data.empty',
    'data.long',
    'data.parts',
    'data.people',
    'data.slow',
  ]);
  expect(all).toContain('odd "one.a"b');
  expect(all).toEqual([...all].sort());
  expect(await allTables(1)).toEqual(all);
  expect(await allTables(3)).toEqual(all);
});

test('a table gives its columns with types, counts and values as the database writes them', async () => {
  const { columns, left_out } = await sources.sample(source, table('data', 'people'), 50);
  expect(columns.map(({ name, type, position }) => [name, type, position])).toEqual([
    ['id', 'bigint', 0],
    ['mail', 'character varying(80)', 1],
    ['born', 'date', 2],
    ['tags', 'text[]', 3],
  ]);
  const mail = columns[1];
  expect(mail).toMatchObject({
    total_count: 1_000,
    null_count: 250,
    distinct_count: 750,
    reference_code: null,
  });
  expect(mail?.reservoir).toHaveLength(50);
  expect(mail?.reservoir.every((value) => /^p\d+@example\.org$/.test(value))).toBe(true);
  expect(columns[2]?.reservoir[0]).toMatch(/^1990-0\d-\d\d$/);
  expect(columns[3]?.reservoir[0]).toMatch(/^\{a,\d+\}$/);
  expect(left_out).toEqual([]);
});

test('odd names of schemas, tables and columns are names like any other', async () => {
  const { columns } = await sources.sample(source, table('odd "one', 'a"b'), 5);
  expect(columns.map(({ name }) => name)).toEqual(ODD_NAMES);
  expect(columns.map(({ reservoir }) => reservoir)).toEqual(ODD_NAMES.map((_, at) => [`v${at}`]));
});

test('ten thousand columns in ten tables are read one table after the other', async () => {
  const tables = (await sources.tables(source, { after: null, limit: 200 })).filter(
    ({ database }) => database === 'wide',
  );
  let count = 0;
  for (const each of tables) {
    const { columns } = await sources.sample(source, each, 50);
    expect(columns.every(({ reservoir }, at) => reservoir.every((value) => value === String(at)))).toBe(true);
    count += columns.length;
  }
  expect(count).toBe(10_000);
});

test('a long table is read by pages drawn over it, the same each time, and says so', async () => {
  const once = await sources.sample(source, table('data', 'long'), 50);
  const again = await sources.sample(source, table('data', 'long'), 50);
  expect(again).toEqual(once);
  const numbers = (once.columns[0]?.reservoir ?? []).map(Number);
  expect(numbers).toHaveLength(50);
  expect(Math.max(...numbers)).toBeGreaterThan(30_000);
  expect(once.columns[0]?.null_count).toBeNull();
  expect(once.left_out).toEqual([expect.stringContaining('pages drawn evenly')]);
});

test('empty and partitioned tables are tables', async () => {
  const empty = await sources.sample(source, table('data', 'empty'), 50);
  expect(empty.columns).toEqual([
    expect.objectContaining({ name: 'one', type: 'uuid', total_count: 0, reservoir: [] }),
    expect.objectContaining({ name: 'two', type: 'jsonb', total_count: 0, reservoir: [] }),
  ]);
  const parts = await sources.sample(source, table('data', 'parts'), 50);
  expect(parts.columns.map(({ reservoir }) => reservoir)).toEqual([['2020-05-01'], ['7']]);
});

test('what is gone or hidden is not found; a query without end is ended', async () => {
  await expect(sources.sample(source, table('data', 'gone'), 5)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(sources.sample(source, table('data', 'hidden'), 5)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  const hurried = createPostgresTables(connectionsOf(connection('warehouse')), HURRIED);
  await expect(hurried.sample(source, table('data', 'slow'), 5)).rejects.toMatchObject({
    code: 'QUERY_TIMEOUT',
  });
});

test('nothing can be written by what a table’s view does', async () => {
  await db.query('create sequence data.counter');
  await db.query(`create view data.writes as select nextval('data.counter')::text as n`);
  await db.query(
    'grant all on all tables in schema data to reader; grant all on all sequences in schema data to reader',
  );
  await expect(sources.sample(source, table('data', 'writes'), 5)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('read-only'),
  });
});

test('a probe says in words what is there or what is wrong, without the credentials', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const of = (name: string, changes: Partial<OpenedConnection>) =>
    sourcesByType({
      postgres: createPostgresTables(connectionsOf(connection(name, changes)), HURRIED),
    }).probe(sourceOf('postgres', { connection: name }));
  const { host } = new URL(postgres.url);
  expect(await of('good', {})).toMatchObject({ ok: true, tables: expect.any(Number) });
  const wrong = [
    await of('wrong', { credentials: { user: 'nobody-known', password: PASSWORD } }),
    await of('other', { address: `postgres://${host}/none` }),
    await of('refused', { address: 'postgres://127.0.0.1:1/x' }),
    await of('silent', { address: `postgres://127.0.0.1:${port}/x` }),
    await of('tls', { address: `postgres://${host}/postgres?sslmode=verify-full` }),
    await of('type', { type: 's3' }),
  ];
  silent.close();
  for (const { ok, message } of wrong) {
    expect(ok).toBe(false);
    expect(message).not.toContain(PASSWORD);
    expect(message).not.toContain('nobody-known');
    expect(message).toMatch(/\.$|sslmode/);
  }
  expect(wrong.map(({ message }) => message)).toEqual(
    [
      'the user or the password',
      'is not there',
      'does not answer',
      'does not answer',
      'TLS',
      'not to Postgres',
    ].map((words) => expect.stringContaining(words)),
  );
});

test('primary and foreign keys of a Postgres stand with their columns, and what a column refers to', async () => {
  const { columns } = await sources.sample(source, table('keyed', 'orders'), 5);
  expect(columns.map(({ name, is_key, references }) => [name, is_key, references])).toEqual([
    ['id', true, undefined],
    ['r', undefined, { table: 'customers', column: 'region' }],
    ['c', undefined, { table: 'customers', column: 'no' }],
    ['note', undefined, undefined],
  ]);
});

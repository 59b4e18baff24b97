/** Files as a source, in a real sandbox and on a real S3 server: uploads, folders, prefixes of buckets, databases. */

import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { sha256 } from '../core/ids.ts';
import type { ColumnSources, OpenedSource, SourceTable } from '../core/ports/column-sources.ts';
import type { FileSamples } from '../core/ports/file-samples.ts';
import type { DatasetFile } from '../core/records.ts';
import { createFileSamples } from '../sandbox-client/file-samples.ts';
import { createSandboxHosts } from '../sandbox-client/hosts.ts';
import { createListedProvider } from '../sandbox-client/providers/listed.ts';
import { startTestHost, type TestHost } from '../sandbox-client/testing/host.ts';
import { createObjectStore } from '../storage/s3-object-store.ts';
import { startTestS3, type TestS3 } from '../storage/testing/s3.ts';
import { bucketOpener } from './buckets.ts';
import { createDuckdbFiles } from './duckdb-files.ts';
import { createFolderFiles } from './folder-files.ts';
import { createS3Files } from './s3-files.ts';
import { connectionsOf, sourceOf } from './testing/connections.ts';
import { createUploadedFiles } from './uploaded-files.ts';

const TOOL = [
  '--modules',
  'tempera,trainable,tempera_sandbox.tools.sample_columns,tempera_sandbox.tools.samples.duckdb_file',
];
/** Writes what cannot be written here: a workbook with three sheets, two databases. */
const WRITE = `
import sys, duckdb, openpyxl
folder = sys.argv[1]
book = openpyxl.Workbook()
book.active.title = 'People'
for row in (['name', 'age'], ['Ann', 30], ['Bo', 41]): book.active.append(row)
rates = book.create_sheet('Rates #2')
for row in (['code', 'rate'], ['A', 1.5], ['B', 2]): rates.append(row)
book.create_sheet('Blank')
book.save(folder + '/book.xlsx')
for at in '12':
    with duckdb.connect(f'{folder}/lake{at}.duckdb') as lake:
        lake.execute('CREATE SCHEMA s; CREATE TABLE s."odd ""one" AS SELECT range AS "n o" FROM range(9)')
        lake.execute(f'CREATE TABLE t{at} AS SELECT 1 AS x')
with duckdb.connect(f'{folder}/keys.duckdb') as lake:
    lake.execute('CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR)')
    lake.execute('CREATE TABLE orders (no INTEGER PRIMARY KEY, c INTEGER REFERENCES customers (id))')
`;

let host: TestHost;
let hosts: ReturnType<typeof createSandboxHosts>;
let s3: TestS3;
let folder: string;
let samples: FileSamples;
let store: ReturnType<typeof createObjectStore>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tempera-sources-'));
  const python = process.env.TEMPERA_PYTHON ?? 'python3';
  [host, s3] = await Promise.all([startTestHost({ arguments: TOOL }), startTestS3()]);
  await promisify(execFile)(python, ['-c', WRITE, folder]);
  hosts = createSandboxHosts(
    createListedProvider({ provider: 'local', addresses: [host.address], token: host.token, tls: null }),
  );
  samples = createFileSamples(hosts, { fileBytes: 50_000_000, unpackedBytes: 50_000_000 });
  store = createObjectStore(s3.options);
}, 60_000);

afterAll(async () => {
  store?.close();
  await hosts?.close();
  await Promise.all([host?.stop(), s3?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

async function uploaded(name: string, content: string | Buffer): Promise<DatasetFile> {
  const data = Buffer.from(content);
  const s3_path = `uploads/test/${name}`;
  await store.put(s3_path, data);
  return { name, s3_path, size: data.length, sha256: sha256(data) };
}

const readObject = async (key: string) => (await store.get(key)).body;

/** By pages of `limit`, as a run reads them. */
async function allTables(
  sources: ColumnSources,
  source: OpenedSource,
  limit: number,
): Promise<SourceTable[]> {
  const found: SourceTable[] = [];
  for (let after: SourceTable | null = null; ; ) {
    const page: SourceTable[] = await sources.tables(source, { after, limit });
    found.push(...page);
    after = page.at(-1) ?? null;
    if (page.length < limit || after === null) return found;
  }
}

/** `table: column=value,value` of each. */
async function contents(sources: ColumnSources, source: OpenedSource): Promise<string[]> {
  const lines: string[] = [];
  for (const table of await allTables(sources, source, 2)) {
    const { columns } = await sources.sample(source, table, 3);
    const shown = columns.map(({ name, reservoir }) => `${name}=${reservoir.join(',')}`);
    lines.push(`${table.database}/${table.table}: ${shown.join(' ')}`);
  }
  return lines;
}

const BOOK_LINES = ['#People: name=Ann,Bo age=30,41', '#Rates #2: code=A,B rate=1.5,2'];

test('files of an upload are tables by their names, each sheet is one, and pages go on in a workbook', async () => {
  const sources = createUploadedFiles(samples, readObject);
  const book = await readFile(join(folder, 'book.xlsx'));
  const files = [
    await uploaded('orders.csv', 'id,total\n1,9.50\n2,3\n'),
    await uploaded('book.xlsx', book),
    await uploaded('empty.csv', 'only,names\n'),
  ];
  const source = sourceOf('files', { files });
  expect(await contents(sources, source)).toEqual([
    ...BOOK_LINES.map((line) => `files/book${line}`),
    'files/empty: only= names=',
    'files/orders: id=1,2 total=9.50,3',
  ]);
  expect(await sources.probe(source)).toMatchObject({ ok: true });
  const alike = sourceOf('files', {
    files: [...files, await uploaded('Orders.json', '[{"a": 1}, {"a": 2}]')],
  });
  const names = (await allTables(sources, alike, 1)).map(({ table }) => table);
  expect(names).toEqual(['Orders.json', 'book.xlsx#People', 'book.xlsx#Rates #2', 'empty.csv', 'orders.csv']);
});

test('a hostile file is a table whose sample says what is wrong, beside the others', async () => {
  const sources = createUploadedFiles(samples, readObject);
  const source = sourceOf('files', {
    files: [await uploaded('bomb.xlsx', 'PK\x03\x04 nothing'), await uploaded('good.csv', 'a,b\n1,2\n')],
  });
  const [bomb, good] = await allTables(sources, source, 10);
  await expect(sources.sample(source, bomb as SourceTable, 3)).rejects.toMatchObject({
    code: 'INVALID_DATASET',
    message: expect.stringContaining('bomb.xlsx'),
  });
  expect((await sources.sample(source, good as SourceTable, 3)).columns).toHaveLength(2);
  await expect(
    sources.sample(
      source,
      { database: 'files', table: 'x', reference: { path: 'uploads/other', table: '' } },
      3,
    ),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('databases of an upload are opened in the sandbox; several are told apart', async () => {
  const sources = createDuckdbFiles(samples, readObject);
  const one = await uploaded('lake1.duckdb', await readFile(join(folder, 'lake1.duckdb')));
  const other = await uploaded('lake2.duckdb', await readFile(join(folder, 'lake2.duckdb')));
  expect(await contents(sources, sourceOf('duckdb', { files: [one] }))).toEqual([
    'main/t1: x=1',
    expect.stringMatching(/^s\/odd "one: n o=[0-6],[1-7],[2-8]$/),
  ]);
  const both = sourceOf('duckdb', { files: [one, other] });
  expect((await allTables(sources, both, 1)).map(({ database, table }) => `${database}/${table}`)).toEqual([
    'lake1.main/t1',
    'lake1.s/odd "one',
    'lake2.main/t2',
    'lake2.s/odd "one',
  ]);
  expect(await sources.probe(both)).toEqual({ ok: true, message: '4 tables.', tables: 4 });
});

test('primary and foreign keys of DuckDB stand with their columns, and what a column refers to', async () => {
  const sources = createDuckdbFiles(samples, readObject);
  const keys = await uploaded('keys.duckdb', await readFile(join(folder, 'keys.duckdb')));
  const source = sourceOf('duckdb', { files: [keys] });
  const found = await Promise.all(
    (await allTables(sources, source, 9)).map(
      async (table) => (await sources.sample(source, table, 3)).columns,
    ),
  );
  expect(found.flat().map(({ name, is_key, references }) => [name, is_key, references])).toEqual([
    ['id', true, undefined],
    ['name', undefined, undefined],
    ['no', true, undefined],
    ['c', undefined, { table: 'customers', column: 'id' }],
  ]);
});

test('objects below a prefix are read in pages, of the platform’s bucket and of a connection’s', async () => {
  const other = createObjectStore({ ...s3.options, bucket: 'lake' });
  await other.ensureBucket();
  for (const [key, content] of [
    ['data/a-b/x.csv', 'a,b\n1,2\n'],
    ['data/a/orders.csv', 'id,total\n1,9.50\n'],
    ['data/book.xlsx', await readFile(join(folder, 'book.xlsx'))],
    ['data/image.png', 'none'],
    ['data/z ü#1.jsonl', '{"a": 1, "b": "x"}\n{"a": 2, "b": "y"}\n'],
    ['other/x.csv', 'a,b\n1,2\n'],
  ] as const)
    await other.put(key, Buffer.from(content));
  const { endpoint, accessKey, secretKey, bucket: name } = s3.options;
  const lake = {
    ...{ id: '1', name: 'lake', type: 's3' as const, address: `${endpoint}/lake` },
    credentials: { access_key: accessKey, secret_key: secretKey },
  };
  const wrong = {
    ...lake,
    name: 'wrong',
    credentials: { access_key: 'nobody', secret_key: 'a-wrong-secret' },
  };
  const openBucket = bucketOpener({
    own: { name, store },
    connections: connectionsOf(lake, wrong),
    makeStore: (address) => createObjectStore({ ...address, attempts: 1 }),
  });
  const sources = createS3Files(samples, openBucket);
  const expected = [
    'lake/a-b/x.csv: a=1 b=2',
    'lake/a/orders.csv: id=1 total=9.50',
    ...BOOK_LINES.map((line) => `lake/book.xlsx${line}`),
    'lake/z ü#1.jsonl: a=1,2 b=x,y',
  ];
  expect(await contents(sources, sourceOf('s3', { uri: 's3://lake/data/', connection: 'lake' }))).toEqual(
    expected,
  );
  const whole = await allTables(sources, sourceOf('s3', { uri: 'connection:lake', connection: 'lake' }), 9);
  expect(whole.map(({ table }) => table)).toContain('other/x.csv');
  await store.put('uploads/mine/only.csv', Buffer.from('a,b\n5,6\n'));
  expect(await contents(sources, sourceOf('s3', { uri: `s3://${name}/uploads/mine/` }))).toEqual([
    `${name}/only.csv: a=5 b=6`,
  ]);
  await expect(sources.probe(sourceOf('s3', { uri: 's3://other/data/' }))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
  await expect(
    sources.probe(sourceOf('s3', { uri: 's3://lake/data/', connection: 'wrong' })),
  ).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.not.stringContaining('a-wrong-secret') });
  other.close();
});

test('a folder is read where the settings allow it; links and .. do not lead out of it', async () => {
  const root = join(folder, 'allowed');
  const secret = join(folder, 'secret.csv');
  await mkdir(join(root, 'inner'), { recursive: true });
  await writeFile(secret, 'secret,x\n1,2\n');
  await writeFile(join(root, 'inner', 'a.csv'), 'a,b\n1,2\n');
  await writeFile(join(root, '.hidden.csv'), 'a,b\n1,2\n');
  await symlink(secret, join(root, 'link.csv'));
  await symlink(folder, join(root, 'linked'));
  const sources = createFolderFiles(samples, [root]);
  expect(await contents(sources, sourceOf('files', { uri: root }))).toEqual(['allowed/inner/a.csv: a=1 b=2']);
  const source = sourceOf('files', { uri: `file://${root}` });
  for (const path of ['link.csv', 'linked/secret.csv', '../secret.csv', secret, 'inner'])
    await expect(
      sources.sample(source, { database: 'allowed', table: path, reference: { path, table: '' } }, 3),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  for (const uri of [folder, `${root}/..`, '/etc', `${root}/linked`, `${root}/none`])
    await expect(sources.tables(sourceOf('files', { uri }), { after: null, limit: 5 })).rejects.toMatchObject(
      {
        code: 'INVALID_INPUT',
      },
    );
  await expect(
    createFolderFiles(samples, []).tables(source, { after: null, limit: 5 }),
  ).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('TEMPERA_SOURCE_FOLDERS'),
  });
});

test('a folder that is exchanged for a link after it was listed leads nowhere', async () => {
  const root = join(folder, 'exchanged');
  await mkdir(join(root, 'inner'), { recursive: true });
  await writeFile(join(root, 'inner', 'secret.csv'), 'a,b\n1,2\n');
  await writeFile(join(folder, 'secret.csv'), 'secret,x\n1,2\n');
  const sources = createFolderFiles(samples, [root]);
  const source = sourceOf('files', { uri: root });
  const [table] = await sources.tables(source, { after: null, limit: 1 });
  await rename(join(root, 'inner'), join(root, 'was'));
  await symlink(folder, join(root, 'inner'));
  await expect(sources.sample(source, table as SourceTable, 3)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a file without a known hash and one that is too large are each told apart', async () => {
  const path = resolve('examples/penguins.csv');
  const data = await readFile(path);
  const file = {
    name: 'penguins.csv',
    size: data.length,
    sha256: null,
    open: async () => createReadStream(path),
  };
  expect((await samples.sample(file, { table: '', sampleSize: 5 })).columns.length).toBeGreaterThan(5);
  await expect(
    samples.sample({ ...file, size: 60_000_000 }, { table: '', sampleSize: 5 }),
  ).rejects.toMatchObject({
    code: 'TOO_LARGE',
  });
});

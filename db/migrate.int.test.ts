import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { migrate } from './migrate.ts';
import { dumpSchema } from './schema-dump.ts';
import { startTestPostgres, type TestPostgres } from './testing/postgres.ts';

let postgres: TestPostgres;
let folder: string;

beforeAll(async () => {
  postgres = await startTestPostgres();
  folder = await mkdtemp(join(tmpdir(), 'tempera-migrations-'));
  await cp('db/migrations', folder, { recursive: true });
}, 60_000);

afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('schema.sql is what the migrations amount to', async () => {
  const dump = await dumpSchema(postgres.open());
  const committed = await readFile('db/schema.sql', 'utf8').catch(() => '');
  if (dump !== committed) {
    // To bring it up to date: cp build/schema.sql db/schema.sql
    await mkdir('build', { recursive: true });
    await writeFile(resolve('build/schema.sql'), dump);
  }
  expect(committed).toBe(dump);
});

test('migrating again, and several times at once, changes nothing', async () => {
  const db = postgres.open();
  const before = await db.query('select * from migrations');
  await Promise.all(Array.from({ length: 5 }, () => migrate(postgres.url, folder)));
  expect(await db.query('select * from migrations')).toEqual(before);
});

test('five processes that meet an empty database apply each file once', async () => {
  const db = postgres.open();
  await db.query('create database empty');
  const url = postgres.url.replace(/postgres$/, 'empty');
  await Promise.all(Array.from({ length: 5 }, () => migrate(url, folder)));
  await expect(migrate(url, folder)).resolves.toBeUndefined();
});

test('a migration that fails leaves nothing and says which it was', async () => {
  const db = postgres.open();
  await writeFile(join(folder, '9999_half.sql'), 'create table half (id int); select no_such_function();');
  await expect(migrate(postgres.url, folder)).rejects.toThrow('Migration 9999_half.sql failed');
  expect(await db.query(`select to_regclass('half') as half`)).toEqual([{ half: null }]);
  await rm(join(folder, '9999_half.sql'));
});

test('a file that was changed after it ran is refused', async () => {
  const changed = await mkdtemp(join(tmpdir(), 'tempera-migrations-'));
  await writeFile(join(changed, '0001_init.sql'), 'create table other ();');
  await expect(migrate(postgres.url, changed)).rejects.toMatchObject({ code: 'CONFLICT' });
  await rm(changed, { recursive: true });
});

test('a server that is not there is DATABASE_UNAVAILABLE', async () => {
  await expect(migrate('postgres://postgres@127.0.0.1:1/postgres', folder)).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
  });
});

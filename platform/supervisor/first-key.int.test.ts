import { join } from 'node:path';
import { loadConfig } from '../../config/index.ts';
import { sha256 } from '../../core/ids.ts';
import { startTestPostgres, type TestPostgres } from '../../db/testing/postgres.ts';
import { makeFirstKey, needsFirstKey } from './first-key.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());

const root = join(__dirname, '..', '..');

test('a key is made on a network address whose settings name none, and nowhere else', async () => {
  const needs = async (environment: Record<string, string>) =>
    needsFirstKey(await loadConfig(environment, { root }));
  expect(await needs({})).toBe(false);
  expect(await needs({ TEMPERA_HOST: '0.0.0.0' })).toBe(true);
  expect(await needs({ TEMPERA_HOST: '0.0.0.0', TEMPERA_API_KEY: 'a' })).toBe(false);
  expect(await needs({ TEMPERA_HOST: '0.0.0.0', TEMPERA_API_KEYS: 'a:user' })).toBe(false);
});

test('the first start makes an admin’s key, of several at once one does, and a later one none', async () => {
  const db = postgres.open();
  const made = await Promise.all(Array.from({ length: 4 }, () => makeFirstKey(postgres.url)));
  const tokens = made.filter((token) => token !== null);
  expect(tokens).toHaveLength(1);
  const rows = await db.query<{ hash: string; role: string }>('select hash, role from access_keys');
  expect(rows).toEqual([{ hash: sha256(tokens[0] ?? ''), role: 'admin' }]);
  expect(await makeFirstKey(postgres.url)).toBeNull();
  await db.query('update access_keys set revoked_at = now()');
  expect(await makeFirstKey(postgres.url)).not.toBeNull();
});

test('where no key can be made the start fails', async () => {
  await expect(makeFirstKey('postgres://127.0.0.1:1/none')).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
  });
});

import { newId } from '../../core/ids.ts';
import type { Principal } from '../../core/principal.ts';
import { credentialSeal } from '../../core/sealed-credentials.ts';
import type { Database } from '../database.ts';
import { useTestDatabase } from '../testing/postgres.ts';
import { ADMIN, USER_A, USER_B } from '../testing/rows.ts';
import {
  countSourcesOf,
  deleteConnection,
  getConnection,
  insertConnection,
  listConnections,
  saveProbe,
} from './connections-repository.ts';
import { openConnections } from './opened-connections.ts';

let db: Database;
useTestDatabase((opened) => {
  db = opened;
});

/** As if every name stood for one address. */
const reach = async () => '192.0.2.9';
const seal = credentialSeal('k'.repeat(40));
const CREDENTIALS = { user: 'reader', password: 'a-secret-word' };

async function add(principal: Principal, name: string, scope: 'private' | 'shared' = 'private') {
  const row = { id: newId(), name, scope, type: 'postgres' as const, address: 'postgres://h/d' };
  const sealed_credentials = seal.seal(CREDENTIALS, row);
  return await db.transaction((tx) => insertConnection(tx, principal, { ...row, sealed_credentials }));
}

test('a connection is its owner’s and an admin’s to see and remove; a shared one is seen by everybody', async () => {
  await add(USER_A, 'own');
  await add(USER_A, 'shared', 'shared');
  for (const [principal, seen] of [
    [USER_A, ['own', 'shared']],
    [ADMIN, ['own', 'shared']],
    [USER_B, ['shared']],
  ] as const) {
    expect((await listConnections(db, principal)).map(({ name }) => name)).toEqual(seen);
    expect((await getConnection(db, principal, 'own')) !== null).toBe(seen.length === 2);
    expect(await getConnection(db, principal, 'shared')).not.toBeNull();
  }
  for (const name of ['own', 'shared', 'none'])
    expect(await db.transaction((tx) => deleteConnection(tx, USER_B, name))).toBe(false);
  expect(await db.transaction((tx) => deleteConnection(tx, ADMIN, 'own'))).toBe(true);
  expect(await db.transaction((tx) => deleteConnection(tx, USER_A, 'shared'))).toBe(true);
  expect(await listConnections(db, ADMIN)).toEqual([]);
});

test('a name is one connection’s, whoever asks; nothing that is read holds a credential', async () => {
  const made = await add(USER_A, 'sales');
  expect(await add(USER_B, 'sales')).toBeNull();
  const probe = { ok: true, message: '3 tables.', tables: 3, at: '2026-01-01T00:00:00.000Z' };
  await saveProbe(db, made?.id ?? '', probe);
  const [listed] = await listConnections(db, USER_A);
  expect(listed).toEqual({ ...made, last_probe: probe });
  expect(JSON.stringify([made, listed, await getConnection(db, ADMIN, 'sales')])).not.toMatch(
    /v1:|secret|sealed/,
  );
  const rows = await db.query('select * from data_connections');
  expect(JSON.stringify(rows)).not.toContain(CREDENTIALS.password);
  expect(await countSourcesOf(db, 'sales')).toBe(0);
});

test('credentials open for the row that they were sealed for, and for no changed one', async () => {
  await add(USER_A, 'ledger');
  const open = (key = seal) => openConnections(db, { configured: [], seal: key, reach }).open('ledger');
  expect(await open()).toMatchObject({ name: 'ledger', type: 'postgres', credentials: CREDENTIALS });
  await expect(open(credentialSeal('x'.repeat(40)))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await expect(
    openConnections(db, { configured: [], seal: null, reach }).open('ledger'),
  ).rejects.toMatchObject({
    message: expect.stringContaining('TEMPERA_CREDENTIALS_KEY'),
  });
  await db.query(`update data_connections set address = 'postgres://elsewhere/d' where name = 'ledger'`);
  await expect(open()).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await expect(openConnections(db, { configured: [], seal, reach }).open('none')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('a connection of the settings comes before a row of its name', async () => {
  await add(USER_A, 'twice');
  const configured = [
    { id: 'settings/twice', name: 'twice', type: 's3' as const, address: 'https://h/b', credentials: {} },
  ];
  expect(await openConnections(db, { configured, seal, reach }).open('twice')).toEqual(configured[0]);
});

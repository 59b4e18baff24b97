import { claimKey, type Database, deleteOldKeys, type Transaction } from '../db/index.ts';
import { useTestDatabase } from '../db/testing/postgres.ts';
import { USER_A } from '../db/testing/rows.ts';
import { forgetOldKeys } from './old-keys.ts';

let db: Database;
useTestDatabase((opened) => {
  db = opened;
});

const inTransaction = <T>(work: (tx: Transaction) => Promise<T>) => db.transaction(work);
const WEEK_HOURS = 168;

async function remainingKeys(): Promise<string[]> {
  const rows = await db.query<{ key: string }>('select key from idempotency_keys order by key');
  return rows.map(({ key }) => key);
}

test('keys older than a week go, in bounded transactions; one that is held is left for the next time', async () => {
  for (const [at, days] of [8, 9, 10, 6].entries()) {
    await inTransaction((tx) => claimKey(tx, USER_A, { key: `key-${at}`, requestSha256: 'x' }));
    await db.query(
      'update idempotency_keys set created_at = clock_timestamp() - make_interval(days => $1) where key = $2',
      [days, `key-${at}`],
    );
  }
  expect(await inTransaction((tx) => deleteOldKeys(tx, WEEK_HOURS, 1))).toBe(1);
  expect(await remainingKeys()).toEqual(['key-0', 'key-1', 'key-3']);
  await inTransaction(async (holder) => {
    await claimKey(holder, USER_A, { key: 'key-0', requestSha256: 'x' });
    expect(await forgetOldKeys(db, WEEK_HOURS)).toBe(1);
  });
  expect(await remainingKeys()).toEqual(['key-0', 'key-3']);
  expect(await forgetOldKeys(db, WEEK_HOURS)).toBe(1);
  expect(await remainingKeys()).toEqual(['key-3']);
  expect(
    await inTransaction((tx) => claimKey(tx, USER_A, { key: 'key-0', requestSha256: 'another' })),
  ).toEqual({ response: null });
});

/**
 * faults.md 6: transactions that deadlock are repeated a bounded number of times; none leaves half a write. The first
 * moment is a certain deadlock of two; the others are crowds that lock rows in orders that the seed gives.
 */

import { createDatabase, type Database } from '../../db/index.ts';
import { startTestPostgres } from '../../db/testing/postgres.ts';
import { momentsOf, randomOf, shuffled } from '../platform/moments.ts';

const ROWS = [1, 2, 3, 4];
const CROWD = 8;

describe('transactions that lock the same rows in other orders', () => {
  let database: Database;
  let end: () => Promise<void>;

  beforeAll(async () => {
    const postgres = await startTestPostgres();
    // the server looks for a deadlock soon, so that a crowd's test is short; only new connections see it
    const before = createDatabase({ url: postgres.url });
    await before.query(`alter role current_user set deadlock_timeout = '50ms'`);
    await before.close();
    // a repetition that collides again is likely in a crowd
    database = createDatabase({ url: postgres.url, poolSize: CROWD, attempts: 30 });
    end = () => postgres.stop();
    await database.query('create table accounts (id integer primary key, balance integer not null)');
  }, 60_000);
  beforeEach(async () => {
    await database.query('truncate accounts');
    await database.query('insert into accounts select id, 0 from unnest($1::integer[]) as id', [ROWS]);
  });
  afterAll(async () => {
    await database?.close();
    await end?.();
  });

  const add = (row: number) => ['update accounts set balance = balance + 1 where id = $1', [row]] as const;

  /** Adds to the rows in this order; all first attempts wait after their first row until everybody has one. */
  function addAll(order: readonly number[], meet: (() => Promise<void>) | null): Promise<number> {
    let attempt = 0;
    return database.transaction(async (tx) => {
      attempt += 1;
      for (const [place, row] of order.entries()) {
        const [sql, parameters] = add(row);
        await tx.query(sql, [...parameters]);
        if (place === 0 && attempt === 1) await meet?.();
      }
      return attempt;
    });
  }

  test('both of two end, each exactly once', async () => {
    let arrived = 0;
    const meet = async () => {
      arrived += 1;
      while (arrived < 2) await new Promise((resolve) => setImmediate(resolve));
    };
    const attempts = await Promise.all([addAll([1, 2], meet), addAll([2, 1], meet)]);
    expect(Math.max(...attempts)).toBeGreaterThan(1);
    expect(await database.query('select id, balance from accounts where id < 3 order by id')).toEqual([
      { id: 1, balance: 2 },
      { id: 2, balance: 2 },
    ]);
  }, 30_000);

  test.each(momentsOf(6, [{ name: 'in any order' }]).map((moment) => [moment.label, moment] as const))(
    'a crowd that locks %s ends, each exactly once',
    async (_, { fraction }) => {
      const random = randomOf(Math.floor(fraction * 1_000_000));
      const orders = Array.from({ length: CROWD }, () => shuffled(ROWS, random));
      await Promise.all(orders.map((order) => addAll(order, null)));
      expect(await database.query('select id, balance from accounts order by id')).toEqual(
        ROWS.map((id) => ({ id, balance: CROWD })),
      );
    },
    120_000,
  );
});

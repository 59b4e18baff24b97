/** faults.md 6: transactions that deadlock are repeated a bounded number of times; none leaves half a write. */

import { createDatabase, type Database } from '../../db/index.ts';
import { startTestPostgres } from '../../db/testing/postgres.ts';

describe('two transactions that lock the same rows in opposite order', () => {
  let database: Database;
  let end: () => Promise<void>;

  beforeAll(async () => {
    const postgres = await startTestPostgres();
    database = createDatabase({ url: postgres.url });
    end = () => postgres.stop();
    await database.query('create table accounts (id integer primary key, balance integer not null)');
    await database.query('insert into accounts select id, 0 from generate_series(1, 2) as id');
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await end?.();
  });

  test('both end, each exactly once', async () => {
    let meeting = 0;
    const add = (first: number, second: number) => {
      let attempt = 0;
      return database.transaction(async (tx) => {
        attempt += 1;
        await tx.query('update accounts set balance = balance + 1 where id = $1', [first]);
        if (attempt === 1)
          await both(
            () => (meeting += 1),
            () => meeting >= 2,
          );
        await tx.query('update accounts set balance = balance + 1 where id = $1', [second]);
        return attempt;
      });
    };
    const attempts = await Promise.all([add(1, 2), add(2, 1)]);
    expect(Math.max(...attempts)).toBeGreaterThan(1);
    expect(await database.query('select id, balance from accounts order by id')).toEqual([
      { id: 1, balance: 2 },
      { id: 2, balance: 2 },
    ]);
  }, 30_000);
});

/** Arrives, then waits until everybody has. */
async function both(arrive: () => void, complete: () => boolean): Promise<void> {
  arrive();
  while (!complete()) await new Promise((resolve) => setImmediate(resolve));
}

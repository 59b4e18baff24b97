import { TemperaError } from '../core/errors.ts';
import type { Database } from './database.ts';
import { startTestPostgres, type TestPostgres, until } from './testing/postgres.ts';

let postgres: TestPostgres;
let db: Database;

beforeAll(async () => {
  postgres = await startTestPostgres();
  db = postgres.open();
  await db.query('create table counters (id integer primary key, value integer not null)');
  await db.query('insert into counters values (1, 0), (2, 0)');
}, 60_000);
afterAll(() => postgres?.stop());

test('bigint and numeric are numbers, times are ISO strings, null stays null', async () => {
  const rows = await db.query(
    `select 9007199254740991::bigint as big, 1.25::numeric as cost, null::bigint as none,
       '2026-11-21 03:04:05.678+02'::timestamptz(3) as at`,
  );
  expect(rows).toEqual([{ big: 9007199254740991, cost: 1.25, none: null, at: '2026-11-21T01:04:05.678Z' }]);
});

test('serialisation failures run the callback again until every increment counts', async () => {
  let runs = 0;
  let reads = 0;
  let bothHaveRead = () => {};
  const collision = new Promise<void>((resolve) => {
    bothHaveRead = resolve;
  });
  const increment = () =>
    db.transaction(async (tx) => {
      runs += 1;
      await tx.query('set transaction isolation level serializable');
      const [row] = await tx.query<{ value: number }>('select value from counters where id = 1');
      // two have read the same value before either writes, so that one of them must fail
      reads += 1;
      if (reads === 2) bothHaveRead();
      await collision;
      await tx.query('update counters set value = $1 where id = 1', [(row?.value ?? 0) + 1]);
    });
  await Promise.all(Array.from({ length: 6 }, increment));
  expect(await db.query('select value from counters where id = 1')).toEqual([{ value: 6 }]);
  expect(runs).toBeGreaterThan(6);
});

test('two transactions that lock in opposite orders both commit', async () => {
  let holding = 0;
  const both = (own: number, other: number) =>
    db.transaction(async (tx) => {
      await tx.query('update counters set value = value + 1 where id = $1', [own]);
      holding += 1;
      await until(() => holding >= 2);
      await tx.query('update counters set value = value + 1 where id = $1', [other]);
    });
  const before = await db.query<{ sum: number }>('select sum(value) from counters');
  await Promise.all([both(1, 2), both(2, 1)]);
  const after = await db.query<{ sum: number }>('select sum(value) from counters');
  expect((after[0]?.sum ?? 0) - (before[0]?.sum ?? 0)).toBe(4);
});

test('what keeps colliding is DATABASE_UNAVAILABLE, not a half write', async () => {
  const stubborn = postgres.open({ attempts: 3, random: () => 0 });
  let runs = 0;
  const failing = stubborn.transaction(async (tx) => {
    runs += 1;
    await tx.query('insert into counters values (3, 0)');
    await tx.query(`do $$ begin raise exception 'again' using errcode = '40001'; end $$`);
  });
  await expect(failing).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryAfter: 1 });
  expect(runs).toBe(3);
  expect(await db.query('select from counters where id = 3')).toEqual([]);
});

test('an error of the callback rolls back and comes out as it is', async () => {
  const refusal = new TemperaError('CONFLICT', 'no');
  const work = db.transaction(async (tx) => {
    await tx.query('insert into counters values (4, 0)');
    throw refusal;
  });
  await expect(work).rejects.toBe(refusal);
  expect(await db.query('select from counters where id = 4')).toEqual([]);
});

test('a transaction aborted by a swallowed error does not pass for committed', async () => {
  const work = db.transaction(async (tx) => {
    await tx.query('select no_such_column').catch(() => undefined);
  });
  await expect(work).rejects.toThrow('nothing is committed');
});

test('a transaction cannot be used after its end', async () => {
  const tx = await db.transaction(async (open) => open);
  await expect(tx.query('select 1')).rejects.toThrow('after its transaction had ended');
});

test('a statement over its time is DATABASE_UNAVAILABLE and the connection goes on', async () => {
  const hasty = postgres.open({ poolSize: 1, statementTimeoutMilliseconds: 50 });
  await expect(hasty.query('select pg_sleep(5)')).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  expect(await hasty.query('select 1 as one')).toEqual([{ one: 1 }]);
});

test('a killed server is DATABASE_UNAVAILABLE, also for idle connections, and the pool works ' +
  'after it is back', async () => {
  const errors: Error[] = [];
  const pool = postgres.open({ onConnectionError: (error) => errors.push(error) });
  await Promise.all([pool.query('select 1'), pool.query('select 2')]);
  const running = pool.transaction(async (tx) => {
    await tx.query('select pg_sleep(30)');
  });
  running.catch(() => undefined);
  await postgres.kill();
  await expect(running).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', details: { lost: true } });
  await expect(pool.query('select 1')).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  await postgres.restart();
  await until(() => pool.query('select 1').then(Boolean, () => false));
  expect(errors.length).toBeGreaterThan(0);
}, 30_000);

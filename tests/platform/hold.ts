/**
 * Holds the platform's own database at a named place for a moment, so that a kill meets it there for certain: a
 * trigger that sleeps once, before a row is written or, deferred, during COMMIT. Nothing of the product is changed.
 */

import type { Database } from '../../db/index.ts';
import { until } from './wait.ts';

export interface Hold {
  table: string;
  /** `row`: before the row is inserted; `commit`: while the transaction commits. */
  when: 'row' | 'commit';
  /** Condition over `new`; `$session` stands for the session's id. */
  condition: string;
}

export interface PlantedHold {
  /** Resolves when a backend waits in it, to that backend's process id. */
  reached(): Promise<number>;
  /** Resolves when the held transaction is over and what it wrote is there. */
  committed(): Promise<void>;
  /** Takes the trigger away; waits out an outage of the database. */
  remove(): Promise<void>;
}

/** How long the one backend that comes by first is held. */
export const HOLD_SECONDS = 1.5;

export async function plantHold(database: Database, session: string, hold: Hold): Promise<PlantedHold> {
  const condition = hold.condition.replaceAll('$session', session);
  await removeHold(database, hold.table);
  // a sequence is not rolled back: whoever comes again is not held
  await database.query('drop sequence if exists held');
  await database.query('create sequence held');
  await database.query(`create or replace function hold() returns trigger language plpgsql as $$
    begin if nextval('held') = 1 then perform pg_sleep(${HOLD_SECONDS}); end if; return new; end $$`);
  const kind =
    hold.when === 'row'
      ? `create trigger hold before insert on ${hold.table}`
      : `create constraint trigger hold after insert on ${hold.table} deferrable initially deferred`;
  await database.query(`${kind} for each row when (${condition}) execute function hold()`);
  const sleeping = () =>
    database.query<{ pid: number }>(`select pid from pg_stat_activity where wait_event = 'PgSleep'`);
  return {
    reached: () => until(`a write to ${hold.table} is held`, async () => (await sleeping())[0]?.pid, 90),
    committed: () =>
      until(`the held write to ${hold.table} is committed`, async () => {
        const rows = await database.query(`select 1 from ${hold.table} as new where ${condition} limit 1`);
        return rows.length > 0;
      }).then(() => undefined),
    remove: async () => {
      await until('the hold is taken away', () => removeHold(database, hold.table));
    },
  };
}

async function removeHold(database: Database, table: string): Promise<true> {
  await database.query(`drop trigger if exists hold on ${table}`);
  return true;
}

/**
 * Numbered SQL files, applied once each, in order. Appended to and never changed: a file that was changed after
 * it ran is refused, because two installations would then differ under the same number.
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { TemperaError } from '../core/errors.ts';
import { sha256 } from '../core/ids.ts';
import { toDatabaseError } from './database-errors.ts';

interface Migration {
  name: string;
  sql: string;
  sha256: string;
}

// Any fixed number: it keeps two processes that start at once from migrating at once.
const LOCK = 7_400_001;

/**
 * Brings the database at `url` to the newest schema. Safe to call from several processes at once and again.
 * @throws TemperaError DATABASE_UNAVAILABLE; CONFLICT when an applied file was changed or is missing.
 */
export async function migrate(url: string, migrationsFolder: string): Promise<void> {
  const migrations = await readMigrations(migrationsFolder);
  const client = new pg.Client({ connectionString: url, application_name: 'tempera migrate' });
  // The statement that runs reports a lost connection; without a listener it would end the process as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await applyAll(client, migrations);
  } catch (error) {
    throw toDatabaseError(error, 'migrate');
  } finally {
    // Closing the connection gives the lock back.
    await client.end().catch(() => undefined);
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_.*\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8');
      return { name, sql, sha256: sha256(sql) };
    }),
  );
}

async function applyAll(client: pg.Client, migrations: Migration[]): Promise<void> {
  await client.query(`create table if not exists migrations (
    name text primary key, sha256 text not null, applied_at timestamptz(3) not null default clock_timestamp())`);
  const { rows } = await client.query<{ name: string; sha256: string }>(
    'select name, sha256 from migrations',
  );
  const applied = new Map(rows.map((row) => [row.name, row.sha256]));
  assertUnchanged(applied, migrations);
  for (const migration of migrations) {
    if (!applied.has(migration.name)) await apply(client, migration);
  }
}

function assertUnchanged(applied: Map<string, string>, migrations: Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.sha256]));
  for (const [name, hash] of applied) {
    if (known.get(name) === hash) continue;
    const what = known.has(name)
      ? 'was changed after it had been applied'
      : 'is applied but its file is missing';
    throw new TemperaError(
      'CONFLICT',
      `Migration ${name} ${what}. Add a new migration, or use the release it is from.`,
    );
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(migration.sql);
    await client.query('insert into migrations (name, sha256) values ($1, $2)', [
      migration.name,
      migration.sha256,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined); // a lost connection rolls back by itself
    throw new Error(`Migration ${migration.name} failed; nothing of it is applied.`, { cause: error });
  }
}

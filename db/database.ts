/**
 * The way to Postgres: a pool, transactions that are repeated where that is safe, and one translation of errors.
 *
 * Invariants:
 * 1. A transaction's callback may run several times (deadlock, serialisation failure): it touches nothing but `tx`.
 * 2. A lost connection is DATABASE_UNAVAILABLE, also when only the answer to COMMIT was lost: the caller repeats,
 *    and the keys of what it writes make the repetition harmless.
 * 3. A transaction that a swallowed error has aborted never passes for committed.
 * 4. An error on an idle connection ends that connection, never the process.
 */

import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { TemperaError } from '../core/errors.ts';
import { isConnectionLoss, isRepeatable, toDatabaseError } from './database-errors.ts';
import { ROW_TYPES } from './row-types.ts';

/** What a statement can be sent to. `Row` is what the statement's columns amount to; it is not checked. */
export interface Queryable {
  query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>;
}

/** An open transaction. It is unusable once its callback has ended. */
export type Transaction = Queryable & { readonly transaction: true };

export interface Database extends Queryable {
  /** Runs `work` and commits. The whole callback is repeated after a deadlock or a serialisation failure. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Waits for what runs and closes every connection. */
  close(): Promise<void>;
  readonly url: string;
}

export interface DatabaseOptions {
  /** postgres://user:password@host:port/database */
  url: string;
  /** Most connections at once. Default 10. */
  poolSize?: number;
  /** Milliseconds after which the server ends a statement. Default 30,000. */
  statementTimeoutMilliseconds?: number;
  /** Milliseconds to wait for a connection. Default 5,000. */
  connectTimeoutMilliseconds?: number;
  /** How often a transaction runs at most. Default 8. */
  attempts?: number;
  /** A number from 0 to 1 that spreads repetitions. Default Math.random. */
  random?: () => number;
  /** Told of errors on idle connections; they are otherwise harmless. Default: nobody. */
  onConnectionError?: (error: Error) => void;
}

/** Opens a pool. It connects at the first statement, not before. */
export function createDatabase(options: DatabaseOptions): Database {
  const pool = createPool(options);
  const repeated = <T>(run: () => Promise<T>) =>
    repeat(run, options.attempts ?? 8, options.random ?? Math.random);
  return {
    url: options.url,
    query: (sql, parameters) => repeated(() => withClient(pool, (client) => send(client, sql, parameters))),
    transaction: (work) =>
      repeated(() => withClient(pool, (client, discard) => runTransaction(client, discard, work))),
    close: () => pool.end(),
  };
}

function createPool(options: DatabaseOptions): pg.Pool {
  const statementTimeout = options.statementTimeoutMilliseconds ?? 30_000;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMilliseconds ?? 5_000,
    statement_timeout: statementTimeout,
    // The server's own limit comes first; this one is for a server that has fallen silent.
    query_timeout: statementTimeout + 5_000,
    idle_in_transaction_session_timeout: 2 * statementTimeout,
    application_name: 'tempera',
    keepAlive: true,
    types: ROW_TYPES,
  });
  const report = options.onConnectionError ?? (() => undefined);
  pool.on('error', report);
  // A connection that breaks while it is lent out reports here as well as to the statement that runs.
  pool.on('connect', (client) => client.on('error', report));
  return pool;
}

/** Lends a connection to `use`; one that broke is closed instead of being lent again. */
async function withClient<T>(
  pool: pg.Pool,
  use: (client: pg.PoolClient, discard: () => void) => Promise<T>,
): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw toDatabaseError(error, 'connect');
  });
  let broken = false;
  try {
    return await use(client, () => {
      broken = true;
    });
  } catch (error) {
    broken ||= isConnectionLoss(error);
    throw error;
  } finally {
    client.release(broken);
  }
}

async function send<Row>(client: pg.PoolClient, sql: string, parameters: unknown[] = []): Promise<Row[]> {
  try {
    const result = await client.query(sql, parameters);
    return result.rows as Row[];
  } catch (error) {
    throw toDatabaseError(error, sql);
  }
}

async function runTransaction<T>(
  client: pg.PoolClient,
  discard: () => void,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  let open = true;
  const tx: Transaction = {
    transaction: true,
    query: async (sql, parameters) => {
      if (!open) throw new Error('A statement was sent after its transaction had ended.');
      return send(client, sql, parameters);
    },
  };
  await send(client, 'begin');
  try {
    const result = await work(tx);
    open = false;
    await commit(client);
    return result;
  } catch (error) {
    open = false;
    // Where the rollback fails, the server ends the transaction with the connection; the reason is what counts.
    if (!isConnectionLoss(error)) await client.query('rollback').catch(discard);
    throw error;
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  const result = await client.query('commit').catch((error: unknown) => {
    throw toDatabaseError(error, 'commit');
  });
  // Postgres answers ROLLBACK, without an error, when a statement failed before and its error was swallowed.
  if (result.command !== 'COMMIT') {
    throw new Error(
      'The transaction was aborted by a statement whose error was swallowed; nothing is committed.',
    );
  }
}

async function repeat<T>(run: () => Promise<T>, attempts: number, random: () => number): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!isRepeatable(error)) throw error;
      if (attempt >= attempts) throw exhausted(error, attempts);
      await delay(random() * Math.min(10 * 2 ** attempt, 500));
    }
  }
}

function exhausted(cause: unknown, attempts: number): TemperaError {
  const message =
    `The transaction collided with others ${attempts} times and was given up; nothing is ` +
    'written. Try again.';
  return new TemperaError('DATABASE_UNAVAILABLE', message, { cause, retryAfter: 1 });
}

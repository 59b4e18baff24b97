import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { loadConfig } from '../../config/index.ts';
import { isAlive, processStart } from '../setup/process.mjs';
import type { PlatformContext } from './context.ts';
import type { SpawnRequest } from './guarded-child.ts';
import { openHome } from './home.ts';
import { endLeftovers } from './leftovers.ts';
import { choosePorts } from './ports.ts';
import { embeddedDatabaseUrl, initializePostgres, postgresPart } from './postgres-server.ts';
import { httpProbe, postgresProbe } from './probes.ts';
import { type ProcessState, WatchedProcess, type WatchOptions } from './watched-process.ts';

jest.setTimeout(60_000);

const root = join(__dirname, '..', '..');
const guardFile = join(root, 'platform', 'guard.mjs');
const folders: string[] = [];
const watched: WatchedProcess[] = [];

afterEach(async () => {
  await Promise.all(watched.splice(0).map((process) => process.stop()));
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function newContext(): Promise<PlatformContext> {
  const folder = mkdtempSync(join(tmpdir(), 'tempera-platform-'));
  folders.push(folder);
  const environment = { TEMPERA_HOME: folder, TEMPERA_PORT: '0', PATH: process.env.PATH };
  const config = await loadConfig(environment, { root });
  const home = openHome(folder);
  return {
    config,
    environment,
    home,
    ports: await choosePorts(home.path('ports.json'), { preferred: false }),
  };
}

function smallServer(
  { home, ports }: PlatformContext,
  manner = 'willing',
  graceMilliseconds = 300,
): SpawnRequest {
  return {
    name: 'small',
    command: process.execPath,
    arguments: [join(root, 'platform', 'testing', 'small-server.mjs'), String(ports.api), manner],
    cwd: root,
    environment: {},
    log: home.path('logs', 'small.log'),
    pidFile: home.path('run', 'small.pid.json'),
    endSignal: 'SIGTERM',
    graceMilliseconds,
  };
}

/** Watches a server of `context`; `states` collects what it goes through. */
function watch(context: PlatformContext, server: SpawnRequest, options: Partial<WatchOptions> = {}) {
  const states: ProcessState[] = [];
  const process = new WatchedProcess(
    { name: 'small', address: null, server, probe: httpProbe(`http://127.0.0.1:${context.ports.api}/`) },
    {
      guardFile,
      healthIntervalMilliseconds: 20,
      restartMinimumMilliseconds: 10,
      restartMaximumMilliseconds: 80,
      startIntervalMilliseconds: 10,
      onChange: (state) => states.push(state),
      ...options,
    },
  );
  watched.push(process);
  process.start();
  return { process, states };
}

/** Polls until `holds`, at most 20 s. */
async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) {
      throw new Error('it did not come to pass within 20 s');
    }
    await pause(10);
  }
}

const statuses = (states: ProcessState[]) =>
  states.map(({ status }) => status).filter((status, index, all) => status !== all[index - 1]);

test('a server starts, is ended in order, and leaves no pid file', async () => {
  const context = await newContext();
  const { process, states } = watch(context, smallServer(context));
  await process.healthy;
  const { pid } = process.state;
  expect(existsSync(context.home.path('run', 'small.pid.json'))).toBe(true);
  await process.stop();
  expect(statuses(states)).toEqual(['PENDING', 'STARTING', 'HEALTHY', 'STOPPING', 'STOPPED']);
  expect(processStart(pid ?? 0)).toBeNull();
  expect(existsSync(context.home.path('run', 'small.pid.json'))).toBe(false);
});

test('a killed server is started again, by another pid', async () => {
  const context = await newContext();
  const { process: small, states } = watch(context, smallServer(context));
  await small.healthy;
  const first = small.state.pid ?? 0;
  process.kill(first, 'SIGKILL');
  await until(
    () => small.state.status === 'HEALTHY' && small.state.pid !== null && small.state.pid !== first,
  );
  expect(small.state.restarts).toBe(1);
  expect(states.some(({ status, reason }) => status === 'FAILED' && reason === 'was ended by SIGKILL')).toBe(
    true,
  );
});

test('a server that ignores the word to end is killed', async () => {
  const context = await newContext();
  const { process: stubborn } = watch(context, smallServer(context, 'stubborn', 100));
  await stubborn.healthy;
  const { pid } = stubborn.state;
  await stubborn.stop();
  expect(processStart(pid ?? 0)).toBeNull();
});

test('a server that does not start is tried again with growing pauses, and its last words are told', async () => {
  const context = await newContext();
  const { process: broken } = watch(context, smallServer(context, 'broken'), { attempts: 3 });
  await expect(broken.healthy).rejects.toThrow(/ended with 3[\s\S]*cannot start: it is broken/);
  await until(() => broken.state.restarts >= 4);
});

test('a server that answers no more is unhealthy, and healthy when it does again', async () => {
  const context = await newContext();
  const { process: small, states } = watch(context, smallServer(context));
  await small.healthy;
  const pid = small.state.pid ?? 0;
  process.kill(pid, 'SIGSTOP');
  await until(() => small.state.status === 'UNHEALTHY');
  process.kill(pid, 'SIGCONT');
  await until(() => small.state.status === 'HEALTHY');
  expect(statuses(states).slice(-3)).toEqual(['HEALTHY', 'UNHEALTHY', 'HEALTHY']);
});

test('the server of a killed guard is ended and started again', async () => {
  const context = await newContext();
  const { process: small } = watch(context, smallServer(context));
  await small.healthy;
  const first = small.state.pid ?? 0;
  const guard = Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(first)], { encoding: 'utf8' }));
  process.kill(guard, 'SIGKILL');
  await until(() => small.state.status === 'HEALTHY' && small.state.pid !== first);
  expect(processStart(first)).toBeNull();
});

describe('Postgres', () => {
  test('ends with a supervisor that is killed, and recovers nothing because it ended in order', async () => {
    const context = await newContext();
    await initializePostgres(context);
    const { server } = postgresPart(context);
    const program = join(root, 'build', 'test', `dying-supervisor-${process.pid}.mjs`);
    mkdirSync(join(root, 'build', 'test'), { recursive: true });
    const entry = join(root, 'platform', 'testing', 'dying-supervisor.ts');
    buildSync({
      entryPoints: [entry],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
    folders.push(program);
    const supervisor = spawn(process.execPath, [program, guardFile, JSON.stringify(server)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number(
      await new Promise<string>((resolve) =>
        createInterface({ input: supervisor.stdout }).once('line', resolve),
      ),
    );
    const recorded = { pid, startTime: processStart(pid) ?? '' };
    const answers = postgresProbe(embeddedDatabaseUrl(context, 'postgres'));
    const deadline = Date.now() + 20_000;
    while ((await answers().then(() => null, String)) !== null && Date.now() < deadline) {
      await pause(20);
    }
    supervisor.kill('SIGKILL');
    await until(() => !isAlive(recorded));
    await until(() => !existsSync(server.pidFile));
    expect(execFileSync('tail', ['-n', '1', server.log], { encoding: 'utf8' })).toContain(
      'database system is shut down',
    );
  });

  test('left by a supervisor and its guard is found by its pid file and ended', async () => {
    const context = await newContext();
    await initializePostgres(context);
    const part = postgresPart(context);
    const { process: postgres } = watch(context, part.server);
    await until(() => postgres.state.pid !== null);
    const recorded = { pid: postgres.state.pid ?? 0, startTime: processStart(postgres.state.pid ?? 0) ?? '' };
    expect(await endLeftovers(context.home.path('run'), 10_000)).toEqual(['postgres']);
    expect(isAlive(recorded)).toBe(false);
  });
});

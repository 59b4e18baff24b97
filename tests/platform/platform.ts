/**
 * A whole platform for tests: the real supervisor with real servers, in a home of its own and on free ports. Its parts
 * are killed by the process ids that it tells of in run.json, never by name. Most files share one: shared.ts, and
 * ../sandbox-hosts/taken.ts for those that kill.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseEnv } from 'node:util';
import { type PlatformStatus, readPlatformStatus } from '../../platform/supervisor/platform-status.ts';
import { createRest, type Rest } from './rest.ts';
import { until } from './wait.ts';

export type Part = 'worker' | 'api' | 'sandbox' | 'postgres' | 'temporal' | 's3';

export interface TestPlatform {
  home: string;
  rest: Rest;
  run(): PlatformStatus;
  /** Process id of a part that runs. */
  pid(part: Part): number;
  /**
   * kill -9 of a part. It stays away at least `seconds` (0): so long the supervisor, which would start it again, is
   * stopped. @returns when it has been started again and is well, unless `waits` is false
   */
  kill(part: Part, options?: { waits?: boolean; seconds?: number }): Promise<void>;
  /** Stops a part without ending it, as a machine that stalls. @returns what lets it go on */
  freeze(part: Part): () => void;
  /** The variables by which the platform's processes find each other. */
  variables(): Record<string, string | undefined>;
  stop(): Promise<void>;
}

/** A platform that the file has for itself. */
export interface OwnPlatform extends TestPlatform {
  /** kill -9 of the supervisor itself. */
  killSupervisor(): Promise<void>;
  /** Starts a supervisor on the same home again. */
  startAgain(): Promise<void>;
}

export interface TestPlatformOptions {
  environment?: Record<string, string>;
  /** Keeps the folder of all state, for looking at it. */
  keep?: boolean;
  /** The folder of all state, which is kept. Default: a new one. */
  home?: string;
}

/** Timings that are scaled down, so that a moment of each fault fits a test. */
const SCALED = {
  HEARTBEAT_TIMEOUT_SECONDS: '2',
  PROVIDER_PAUSE_SECONDS: '0.2',
  PROVIDER_PAUSE_MAXIMUM_SECONDS: '1',
  WORKER_LOST_SECONDS: '4',
  WORKER_HEARTBEAT_SECONDS: '0.5',
  RESTART_MAXIMUM_MILLISECONDS: '1000',
  HEALTH_INTERVAL_MILLISECONDS: '500',
};

export async function startPlatform(options: TestPlatformOptions = {}): Promise<OwnPlatform> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'tempera-test-'));
  let supervisor = await startSupervisor(home, options);
  const platform = platformIn(home);
  return {
    ...platform,
    async killSupervisor() {
      const parts = platform.run().processes.flatMap((each) => (each.pid === null ? [] : [each.pid]));
      supervisor.kill('SIGKILL');
      await until(
        'every process of the dead supervisor ended',
        () => parts.every((each) => !isRunning(each)),
        30,
      );
    },
    async startAgain() {
      supervisor = await startSupervisor(home, options);
    },
    async stop() {
      await endSupervisor(supervisor);
      if (options.keep !== true && options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The platform that runs in a home, whoever started it. @throws when none runs there */
export function platformIn(home: string): Omit<TestPlatform, 'stop'> {
  const run = (): PlatformStatus => {
    const found = readPlatformStatus(home);
    if (!found) throw new Error(`no platform runs in ${home}`);
    return found;
  };
  const processOf = (part: Part) => run().processes.find((each) => each.name === part);
  const pid = (part: Part): number => {
    const found = processOf(part)?.pid;
    if (!found) throw new Error(`${part} does not run`);
    return found;
  };
  return {
    home,
    rest: createRest(run().addresses.api),
    run,
    pid,
    async kill(part, { waits = true, seconds = 0 } = {}) {
      const killed = pid(part);
      if (seconds > 0) stall(run().pid, seconds);
      process.kill(killed, 'SIGKILL');
      if (!waits) return;
      await until(`${part} is well again`, () => {
        const now = processOf(part);
        return now?.status === 'HEALTHY' && now.pid !== killed;
      });
    },
    freeze(part) {
      const frozen = pid(part);
      process.kill(frozen, 'SIGSTOP');
      return () => {
        if (isRunning(frozen)) process.kill(frozen, 'SIGCONT');
      };
    },
    variables: () => parseEnv(readFileSync(join(home, 'tempera.env'), 'utf8')),
  };
}

/** Stops a process for so long; what lets it go on is a process of its own, since the tests may be ended meanwhile. */
function stall(pid: number, seconds: number): void {
  process.kill(pid, 'SIGSTOP');
  const parts = ['-c', `sleep ${seconds}; kill -CONT ${pid}`];
  spawn('sh', parts, { detached: true, stdio: 'ignore' }).unref();
}

async function startSupervisor(home: string, options: TestPlatformOptions): Promise<ChildProcess> {
  const root = process.cwd();
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', join(root, 'build', 'supervisor.mjs'), '--with-parent'],
    {
      cwd: root,
      env: {
        ...process.env,
        ...SCALED,
        ...options.environment,
        TEMPERA_ROOT: root,
        TEMPERA_HOME: home,
        TEMPERA_PORT: '0',
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const event: { event: string; message?: string } = JSON.parse(line);
    if (event.event === 'ready') break;
    if (event.event === 'failed') throw new Error(`the platform did not start: ${event.message}`);
  }
  child.stdout.resume();
  return child;
}

async function endSupervisor(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** True while a process of this id runs (a zombie has ended). */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // no such process
  }
}

/** A real sandbox host for tests: on a port of its own, ended with the process that started it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export interface TestHost {
  /** host:port */
  readonly address: string;
  readonly token: string;
  readonly pid: number;
  /** As a crash would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** What a zygote must import for executions, kernels, own tools and checkpoints; the libraries take it seconds more. */
export const FEW_MODULES = ['--modules', 'tempera,trainable,tempera_sandbox.files.scanner'];

export interface TestHostOptions {
  token?: string;
  /** Further arguments of the host. */
  arguments?: readonly string[];
  /** Folder for what the host keeps, which stays; default: one of its own that goes with it. */
  home?: string;
  /** File for its log; default: this process's. */
  log?: string;
  /** A command in front of the host's own, such as one that enters a network namespace. */
  through?: readonly string[];
}

/** Needs the product's Python in TEMPERA_PYTHON, as `npm test` gives it. */
export async function startTestHost(options: TestHostOptions = {}): Promise<TestHost> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'tempera-host-')));
  const log = options.log === undefined ? null : await open(options.log, 'a');
  const token = options.token ?? 'a-token-of-the-tests';
  const python = [process.env.TEMPERA_PYTHON ?? 'python3', '-m', 'tempera_sandbox.host'];
  const own = ['--home', home, '--parent-pipe', '3', ...(options.arguments ?? [])];
  const [command = '', ...parts] = [...(options.through ?? []), ...python, ...own];
  const host = spawn(command, parts, {
    cwd: resolve('sandbox'),
    env: { ...process.env, SANDBOX_TOKEN: token },
    stdio: ['ignore', 'pipe', log?.fd ?? 'inherit', 'pipe'],
  });
  await log?.close();
  const { address, pid } = await firstLine(host);
  const end = async (signal: NodeJS.Signals) => {
    if (host.exitCode !== null || host.signalCode !== null) return;
    const ended = once(host, 'exit');
    process.kill(pid, signal);
    await ended;
  };
  return {
    address,
    token,
    pid,
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM');
      if (options.home === undefined) await rm(home, { recursive: true, force: true });
    },
  };
}

async function firstLine(host: ChildProcess): Promise<{ address: string; pid: number }> {
  if (!host.stdout) throw new Error('The host has no output.');
  for await (const line of createInterface({ input: host.stdout })) return JSON.parse(line);
  throw new Error('The host ended before it listened.');
}

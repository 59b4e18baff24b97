/** A real sandbox host for tests: on a port of its own, ended with the process that started it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export interface TestHost {
  /** host:port */
  readonly address: string;
  readonly token: string;
  stop(): Promise<void>;
}

/** Needs the product's Python in TEMPERA_PYTHON, as `npm test` gives it. */
export async function startTestHost(): Promise<TestHost> {
  const home = await mkdtemp(join(tmpdir(), 'tempera-host-'));
  const token = 'a-token-of-the-tests';
  const host = spawn(
    process.env.TEMPERA_PYTHON ?? 'python3',
    ['-m', 'tempera_sandbox.host', '--home', home, '--parent-pipe', '3'],
    {
      cwd: resolve('sandbox'),
      env: { ...process.env, SANDBOX_TOKEN: token },
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    },
  );
  const { address } = await firstLine(host);
  return {
    address,
    token,
    async stop() {
      const ended = once(host, 'exit');
      host.kill('SIGTERM');
      await ended;
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function firstLine(host: ChildProcess): Promise<{ address: string }> {
  if (!host.stdout) throw new Error('The host has no output.');
  for await (const line of createInterface({ input: host.stdout })) return JSON.parse(line);
  throw new Error('The host ended before it listened.');
}

/** Starts main.ts as a process of its own, so that platform tests can set ANTHROPIC_BASE_URL to it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { z } from 'zod';
import { type Counts, CountsSchema } from './call-counts.ts';
import type { Control } from './control.ts';

export interface ServerProcess {
  /** What ANTHROPIC_BASE_URL is set to. */
  url: string;
  child: ChildProcess;
  counts(): Promise<Counts>;
  /** Orders failures, cuts and pauses for the calls to come. */
  order(control: Partial<Control>): Promise<void>;
  stop(): Promise<void>;
}

export interface ServerProcessOptions {
  /** The repository's root: the bundle goes into its build folder, from where its packages are found. */
  root: string;
  /** Arguments of main.ts, e.g. ['--counts', file]. Default: none. */
  args?: string[];
}

const ListeningSchema = z.object({ event: z.literal('listening'), url: z.string() });

/** Bundles and starts the server; resolves when it listens. */
export async function startServerProcess({ root, args = [] }: ServerProcessOptions): Promise<ServerProcess> {
  const outfile = join(root, 'build', 'tests', 'anthropic-server.mjs');
  await build({
    entryPoints: [join(root, 'tests', 'anthropic-server', 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    loader: { '.py': 'text', '.md': 'text' },
    logLevel: 'error',
  });
  const child = spawn(
    process.execPath,
    [outfile, '--playbooks', join(root, 'sandbox', 'playbooks'), ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const url = await firstLine(child);
  return {
    url,
    child,
    counts: async () => CountsSchema.parse(await (await fetch(`${url}/counts`)).json()),
    order: async (control) => {
      const response = await fetch(`${url}/control`, { method: 'PUT', body: JSON.stringify(control) });
      if (!response.ok) throw new Error(`the server refused the order: ${await response.text()}`);
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the server has no output to read its address from');
  for await (const line of createInterface({ input: child.stdout })) {
    return ListeningSchema.parse(JSON.parse(line)).url;
  }
  throw new Error(`the server ended before it listened (exit ${child.exitCode})`);
}

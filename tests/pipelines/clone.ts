/** Commands as people type them: a line in a shell, in a folder that looks like a clone. */

import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Ended } from './command-line.ts';

/** Makes a clone as far as commands see one: what they write is theirs, the rest is the repository's. */
export function makeClone(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync('.')) {
    if (name === 'tempera-out' || name.startsWith('.')) continue;
    if (name === 'package.json') copyFileSync(name, join(folder, name));
    else symlinkSync(join(process.cwd(), name), join(folder, name));
  }
}

/** Runs a line in a shell; the platform in the foreground is ended when it is ready. */
export function type(
  line: string,
  { folder, environment }: { folder: string; environment: NodeJS.ProcessEnv },
): Promise<Ended> {
  const child = spawn('bash', ['-c', line], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended: Ended = { code: null, out: '', err: '' };
  let stopped = false;
  const collect = (stream: 'out' | 'err') => (text: Buffer) => {
    ended[stream] += text;
    if (line !== 'npm start' || stopped || !/Stop it with Ctrl-C/.test(ended.out + ended.err)) return;
    // to npm alone, as whoever supervises it would; a Ctrl-C goes to the whole group and so to more
    stopped = child.kill('SIGTERM');
  };
  child.stdout.on('data', collect('out'));
  child.stderr.on('data', collect('err'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...ended, code }));
  });
}

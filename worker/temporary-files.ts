/** Where a worker puts what it writes for a while. */

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../platform/setup/make-folder.mjs';

/** The folder of this process. */
export const temporaryFolder = (home: string): string => join(home, 'tmp', `worker-${process.pid}`);

/** Makes this worker's folder, and removes those of workers that were killed before they could. */
export async function openTemporaryFolder(home: string): Promise<void> {
  const all = join(home, 'tmp');
  makeFolder(all);
  const owners = (await readdir(all)).map((name) => ({
    name,
    pid: Number(/^worker-(\d+)$/.exec(name)?.[1]),
  }));
  const dead = owners.filter(({ pid }) => pid > 0 && (pid === process.pid || !isRunning(pid)));
  for (const { name } of dead) await rm(join(all, name), { recursive: true, force: true });
  makeFolder(temporaryFolder(home));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return Reflect.get(Object(error), 'code') === 'EPERM';
  }
}

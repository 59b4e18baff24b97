/** Servers of a supervisor that died: found by their pid files, told from others by their start time, ended. */

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { isAlive } from '../setup/process.mjs';

const PidFileSchema = z.object({
  name: z.string(),
  pid: z.number().int().positive(),
  startTime: z.string(),
  endSignal: z.enum(['SIGINT', 'SIGTERM']),
});
export type PidFile = z.infer<typeof PidFileSchema>;

const POLL_MILLISECONDS = 25;

/** What a pid file says, or null where it is absent or was cut off by a crash. */
export function readPidFile(file: string): PidFile | null {
  try {
    return PidFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // absent, or half-written by a machine that went down: nothing to go by
    return null;
  }
}

/** Ends every server that is named in a pid file of `folder`; resolves to their names. */
export async function endLeftovers(folder: string, graceMilliseconds: number): Promise<string[]> {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.pid.json')) : [];
  const ends = files.map(async (name) => {
    const file = join(folder, name);
    const left = readPidFile(file);
    return left && (await endRecorded(left, file, graceMilliseconds)) ? [left.name] : [];
  });
  return (await Promise.all(ends)).flat();
}

/** Ends one recorded server and its group; false where it was gone already. */
export async function endRecorded(left: PidFile, file: string, graceMilliseconds: number): Promise<boolean> {
  const wasAlive = isAlive(left);
  if (wasAlive) {
    signal(left.pid, left.endSignal);
    if (!(await isGoneWithin(left, graceMilliseconds))) {
      signal(-left.pid, 'SIGKILL');
      await isGoneWithin(left, graceMilliseconds);
    }
  }
  rmSync(file, { force: true });
  return wasAlive;
}

async function isGoneWithin(left: PidFile, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (isAlive(left)) {
    if (Date.now() > deadline) {
      return false;
    }
    await pause(POLL_MILLISECONDS);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it ended between the look and the signal
  }
}

/** One kill -9, and when its victim is well enough to be killed again. Others may be down meanwhile: faults overlap. */

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, type OwnPlatform, type Part } from '../platform/platform.ts';
import { until } from '../platform/wait.ts';
import type { PlannedKill, Victim } from './plan.ts';

const PARTS: Part[] = ['worker', 'api', 'sandbox', 'postgres', 'temporal', 's3'];

/** Seconds that a part has to be well again after whatever was killed; the machine may be busy. */
const RECOVERY_SECONDS = 120;

/** Kills what the plan says. @throws when the victim does not become well in time, or a supervisor does not start */
export async function killPlanned(platform: OwnPlatform, kill: PlannedKill): Promise<void> {
  const { victim, which } = kill;
  await until(`${victim} is well`, () => pidOf(platform, victim, which) !== null, RECOVERY_SECONDS);
  await pause(kill.pause);
  if (victim === 'supervisor') {
    await platform.killSupervisor();
    await platform.startAgain();
    return;
  }
  // who was well may have been taken down meanwhile by what it needs
  const pid = await until(`${victim} is well`, () => pidOf(platform, victim, which), RECOVERY_SECONDS);
  process.kill(pid, 'SIGKILL');
  await until(`${victim} ended`, () => !isRunning(pid));
}

/** Every part is well: what was killed has been started again. */
export async function allWell(platform: OwnPlatform): Promise<void> {
  await until('every part is well', () => PARTS.every((part) => pidOfPart(platform, part)), RECOVERY_SECONDS);
}

function pidOf(platform: OwnPlatform, victim: Victim, which: number): number | null {
  if (victim === 'supervisor') return platform.run().pid;
  if (victim === 'guard') return guardOf(platform, PARTS[Math.floor(which * PARTS.length)] ?? 'worker');
  if (victim === 'zygote') return zygoteOf(platform);
  return pidOfPart(platform, victim);
}

function pidOfPart(platform: OwnPlatform, part: Part): number | null {
  const found = platform.run().processes.find(({ name }) => name === part);
  return found?.status === 'HEALTHY' && found.pid !== null && isRunning(found.pid) ? found.pid : null;
}

function guardOf(platform: OwnPlatform, part: Part): number | null {
  const pid = pidOfPart(platform, part);
  return pid === null ? null : parentOf(pid);
}

/** The host's own child that was started as the zygote; forks of it carry the same words and have another parent. */
function zygoteOf(platform: OwnPlatform): number | null {
  const host = pidOfPart(platform, 'sandbox');
  if (host === null) return null;
  const started = (pid: number) => textOf(pid, 'cmdline').includes('tempera_sandbox.children.zygote');
  return pids().find((pid) => started(pid) && parentOf(pid) === host && isRunning(pid)) ?? null;
}

function parentOf(pid: number): number | null {
  const parent = Number(/^PPid:\s+(\d+)/m.exec(textOf(pid, 'status'))?.[1] ?? 0);
  return parent > 1 ? parent : null;
}

const pids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}

/** Processes that name the platform's folder in their words or their environment. */
export function processesIn(home: string): string[] {
  return pids()
    .filter((pid) => pid !== process.pid)
    .filter((pid) => [textOf(pid, 'cmdline'), textOf(pid, 'environ')].some((text) => text.includes(home)))
    .filter(isRunning)
    .map((pid) => `${pid} ${textOf(pid, 'cmdline').replaceAll('\0', ' ').slice(0, 200)}`);
}

/** Mounts below the platform's folder that this process sees. */
export function mountsIn(home: string): string[] {
  return textOf(process.pid, 'mountinfo')
    .split('\n')
    .filter((line) => line.includes(home));
}

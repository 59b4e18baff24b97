/** Processes by pid and start time, so that a pid that the system used again is never taken for the old one. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What tells a living process's start apart from any other's; null where no such process lives. */
export function processStart(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return process.platform === 'linux' ? null : askForStart(pid);
  }
}

/** Whether the very process lives that was recorded as {pid, startTime}. */
export function isAlive(recorded) {
  return recorded !== null && processStart(recorded.pid) === recorded.startTime;
}

/** This process, as it is recorded in locks and pid files. */
export const thisProcess = () => ({ pid: process.pid, startTime: processStart(process.pid) ?? '' });

function askForStart(pid) {
  try {
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return started || null;
  } catch {
    // ps exits 1 where there is no such process
    return null;
  }
}

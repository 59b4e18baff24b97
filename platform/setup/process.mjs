/** Processes by pid and start time, so that a pid that the system used again is never taken for the old one. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} RecordedProcess
 * @property {number} pid
 * @property {string} startTime opaque; equal only for the same start of the same process
 */

/**
 * The code of a system's error, as ENOENT; '' of anything else.
 * @param {unknown} error
 * @returns {string}
 */
export const codeOf = (error) => textOf(error, 'code');

/**
 * What went wrong, in words.
 * @param {unknown} error
 */
export const wordsOf = (error) => textOf(error, 'message') || String(error);

/**
 * A text of what was thrown, which may come from another realm and so be no Error of this one.
 * @param {unknown} thrown
 * @param {'code' | 'message'} field
 */
function textOf(thrown, field) {
  const value = /** @type {Record<string, unknown> | null | undefined} */ (thrown)?.[field];
  return typeof value === 'string' ? value : '';
}

/**
 * What tells a living process's start apart from any other's; null where no such process lives.
 * @param {number} pid
 * @returns {string | null}
 */
export function processStart(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return process.platform === 'linux' ? null : askForStart(pid);
  }
}

/**
 * Whether the very process lives that was recorded as {pid, startTime}.
 * @param {RecordedProcess | null} recorded
 */
export function isAlive(recorded) {
  return recorded !== null && processStart(recorded.pid) === recorded.startTime;
}

/**
 * This process, as it is recorded in locks and pid files.
 * @returns {RecordedProcess}
 */
export const thisProcess = () => ({ pid: process.pid, startTime: processStart(process.pid) ?? '' });

/** @param {number} pid */
function askForStart(pid) {
  try {
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return started || null;
  } catch {
    // ps exits 1 where there is no such process
    return null;
  }
}

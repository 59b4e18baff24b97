/**
 * Commands that set-up runs: their output goes to a log, their last line to the progress, their failure to a clear
 * error.
 */

import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.mjs';

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [log] file that its output is added to
 * @property {(line: string) => void} [onLine] is told its last line
 * @property {string} [remedy] what mends a failure
 */

/** A step of set-up that failed: what, why, and what mends it. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {string} remedy
   * @param {unknown} [cause]
   */
  constructor(message, remedy, cause) {
    super(message, { cause });
    this.name = 'SetupError';
    this.remedy = remedy;
  }
}

/**
 * Runs a command to its end; resolves to its output, throws SetupError with the end of it otherwise.
 * @param {string} command
 * @param {readonly string[]} parts
 * @param {CommandOptions} [options]
 */
export async function runCommand(
  command,
  parts,
  { cwd, env = process.env, log, onLine = () => {}, remedy = '' } = {},
) {
  const child = spawn(command, parts, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const file = log ? openLog(log) : null;
  let output = '';
  const collect = (/** @type {Buffer} */ chunk) => {
    file?.write(chunk);
    output = (output + chunk).slice(-200_000);
    const line = String(chunk).trim().split('\n').at(-1);
    if (line) {
      onLine(line.slice(0, 70));
    }
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const end = await ended(child, command, remedy);
  file?.end();
  if (end !== 0) {
    throw new SetupError(
      `\`${[command, ...parts].join(' ')}\` ended with ${end}:\n    ${telling(output).join('\n    ')}`,
      remedy,
    );
  }
  return output;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} command
 * @param {string} remedy
 * @returns {Promise<number | NodeJS.Signals | null>}
 */
function ended(child, command, remedy) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new SetupError(`\`${command}\` cannot be run: ${error.message}`, remedy, error)),
    );
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
}

/** @param {string} file */
function openLog(file) {
  makeFolder(dirname(file));
  return createWriteStream(file, { flags: 'a' });
}

/**
 * The lines that say what went wrong: those that speak of an error, else the last ones.
 * @param {string} output
 */
function telling(output) {
  const lines = output.split('\n').filter((line) => /\w/.test(line.replace(/^npm error/, '')));
  const errors = lines.filter((line) => /error/i.test(line));
  return errors.length > 0 ? errors.slice(0, 8) : lines.slice(-8);
}

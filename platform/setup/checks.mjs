/** What can be missing on a machine, each said once with its remedy, before anything long begins. */

import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { SetupError } from './command.mjs';
import { makeFolder } from './make-folder.mjs';
import { codeOf, wordsOf } from './process.mjs';

const OLDEST_NODE = /** @type {const} */ ([20, 19]);
/** Bytes that a first set-up needs: packages, Python libraries, servers and their caches. */
export const SETUP_BYTES = 5_000_000_000;
/** Bytes that a set-up platform needs to start. */
export const START_BYTES = 500_000_000;

export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    throw new SetupError(`Node ${version} is too old.`, `Install Node ${OLDEST_NODE.join('.')} or newer.`);
  }
}

/**
 * Throws where `folder` cannot be made or written to; `setting` is the variable that moves it.
 * @param {string} folder
 * @param {string} setting
 */
export function checkWritable(folder, setting) {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new SetupError(
      `${folder} cannot be written to (${codeOf(error) || wordsOf(error)}).`,
      `Give yourself the right to write there, or set ${setting} to another folder.`,
      error,
    );
  }
}

/**
 * Throws where the disk that holds `folder` has less than `needed` bytes free.
 * @param {string} folder
 * @param {number} needed
 * @param {(folder: string) => number} freeBytes
 */
export function checkDisk(folder, needed, freeBytes = readFreeBytes) {
  const free = freeBytes(folder);
  if (free < needed) {
    const shown = (/** @type {number} */ count) => `${(count / 1e9).toFixed(1)} GB`;
    throw new SetupError(
      `The disk of ${folder} has ${shown(free)} free, ${shown(needed)} are needed.`,
      'Free some space and run the command again.',
    );
  }
}

/**
 * Throws where another program listens on the port. 0 means any free port.
 * @param {number} port
 */
export async function checkPort(port, host = '127.0.0.1') {
  if (port !== 0 && !(await isFree(port, host))) {
    throw new SetupError(
      `Port ${port} is taken by another program.`,
      'Stop it, or set TEMPERA_PORT to a free port (the next one is taken too, for gRPC).',
    );
  }
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
function isFree(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** @param {string} folder */
function readFreeBytes(folder) {
  let at = folder;
  while (!existsSync(at)) {
    at = dirname(at);
  }
  const { bavail, bsize } = statfsSync(at);
  return bavail * bsize;
}

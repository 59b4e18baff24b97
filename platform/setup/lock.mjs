/**
 * A lock file that survives its holder's death.
 *
 * 1. The file appears complete (link of a written file) and names its holder by pid, start time and a token.
 * 2. Only who holds the claim on a dead holder's token may replace the file, so of two that find it stale one wins.
 * 3. A release removes the file only where it is still the releaser's own.
 */

import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeFolder } from './make-folder.mjs';
import { codeOf, isAlive, thisProcess } from './process.mjs';

/** @typedef {import('./process.mjs').RecordedProcess & { token: string }} LockHolder */
/** @typedef {{ release: () => void, holder?: undefined } | { release?: undefined, holder: LockHolder }} LockAttempt */
/**
 * @typedef {object} LockWait
 * @property {(holder: LockHolder) => void} [onWait]
 * @property {number} [intervalMilliseconds]
 */

/**
 * Takes the lock and returns its release, or returns {holder} where a living process has it.
 * @param {string} file
 * @returns {LockAttempt}
 */
export function tryLock(file) {
  makeFolder(dirname(file));
  const own = { ...thisProcess(), token: randomUUID() };
  const fresh = `${file}.${own.token}`;
  writeFileSync(fresh, JSON.stringify(own));
  try {
    const holder = takeFree(file, fresh);
    if (holder === null) {
      return { release: () => release(file, own.token) };
    }
    if (isAlive(holder)) {
      return { holder };
    }
    return replaceStale(file, fresh, holder.token)
      ? { release: () => release(file, own.token) }
      : { holder: readHolder(file) ?? holder };
  } finally {
    rmSync(fresh, { force: true });
  }
}

/**
 * Waits for the lock; `onWait` is told once who has it. Resolves to the release.
 * @param {string} file
 * @param {LockWait} [options]
 * @returns {Promise<() => void>}
 */
export async function lock(file, { onWait = () => {}, intervalMilliseconds = 100 } = {}) {
  let reported = false;
  for (;;) {
    const taken = tryLock(file);
    if (taken.release) {
      return taken.release;
    }
    if (!reported) {
      onWait(taken.holder);
      reported = true;
    }
    await pause(intervalMilliseconds);
  }
}

/**
 * The holder named in the file, or null where there is none.
 * @param {string} file
 * @returns {LockHolder | null}
 */
export function readHolder(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // no file: nobody holds it
    return null;
  }
}

/**
 * @param {string} file
 * @param {string} fresh
 */
function takeFree(file, fresh) {
  for (;;) {
    try {
      linkSync(fresh, file);
      return null;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') {
        throw error;
      }
    }
    const holder = readHolder(file);
    if (holder !== null) {
      return holder;
    }
  }
}

/**
 * @param {string} file
 * @param {string} fresh
 * @param {string} staleToken
 */
function replaceStale(file, fresh, staleToken) {
  const claim = tryLock(`${file}.claim-${staleToken.slice(0, 8)}`);
  if (!claim.release) {
    return false;
  }
  try {
    if (readHolder(file)?.token !== staleToken) {
      return false;
    }
    renameSync(fresh, file);
    return true;
  } finally {
    claim.release();
  }
}

/**
 * @param {string} file
 * @param {string} token
 */
function release(file, token) {
  if (readHolder(file)?.token === token) {
    rmSync(file, { force: true });
  }
}

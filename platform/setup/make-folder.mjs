/**
 * Makes folders wherever a person says. Node's own `recursive` asks again without an end, deaf to signals, where a file
 * system such as /proc refuses: here each folder on the way is asked for once.
 */

import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codeOf } from './process.mjs';

/**
 * Makes `folder` and what is missing above it. Throws the system's error where one of them cannot be made.
 * @param {string} folder
 */
export function makeFolder(folder, mode = 0o777) {
  const missing = [];
  for (let at = resolve(folder); !isFolder(at); at = dirname(at)) {
    missing.unshift(at);
  }
  for (const each of missing) {
    try {
      mkdirSync(each, { mode });
    } catch (error) {
      // somebody else has made it meanwhile
      if (codeOf(error) !== 'EEXIST' || !isFolder(each)) {
        throw error;
      }
    }
  }
}

/** @param {string} path */
function isFolder(path) {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) {
      return false;
    }
    throw error;
  }
}

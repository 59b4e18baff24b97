/** Where set-up finds and keeps things. This and the settings' loader are all that read the environment. */

import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

/** @typedef {ReturnType<typeof findPlaces>} Places */

/** Pinned versions of the servers that are not in a package registry of ours. */
export const TEMPORAL_VERSION = '1.5.1';
export const VERSITYGW_VERSION = '1.8.0';

/**
 * The folders and addresses that set-up uses, from the environment and the repository's place.
 * @param {string} root
 * @param {Readonly<Record<string, string | undefined>>} environment
 */
export function findPlaces(root, environment = process.env) {
  const cache = join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tempera');
  return {
    root,
    cache,
    home: resolve(root, environment.TEMPERA_HOME || '.tempera'),
    bin: join(cache, 'bin'),
    log: join(cache, 'setup.log'),
    path: environment.PATH ?? '',
    /** what CHROMIUM says; empty for nothing */
    chromium: environment.CHROMIUM || '',
    ci: environment.CI === 'true',
    port: Number(environment.TEMPERA_PORT || 7400),
    temporalReleases:
      environment.TEMPERA_TEMPORAL_RELEASES || 'https://github.com/temporalio/cli/releases/download',
    versitygwReleases:
      environment.TEMPERA_VERSITYGW_RELEASES || 'https://github.com/versity/versitygw/releases/download',
    answerSeconds: Number(environment.TEMPERA_DOWNLOAD_SECONDS || 10),
  };
}

/**
 * The first executable of that name on a PATH, or null.
 * @param {string} name
 * @param {string} path
 */
export function findOnPath(name, path) {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const file = join(folder, name);
    if (isExecutable(file)) {
      return file;
    }
  }
  return null;
}

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return existsSync(file);
  } catch {
    // absent or not ours to run: both mean that it cannot be used
    return false;
  }
}

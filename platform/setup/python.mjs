/** The Python environment of the sandbox: one folder a lock file, in the user's cache, done when its marker says so. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, SetupError } from './command.mjs';
import { writeAtomic } from './digest.mjs';
import { makeFolder } from './make-folder.mjs';
import { findOnPath } from './places.mjs';

const OLDEST = /** @type {const} */ ([3, 11]);
const MARKER = '.complete';

/**
 * The environment's folder, named by its lock file's content.
 * @param {import('./places.mjs').Places} places
 */
export function pythonFolder(places) {
  const lock = readFileSync(join(places.root, 'sandbox', 'requirements.lock'));
  return join(places.cache, 'python', createHash('sha256').update(lock).digest('hex').slice(0, 16));
}

/** @param {import('./places.mjs').Places} places */
export const pythonProgram = (places) => join(pythonFolder(places), 'bin', 'python');

/** @param {import('./places.mjs').Places} places */
export function hasPython(places) {
  return existsSync(join(pythonFolder(places), MARKER)) && existsSync(pythonProgram(places));
}

/**
 * Makes the environment with uv; an interrupted one is completed by the next start.
 * @param {import('./places.mjs').Places} places
 * @param {import('./progress.mjs').ShownStep} step
 */
export async function installPython(places, step) {
  const system = await findSystemPython(places);
  const uv = await findUv(places, system, step);
  const folder = pythonFolder(places);
  const environment = { ...process.env, UV_PYTHON_DOWNLOADS: 'never', VIRTUAL_ENV: folder };
  const onLine = (/** @type {string} */ line) => step.update(line.slice(0, 50));
  const common = { env: environment, log: places.log, onLine };
  makeFolder(join(places.cache, 'python'));
  await runCommand(uv, ['venv', '--allow-existing', '--python', system, folder], common);
  await runCommand(
    uv,
    ['pip', 'sync', '--require-hashes', join(places.root, 'sandbox', 'requirements.lock')],
    {
      ...common,
      remedy:
        'See that the Python package index is reachable and that 3 GB of disk are free, then run the command again.',
    },
  );
  writeAtomic(join(folder, MARKER), new Date().toISOString());
}

/**
 * Python's own program for the environment; throws SetupError where there is none new enough.
 * @param {import('./places.mjs').Places} places
 */
async function findSystemPython(places) {
  const remedy = `Install Python ${OLDEST.join('.')} or newer, with its venv module, so that \`python3\` is on PATH.`;
  const program = findOnPath('python3', places.path) ?? findOnPath('python', places.path);
  if (program === null) {
    throw new SetupError('Python is missing: the sandbox runs agents’ code with it.', remedy);
  }
  const version = (await runCommand(program, ['--version'], { remedy })).trim().replace(/^Python /, '');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major !== OLDEST[0] || minor < OLDEST[1]) {
    throw new SetupError(`Python ${version} at ${program} is too old.`, remedy);
  }
  return program;
}

/**
 * @param {import('./places.mjs').Places} places
 * @param {string} python
 * @param {import('./progress.mjs').ShownStep} step
 */
async function findUv(places, python, step) {
  const folder = join(places.cache, 'uv');
  const known = findOnPath('uv', places.path) ?? findOnPath('uv', join(folder, 'bin'));
  if (known !== null) {
    return known;
  }
  step.update('installing uv');
  await runCommand(python, ['-m', 'pip', 'install', '--quiet', '--target', folder, '--upgrade', 'uv'], {
    log: places.log,
    remedy: 'Install uv by hand (`pip install uv`) and run the command again.',
  });
  return join(folder, 'bin', 'uv');
}

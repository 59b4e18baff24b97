/** `npm run test:soak -- --seed N --kills N`: tests/soak/soak.ts, which nothing else runs, its progress as it comes. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { platformEnvironment } from './running.mjs';
import { setUp } from './set-up.mjs';

/**
 * Sets up, then kills. Resolves to 1 where anything was lost, doubled or left over.
 * @param {import('./places.mjs').Places} places
 * @param {import('./progress.mjs').Progress} progress
 * @param {string[]} words
 * @returns {Promise<number>}
 */
export async function runSoak(places, progress, words) {
  await setUp(places, progress);
  const jest = join(places.root, 'tests', 'runner', 'run.mjs');
  const child = spawn(process.execPath, [jest, '--selectProjects', 'soak', '--runInBand'], {
    cwd: places.root,
    env: { ...platformEnvironment(places), TEMPERA_SOAK: JSON.stringify(words) },
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

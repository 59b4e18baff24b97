/**
 * The first thing that runs, on a fresh clone too: only Node's built-in modules, here and in setup/.
 *
 *   npm start [-- --detach | -- COMMAND …]    npm test [-- --long]    npm run bench -- NAME
 *   npm run test:soak -- --seed N --kills N
 */

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBench } from './setup/bench.mjs';
import { SetupError } from './setup/command.mjs';
import { findPlaces } from './setup/places.mjs';
import { createProgress } from './setup/progress.mjs';
import { runSoak } from './setup/soak.mjs';
import { start } from './setup/start.mjs';
import { runTests } from './setup/test.mjs';

/** @type {Record<string, typeof start>} */
const COMMANDS = { start, test: runTests, bench: runBench, soak: runSoak };

const [name = 'start', ...words] = process.argv.slice(2);
const progress = createProgress();
const places = findPlaces(dirname(dirname(fileURLToPath(import.meta.url))));
try {
  const command = COMMANDS[name];
  if (!command) {
    throw new SetupError(`There is no command ${name}.`, `Use one of ${Object.keys(COMMANDS).join(', ')}.`);
  }
  process.exitCode = await command(places, progress, words);
} catch (error) {
  const text =
    error instanceof SetupError
      ? `${error.message}\n  ${error.remedy}`
      : (error instanceof Error && error.stack) || String(error);
  progress.say(`\n✗ ${text}`);
  process.exitCode = 1;
}

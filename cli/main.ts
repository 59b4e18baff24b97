/** The `tempera` command. */

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig, readEnvironment } from '../config/index.ts';
import { processTerminal, runProgram } from './program.ts';

// the bundle lies in build/, one folder below the repository
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const environment = { TEMPERA_ROOT: root, ...readEnvironment(root) };
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());
// a reader that has had enough, as in `tempera … | head`
process.stdout.on('error', () => process.exit(0));

process.exitCode = await runProgram(process.argv.slice(2), {
  config: () => loadConfig(environment),
  terminal: processTerminal(environment),
  signal: interrupted.signal,
});

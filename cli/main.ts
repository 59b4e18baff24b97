/** The `tempera` command. */

import { constants } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig, readEnvironment } from '../config/index.ts';
import { processTerminal, runProgram } from './program.ts';

// the bundle lies in build/, one folder below the repository
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const environment = { TEMPERA_ROOT: root, ...readEnvironment(root) };
const interrupted = new AbortController();
/** What a command may take to end in order. */
const GRACE_MILLISECONDS = 5_000;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // asked twice, or not heard: it ends here
    const end = () => process.exit(128 + constants.signals[signal]);
    if (interrupted.signal.aborted) end();
    interrupted.abort();
    setTimeout(end, GRACE_MILLISECONDS).unref();
  });
}
// a reader that has had enough, as in `tempera … | head`
process.stdout.on('error', () => process.exit(0));

process.exitCode = await runProgram(process.argv.slice(2), {
  config: () => loadConfig(environment),
  terminal: processTerminal(environment),
  signal: interrupted.signal,
});

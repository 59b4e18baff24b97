/**
 * The supervisor's process. Told facts leave on standard output as JSON lines and go to logs/supervisor.log.
 * With `--with-parent` it stops when its standard input ends, that is when whoever started it is gone.
 */

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig, readEnvironment, tellUnheardRejections } from '../../config/index.ts';
import { makeFolder } from '../setup/make-folder.mjs';
import { type SupervisorEvent, supervise } from './supervisor.ts';

tellUnheardRejections();
const environment = readEnvironment();
const config = await loadConfig(environment);
const log = join(config.home, 'logs', 'supervisor.log');
makeFolder(join(config.home, 'logs'));

process.stdout.on('error', () => undefined); // who started a detached supervisor stops reading when it is ready
const tell = (event: SupervisorEvent) => {
  process.stdout.write(`${JSON.stringify(event)}\n`);
  if (event.event === 'key') return;
  appendFileSync(log, `${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
};
const stopped = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, resolve);
  }
  if (process.argv.includes('--with-parent')) {
    process.stdin.on('end', resolve).on('error', resolve).resume();
  }
});
process.exitCode = await supervise({ config, environment, tell, stopped }).catch((error: unknown) => {
  tell({ event: 'failed', message: error instanceof Error ? error.message : String(error) });
  return 1;
});
process.exit();

/**
 * One supervisor a home: takes its lock, ends what a dead one left, starts the platform, waits for the word to
 * stop.
 */

import { existsSync, renameSync, statSync } from 'node:fs';
import { type Config, type Environment, runPreflight } from '../../config/index.ts';
import { TemperaError } from '../../core/errors.ts';
import { tryLock } from '../setup/lock.mjs';
import type { PlatformContext } from './context.ts';
import { openHome } from './home.ts';
import { endLeftovers } from './leftovers.ts';
import { Platform } from './platform.ts';
import { type PlatformStatus, readPlatformStatus } from './platform-status.ts';
import { choosePorts } from './ports.ts';
import type { ProcessState } from './watched-process.ts';

/** What a supervisor tells whoever started it, one JSON line each. */
export type SupervisorEvent =
  | { event: 'running'; status: PlatformStatus | null; pid: number }
  | { event: 'process'; state: ProcessState; milliseconds: number }
  | { event: 'note'; text: string }
  /** The first key, to be shown and never written down. */
  | { event: 'key'; token: string }
  | { event: 'ready'; status: PlatformStatus; milliseconds: number; isNew: boolean }
  | { event: 'failed'; message: string }
  | { event: 'stopped' };

export interface SupervisorOptions {
  config: Config;
  environment: Environment;
  tell: (event: SupervisorEvent) => void;
  /** Resolves when the platform is to stop. */
  stopped: Promise<unknown>;
}

const LOG_BYTES = 20_000_000;

/** Runs the platform of a home until it is told to stop. Resolves to the exit code. */
export async function supervise({ config, environment, tell, stopped }: SupervisorOptions): Promise<number> {
  const begun = performance.now();
  const home = openHome(config.home);
  const lock = tryLock(home.path('supervisor.lock'));
  if (!lock.release) {
    tell({ event: 'running', status: readPlatformStatus(config.home), pid: lock.holder.pid });
    return 0;
  }
  const elapsed = () => Math.round(performance.now() - begun);
  try {
    const grace = config.timing.shutdownGraceSeconds * 1000;
    const left = await endLeftovers(home.path('run'), grace);
    if (left.length > 0) {
      tell({ event: 'note', text: `ended what a former supervisor left: ${left.join(', ')}` });
    }
    await pass(config, tell);
    turnLogs(home.path('logs'));
    const preferred = config.home === `${config.root}/.tempera`;
    const ports = await choosePorts(home.path('ports.json'), { preferred });
    const context: PlatformContext = { config, environment, home, ports };
    const platform = new Platform(context, {
      say: (text) => tell({ event: 'note', text }),
      onFirstKey: (token) => tell({ event: 'key', token }),
      onChange: (state) => tell({ event: 'process', state, milliseconds: elapsed() }),
    });
    const isStopped = stopped.then(() => 'stopped' as const);
    const first = await Promise.race([platform.start().then(() => 'ready' as const), isStopped]);
    if (first === 'ready') {
      tell({ event: 'ready', status: platform.status, milliseconds: elapsed(), isNew: home.isNew });
      await stopped;
    }
    await platform.stop();
    tell({ event: 'stopped' });
    return 0;
  } finally {
    lock.release();
  }
}

/** Says what preflight warns of. @throws TemperaError INVALID_INPUT with every denial and its remedy */
async function pass(config: Config, tell: SupervisorOptions['tell']): Promise<void> {
  const checks = await runPreflight(config);
  const lines = (level: string) =>
    checks.filter((check) => check.level === level).map(({ message, remedy }) => `${message} ${remedy}`);
  for (const text of lines('warn')) {
    tell({ event: 'note', text });
  }
  const denials = lines('deny');
  if (denials.length > 0) {
    throw new TemperaError('INVALID_INPUT', denials.join('\n'));
  }
}

/** Moves long logs aside, one generation. */
function turnLogs(folder: string): void {
  for (const name of ['postgres', 'temporal', 's3', 'sandbox', 'worker', 'api', 'supervisor']) {
    const file = `${folder}/${name}.log`;
    if (existsSync(file) && statSync(file).size > LOG_BYTES) {
      renameSync(file, `${file}.1`);
    }
  }
}

/** The platform of one home: found by its run file, started and stopped through the supervisor. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config/index.ts';
import { isAlive } from '../platform/setup/process.mjs';
import { homeKey } from '../platform/supervisor/home.ts';
import { type PlatformStatus, readPlatformStatus } from '../platform/supervisor/platform-status.ts';
import { askReady } from '../platform/supervisor/readiness.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { CommandError, EXIT } from './exit-code.ts';

export type RunningPlatform = PlatformStatus;

export interface PlatformControl {
  /** The running platform, or null; a run file whose process is gone counts as none. */
  find(): Promise<RunningPlatform | null>;
  /**
   * Starts it and waits until it is ready; its progress goes to stderr. A new one begins with the sample, unless what
   * it is started for is work of its own. @throws CommandError unreachable
   */
  start(options?: { withSample: boolean }): Promise<RunningPlatform>;
  /** Ends it and waits for its end; false when none ran. */
  stop(): Promise<boolean>;
}

const START_SECONDS = 900;
const STOP_SECONDS = 60;
const READY_SECONDS = 30;
const POLL_MILLISECONDS = 100;

export function createPlatformControl(config: Config): PlatformControl {
  async function find(): Promise<RunningPlatform | null> {
    const running = readPlatformStatus(config.home);
    return running?.state === 'stopping' ? null : running;
  }
  return {
    find,
    async start({ withSample } = { withSample: true }) {
      await spawnDetached(config, withSample ? [] : ['--without-sample']);
      const running = await find();
      const unready = running ? await unreadyParts(apiUrl(running)) : ['the supervisor (it has ended)'];
      if (running && unready.length === 0) return running;
      throw new CommandError(
        EXIT.unreachable,
        `The platform started and is not ready: ${unready.join(', ')}. See ${join(config.home, 'logs')}.`,
      );
    },
    async stop() {
      const running = await find();
      if (!running) return false;
      process.kill(running.pid, 'SIGTERM');
      const deadline = Date.now() + STOP_SECONDS * 1000;
      while (isAlive(running)) {
        if (Date.now() > deadline) {
          throw new CommandError(
            EXIT.failed,
            `The platform (process ${running.pid}) did not end in ${STOP_SECONDS} s.`,
          );
        }
        await delay(POLL_MILLISECONDS);
      }
      return true;
    },
  };
}

/** URL of the api of a running platform. */
export function apiUrl({ addresses }: RunningPlatform): string {
  return addresses.api;
}

/** A client of a running platform, with the key of the settings, else the one of its home, which its owner reads. */
export function clientOf(
  running: RunningPlatform,
  { config, signal }: { config: Config; signal?: AbortSignal },
): ApiClient {
  const key = config.access.key ?? config.access.localKey ?? homeKey(config.home);
  return createApiClient(apiUrl(running), { key, ...(signal && { interrupted: signal }) });
}

/** `start --detach` returns when the platform is ready. */
async function spawnDetached(config: Config, words: string[]): Promise<void> {
  const entry = join(config.root, 'platform', 'bootstrap.mjs');
  const child = spawn(process.execPath, [entry, 'start', '--detach', ...words], {
    cwd: config.root,
    // what it prints is progress, and stdout is for data
    stdio: ['ignore', process.stderr, process.stderr],
    timeout: START_SECONDS * 1000,
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0)
    throw new CommandError(EXIT.unreachable, 'The platform did not start; the lines above say why.');
}

/** What is not ready in the end; none when all is. */
async function unreadyParts(url: string): Promise<string[]> {
  const deadline = Date.now() + READY_SECONDS * 1000;
  for (;;) {
    const unready = await askReady(url);
    if (unready.length === 0 || Date.now() > deadline) return unready;
    await delay(POLL_MILLISECONDS);
  }
}

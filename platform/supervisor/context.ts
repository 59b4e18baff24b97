/** What the description of each embedded server needs to know. */

import { homedir } from 'node:os';
import type { Config, Environment } from '../../config/index.ts';
import { TemperaError } from '../../core/errors.ts';
import type { SpawnRequest } from './guarded-child.ts';
import type { Home } from './home.ts';
import type { Ports } from './ports.ts';

export interface PlatformContext {
  config: Config;
  /** Variables that the platform was started with. */
  environment: Environment;
  home: Home;
  ports: Ports;
}

/** The parts of a request that are the same for every server; `environment` is all that it sees. */
export function spawnRequest(
  context: PlatformContext,
  request: Pick<SpawnRequest, 'name' | 'command' | 'arguments' | 'environment'> & Partial<SpawnRequest>,
): SpawnRequest {
  const { home, config } = context;
  return {
    cwd: config.root,
    log: home.path('logs', `${request.name}.log`),
    pidFile: home.path('run', `${request.name}.pid.json`),
    endSignal: 'SIGTERM',
    graceMilliseconds: config.timing.shutdownGraceSeconds * 1000,
    ...request,
  };
}

/** The few variables that a server which is not ours may see: no key of a model provider, no address of a database. */
export function plainEnvironment(environment: Environment): Record<string, string> {
  return {
    PATH: environment.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: environment.HOME ?? homedir(),
    LANG: environment.LANG ?? 'C.UTF-8',
    TZ: environment.TZ ?? 'UTC',
  };
}

/** A program that set-up has found. @throws TemperaError INVALID_INPUT that names the variable */
export function foundProgram(program: string | null, variable: string): string {
  if (program === null) {
    throw new TemperaError(
      'INVALID_INPUT',
      `${variable} is not set: start the platform with \`npm start\`, which finds the program.`,
    );
  }
  return program;
}

/**
 * The supervisor as seen by whoever starts it: its facts as they come, its servers' programs, what it is reached
 * by.
 */

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SetupError } from './command.mjs';
import { isAlive } from './process.mjs';
import { pythonProgram } from './python.mjs';
import { findServer, knownServers } from './servers.mjs';

/** @typedef {import('../supervisor/supervisor.ts').SupervisorEvent} SupervisorFact */
/** @typedef {import('../supervisor/platform-status.ts').PlatformStatus} PlatformStatus */

/** Switches of libraries: which Node is enough is said by our package.json, not by the AWS SDK. */
const SWITCHES = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/**
 * The environment of a program that needs nothing of the platform.
 * @param {Readonly<NodeJS.ProcessEnv>} environment
 */
export const plainEnvironment = (environment = process.env) => ({ ...SWITCHES, ...environment });

/**
 * The environment of everything that is started: what the person gave, and the programs that set-up has found.
 * @param {import('./places.mjs').Places} places
 * @param {Readonly<NodeJS.ProcessEnv>} environment
 * @returns {Record<string, string> & { TEMPERA_PYTHON: string }}
 */
export function platformEnvironment(places, environment = process.env) {
  const [temporal, versitygw] = knownServers(places).map((server) => findServer(server, places) ?? '');
  return /** @type {Record<string, string> & { TEMPERA_PYTHON: string }} */ ({
    TEMPERA_TEMPORAL: temporal,
    TEMPERA_VERSITYGW: versitygw,
    TEMPERA_PYTHON: pythonProgram(places),
    ...SWITCHES,
    ...environment,
    TEMPERA_ROOT: places.root,
  });
}

/**
 * run.json of a living platform in the home, or null.
 * @param {import('./places.mjs').Places} places
 * @returns {PlatformStatus | null}
 */
export function readPlatformStatus(places) {
  const file = join(places.home, 'run.json');
  if (!existsSync(file)) {
    return null;
  }
  const status = JSON.parse(readFileSync(file, 'utf8'));
  return isAlive(status) ? status : null;
}

/**
 * Starts a supervisor. `detached` ones live on by themselves; the others end with this process, however it ends.
 * `started` resolves to {status, isNew, isOwn} when the platform is ready, here or in the supervisor that has the home.
 * @param {import('./places.mjs').Places} places
 * @param {{ detached: boolean, onFact?: (fact: SupervisorFact) => void }} options
 */
export function startSupervisor(places, { detached, onFact = () => {} }) {
  const parts = [join(places.root, 'build', 'supervisor.mjs'), ...(detached ? [] : ['--with-parent'])];
  const child = spawn(process.execPath, ['--enable-source-maps', ...parts], {
    cwd: places.root,
    env: platformEnvironment(places),
    detached: true,
    stdio: [detached ? 'ignore' : 'pipe', 'pipe', detached ? 'ignore' : 'inherit'],
  });
  const facts = /** @type {import('node:stream').Readable} */ (child.stdout);
  /** @type {Promise<number | NodeJS.Signals | null>} */
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  /** @type {Promise<{ status: PlatformStatus | null, isNew: boolean, isOwn: boolean }>} */
  const started = new Promise((resolve, reject) => {
    createInterface({ input: facts }).on('line', (line) => {
      /** @type {SupervisorFact} */
      const fact = JSON.parse(line);
      onFact(fact);
      if (fact.event === 'ready') {
        resolve({ status: fact.status, isNew: fact.isNew, isOwn: true });
      } else if (fact.event === 'running') {
        resolve({ status: fact.status, isNew: false, isOwn: false });
      } else if (fact.event === 'failed') {
        reject(new SetupError(fact.message, `The logs are in ${join(places.home, 'logs')}.`));
      }
    });
    child.once('error', reject);
    ended
      .then((end) => {
        const remedy = `The logs are in ${join(places.home, 'logs')}.`;
        throw new SetupError(`The supervisor ended with ${end}.`, remedy);
      })
      .catch(reject);
  });
  started.catch(() => {});
  const stop = () => {
    child.stdin?.end();
    return ended;
  };
  const release = () => {
    facts.destroy();
    child.unref();
  };
  return { started, ended, stop, release };
}

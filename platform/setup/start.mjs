/** `npm start`: the platform in the foreground or detached, or one command of the CLI with a platform under it. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { checkDisk, checkWritable, START_BYTES } from './checks.mjs';
import { SetupError } from './command.mjs';
import { platformEnvironment, readPlatformStatus, startSupervisor } from './running.mjs';
import { setUp } from './set-up.mjs';

/** @typedef {ReturnType<typeof import('./running.mjs').startSupervisor>} Supervisor */

const WAIT_MILLISECONDS = 120_000;
const POLL_MILLISECONDS = 100;
/** Commands that need a running platform and bring their own where there is none. */
const WITH_PLATFORM = new Set(['run', 'sample']);

/**
 * Sets up, then does what the words after `npm start --` say. Resolves to the exit code.
 * @param {import('./places.mjs').Places} places
 * @param {import('./progress.mjs').Progress} progress
 * @param {string[]} words
 * @returns {Promise<number>}
 */
export async function start(places, progress, words) {
  checkWritable(places.home, 'TEMPERA_HOME');
  await setUp(places, progress);
  checkDisk(places.home, START_BYTES);
  if (words.length === 0) {
    return runForeground(places, progress);
  }
  if (words[0] === '--detach') {
    return runDetached(places, progress, { withSample: !words.includes('--without-sample') });
  }
  return WITH_PLATFORM.has(words[0] ?? '') ? runWithPlatform(places, progress, words) : runCli(places, words);
}

/**
 * @param {import('./places.mjs').Places} places
 * @param {import('./progress.mjs').Progress} progress
 */
async function runForeground(places, progress) {
  const supervisor = startSupervisor(places, { detached: false, onFact: (fact) => showFact(fact, progress) });
  let isStopping = false;
  onStopSignals(() => {
    if (!isStopping) {
      progress.say('Stopping …');
      isStopping = true;
      // its end is waited for below
      supervisor.stop().catch(() => {});
    }
  });
  const { status, isOwn } = await begin(supervisor, places, progress).catch((error) => {
    if (isStopping) {
      return { status: null, isOwn: true };
    }
    throw error;
  });
  if (status || !isOwn) {
    progress.say(summary(status ?? readPlatformStatus(places), isOwn));
  }
  if (!isOwn) {
    return 0;
  }
  await makeSample(places, progress);
  const end = await supervisor.ended;
  progress.say(end === 0 ? 'Stopped.' : `The supervisor ended with ${end}; its servers end with it.`);
  return end === 0 ? 0 : 1;
}

/**
 * Waits until the platform is ready, with its progress shown.
 * @param {Supervisor} supervisor
 * @param {import('./places.mjs').Places} places
 * @param {import('./progress.mjs').Progress} progress
 */
async function begin(supervisor, places, progress) {
  const shown = progress.begin('Starting the platform');
  try {
    const started = await supervisor.started;
    if (!started.isOwn) {
      await isReady(places);
    }
    shown.done(started.isOwn ? undefined : 'runs already');
    return started;
  } catch (error) {
    shown.failed();
    throw error;
  }
}

/**
 * A new home begins with the sample, made and not waited for. A platform without it is a platform all the same.
 * @param {import('./places.mjs').Places} places
 * @param {import('./progress.mjs').Progress} progress
 */
async function makeSample(places, progress) {
  const code = await runCli(places, ['sample', '--once']);
  if (code !== 0) {
    progress.say('The sample could not be made; the lines above say why. The platform runs.');
  }
}

/**
 * @param {import('./places.mjs').Places} places
 * @param {import('./progress.mjs').Progress} progress
 * @param {{ withSample: boolean }} options
 */
async function runDetached(places, progress, { withSample }) {
  const supervisor = startSupervisor(places, { detached: true, onFact: (fact) => showFact(fact, progress) });
  const { isOwn } = await begin(supervisor, places, progress);
  progress.say(summary(readPlatformStatus(places), isOwn, 'Stop it with: npm start -- stop'));
  if (isOwn && withSample) {
    await makeSample(places, progress);
  }
  supervisor.release();
  return 0;
}

/**
 * @param {import('./places.mjs').Places} places
 * @param {import('./progress.mjs').Progress} progress
 * @param {string[]} words
 */
async function runWithPlatform(places, progress, words) {
  if (await isReady(places)) {
    return runCli(places, words);
  }
  const supervisor = startSupervisor(places, { detached: false, onFact: (fact) => showFact(fact, progress) });
  await begin(supervisor, places, progress);
  await isReady(places);
  try {
    return await runCli(places, words);
  } finally {
    await supervisor.stop();
  }
}

/**
 * Whether a platform runs in the home; one that is starting is waited for.
 * @param {import('./places.mjs').Places} places
 */
async function isReady(places) {
  const deadline = Date.now() + WAIT_MILLISECONDS;
  for (;;) {
    const status = readPlatformStatus(places);
    if (status === null || status.state === 'ready') {
      return status !== null;
    }
    if (Date.now() > deadline) {
      throw new SetupError(
        `The platform of process ${status.pid} is ${status.state} since ${status.startedAt}.`,
        'Look into its logs, or stop it.',
      );
    }
    await pause(POLL_MILLISECONDS);
  }
}

/**
 * One command of the CLI, in the folder that the person is in.
 * @param {import('./places.mjs').Places} places
 * @param {string[]} words
 * @returns {Promise<number>}
 */
function runCli(places, words) {
  const program = join(places.root, 'build', 'cli.mjs');
  if (!existsSync(program)) {
    throw new SetupError(`There is no ${program}.`, 'Run `npm run build`.');
  }
  const child = spawn(process.execPath, ['--enable-source-maps', program, ...words], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    env: { ...platformEnvironment(places), TEMPERA_HOME: places.home },
    stdio: 'inherit',
  });
  onStopSignals((signal) => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** @param {(signal: NodeJS.Signals) => void} action */
function onStopSignals(action) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => action(signal));
  }
}

/**
 * @param {import('./running.mjs').SupervisorFact} fact
 * @param {import('./progress.mjs').Progress} progress
 */
function showFact(fact, progress) {
  if (fact.event === 'key') {
    progress.say(`The first key, of the role admin; it is shown this once: ${fact.token}`);
  } else if (fact.event === 'note') {
    progress.say(`  ${fact.text}`);
  } else if (fact.event === 'process' && fact.state.status === 'FAILED') {
    progress.say(`  ✗ ${fact.state.name} ${fact.state.reason ?? 'failed'}; it is started again`);
  }
}

/**
 * @param {import('../supervisor/platform-status.ts').PlatformStatus | null} status
 * @param {boolean} isOwn
 */
function summary(status, isOwn, stopLine = 'Stop it with Ctrl-C.') {
  if (status === null) {
    return 'The platform of this home is starting in another process.';
  }
  const { api, temporalUi, temporal } = status.addresses;
  const lines = [
    '',
    `  Tempera        ${api}`,
    temporalUi ? `  Temporal UI    ${temporalUi}` : null,
    `  Temporal       ${temporal}`,
    `  State          ${status.home}`,
    `  Try            npm start -- run examples/penguins.csv --target species`,
    '',
    isOwn ? stopLine : `Process ${status.pid} runs it. Stop it with: npm start -- stop`,
  ];
  return lines.filter((line) => line !== null).join('\n');
}

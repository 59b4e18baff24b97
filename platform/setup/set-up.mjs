/**
 * Set-up: what must be there before anything of ours runs. Each step knows whether it is done, leaves either
 * all or nothing, and is done by one process at a time; a second one waits and says for whom.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, isBuilt } from '../build.mjs';
import { checkDisk, checkNode, checkWritable, SETUP_BYTES } from './checks.mjs';
import { runCommand, SetupError } from './command.mjs';
import { digestFiles, listFiles, readStamp, writeAtomic } from './digest.mjs';
import { lock } from './lock.mjs';
import { makeFolder } from './make-folder.mjs';
import { hasNodePackages, installNodePackages } from './node-packages.mjs';
import { wordsOf } from './process.mjs';
import { hasPython, installPython, pythonProgram } from './python.mjs';
import { findServer, installServer, knownServers } from './servers.mjs';

/**
 * @typedef {object} SetUpStep
 * @property {string} name
 * @property {string} title
 * @property {boolean} [large] it fetches much
 * @property {readonly string[]} after names of steps that come before it
 * @property {() => boolean} isDone
 * @property {(shown: import('./progress.mjs').ShownStep) => Promise<string | void>} work resolves to words for people
 */

/**
 * Does what is not done yet. Throws SetupError with a remedy.
 * @param {import('./places.mjs').Places} places
 * @param {import('./progress.mjs').Progress} progress
 */
export async function setUp(places, progress) {
  checkNode();
  const steps = setUpSteps(places);
  if (steps.every((step) => step.isDone())) {
    return;
  }
  checkWritable(join(places.root, 'build'), 'nothing (it lies in the repository)');
  checkWritable(places.cache, 'XDG_CACHE_HOME');
  /** @type {(() => void)[]} */
  const releases = [];
  try {
    for (const file of [join(places.root, 'build', 'setup.lock'), join(places.cache, 'setup.lock')]) {
      releases.push(
        await lock(file, {
          onWait: ({ pid }) => progress.say(`  … waiting for the set-up of process ${pid}`),
        }),
      );
    }
    if (steps.some((step) => step.large && !step.isDone())) {
      checkDisk(places.cache, SETUP_BYTES);
      progress.say('Setting up (once; what is fetched stays in the cache):');
    }
    await runSteps(steps, progress);
  } finally {
    for (const release of releases.reverse()) {
      release();
    }
  }
}

/**
 * Steps whose `after` are done run side by side; the first failure is thrown when all that run have ended.
 * @param {readonly SetUpStep[]} steps
 * @param {import('./progress.mjs').Progress} progress
 */
export async function runSteps(steps, progress) {
  /** @type {Map<string, Promise<void>>} */
  const running = new Map();
  const start = (/** @type {SetUpStep} */ step) => {
    const before = step.after.map((name) => running.get(name));
    running.set(
      step.name,
      Promise.all(before).then(async () => {
        if (!step.isDone()) {
          await runStep(step, progress);
        }
      }),
    );
  };
  steps.forEach(start);
  const ends = await Promise.allSettled(running.values());
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) {
    throw failed.reason;
  }
}

/**
 * @param {SetUpStep} step
 * @param {import('./progress.mjs').Progress} progress
 */
async function runStep(step, progress) {
  const shown = progress.begin(step.title);
  try {
    shown.done((await step.work(shown)) ?? undefined);
  } catch (error) {
    shown.failed(error instanceof SetupError ? undefined : wordsOf(error));
    throw error;
  }
}

/**
 * The steps in the order of their dependencies.
 * @param {import('./places.mjs').Places} places
 * @returns {SetUpStep[]}
 */
export function setUpSteps(places) {
  const { root } = places;
  return [
    {
      name: 'node',
      title: 'Node packages',
      large: true,
      after: [],
      isDone: () => hasNodePackages(root),
      work: (shown) => installNodePackages(places, shown),
    },
    {
      name: 'python',
      title: 'Python packages',
      large: true,
      after: [],
      isDone: () => hasPython(places),
      work: (shown) => installPython(places, shown),
    },
    ...knownServers(places).map((server) => serverStep(server, places)),
    protoStep(places),
    {
      name: 'build',
      title: 'Build',
      after: ['node', 'proto'],
      isDone: () => isBuilt(root),
      work: () => buildAll(root),
    },
  ];
}

/**
 * @param {import('./servers.mjs').KnownServer} server
 * @param {import('./places.mjs').Places} places
 * @returns {SetUpStep}
 */
function serverStep(server, places) {
  return {
    name: server.name,
    title: server.title,
    large: true,
    after: [],
    isDone: () => findServer(server, places) !== null,
    work: async (shown) => void (await installServer(server, places, shown)),
  };
}

/**
 * @param {import('./places.mjs').Places} places
 * @returns {SetUpStep}
 */
function protoStep(places) {
  const { root } = places;
  const stamp = join(root, 'build', 'proto.stamp');
  const program = join(root, 'platform', 'proto.mjs');
  const generated = [join(root, 'proto', 'generated'), join(root, 'sandbox', 'tempera_sandbox', 'generated')];
  const digest = () =>
    digestFiles(root, [
      ...listFiles(join(root, 'proto', 'tempera'), (name) => name.endsWith('.proto')),
      program,
    ]);
  return {
    name: 'proto',
    title: 'Generated code',
    after: ['node', 'python'],
    isDone: () => generated.every((folder) => existsSync(folder)) && readStamp(stamp) === digest(),
    work: async () => {
      await runCommand(process.execPath, [program, '--python', pythonProgram(places)], {
        cwd: root,
        log: places.log,
      });
      makeFolder(join(root, 'build'));
      writeAtomic(stamp, digest());
    },
  };
}

/** @param {string} root */
async function buildAll(root) {
  try {
    return (await build(root)).join(', ');
  } catch (error) {
    throw new SetupError(wordsOf(error), 'Mend the sources; `npm run check` says more.', error);
  }
}

/**
 * `npm test [-- GROUP …] [-- --long] [-- --seed N]`: set-up, then every check and every test, each group's output in
 * build/test/GROUP.log and on failure here too. The group `check` is all that only reads the sources. The last line is
 * `N passed, N failed` over all of them. As many groups as LANES run beside each other: each uses about one core, and
 * waits some of its time.
 * `--long` takes every moment of each fault in place of one; `--seed` gives other moments (1 where none is given).
 */

import { spawn } from 'node:child_process';
import { chmodSync, createWriteStream, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from './command.mjs';
import { makeFolder } from './make-folder.mjs';
import { wordsOf } from './process.mjs';
import { duration } from './progress.mjs';
import { platformEnvironment } from './running.mjs';
import { setUp } from './set-up.mjs';
import { testGroups } from './test-groups.mjs';

/**
 * @typedef {import('./test-groups.mjs').TestGroup} TestGroup
 * @typedef {import('./progress.mjs').Progress} Progress
 * @typedef {import('./places.mjs').Places} Places
 * @typedef {{ long: boolean, seed: string | null, progress: Progress }} RunOptions
 * @typedef {Required<import('./test-groups.mjs').Counts> & { name: string, milliseconds: number }} GroupResult
 */

const TAIL_LINES = 120;
const LANES = 3;

/**
 * Runs the groups named in `words` (all where none is). Resolves to 1 where anything failed.
 * @param {Places} places
 * @param {Progress} progress
 * @param {string[]} words
 */
export async function runTests(places, progress, words) {
  await setUp(places, progress);
  const long = words.includes('--long');
  const { seed, rest } = takeSeed(words);
  const named = rest.filter((word) => !word.startsWith('--'));
  const groups = testGroups(places).filter(({ name, kind, onlyByName }) =>
    named.length === 0 ? !onlyByName : named.includes(name) || named.includes(kind ?? ''),
  );
  if (groups.length === 0) {
    throw new SetupError(
      `There is no test group ${named.join(' ')}.`,
      `There are: ${testGroups(places)
        .map(({ name }) => name)
        .join(', ')}.`,
    );
  }
  makeFolder(join(places.root, 'build', 'test'));
  const options = { long, seed, progress };
  return report(await inLanes(groups, LANES, (group) => runGroup(group, places, options)), progress);
}

/**
 * Takes the items in their order, `lanes` of them at once. Resolves to their results in the same order.
 * @template Item, Result
 * @param {readonly Item[]} items
 * @param {number} lanes
 * @param {(item: Item) => Promise<Result>} work
 */
export async function inLanes(items, lanes, work) {
  /** @type {Result[]} */
  const results = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const at = next;
      next += 1;
      results[at] = await work(/** @type {Item} */ (items[at]));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

/**
 * `--seed N` or `--seed=N` and the words without it.
 * @param {string[]} words
 * @throws {SetupError} where the seed is no whole number
 */
export function takeSeed(words) {
  const at = words.findIndex((word) => /^--seed(=|$)/.test(word));
  const word = words[at];
  if (word === undefined) {
    return { seed: null, rest: words };
  }
  const joined = word.includes('=');
  const seed = joined ? word.slice('--seed='.length) : (words[at + 1] ?? '');
  if (!/^\d+$/.test(seed)) {
    throw new SetupError(`The seed [${seed}] is no whole number.`, 'Give one, for example --seed 7.');
  }
  return { seed, rest: words.filter((_, index) => index !== at && (joined || index !== at + 1)) };
}

/**
 * @param {TestGroup} group
 * @param {Places} places
 * @param {RunOptions} options
 * @returns {Promise<GroupResult>}
 */
async function runGroup(group, places, options) {
  const started = performance.now();
  const log = join(places.root, 'build', 'test', `${group.name}.log`);
  if (group.outcome) {
    rmSync(group.outcome, { force: true });
  }
  const temporary = mkdtempSync(join(tmpdir(), 'tempera-tests-'));
  chmodSync(temporary, 0o755); // sandboxes, which have other uids, work below it
  try {
    const { end, output, shown } = await prepareAndExecute(group, places, { ...options, log, temporary });
    const left = readdirSync(temporary);
    const counts = { skipped: 0, ...group.count(end, output) };
    // what a runner calls a failure counts as one, whatever its numbers say
    const failed = counts.failed === 0 && (end !== 0 || left.length > 0) ? 1 : counts.failed;
    show({ ...counts, failed }, { output: output + leftWords(left), log, shown, progress: options.progress });
    return { name: group.name, ...counts, failed, milliseconds: performance.now() - started };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** @param {string[]} names of what a group has left in its temporary folder */
const leftWords = (names) =>
  names.length === 0
    ? ''
    : `\nIt left ${names.length} in its temporary folder: ${names.slice(0, 20).join(', ')}`;

/**
 * @param {Required<import('./test-groups.mjs').Counts>} counts
 * @param {{ output: string, log: string, shown: import('./progress.mjs').ShownStep, progress: Progress }} ended
 */
function show({ passed, failed, skipped }, { output, log, shown, progress }) {
  const words = `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
  if (failed === 0) {
    shown.done(words);
    return;
  }
  shown.failed(words);
  const tail = output.trim().split('\n').slice(-TAIL_LINES);
  progress.say(tail.map((line) => `    ${line}`).join('\n'));
  progress.say(`    (all of it: ${log})`);
}

/**
 * What a group needs first counts as part of it: where it cannot be had, the group fails and says why.
 * @param {TestGroup} group
 * @param {Places} places
 * @param {RunOptions & { log: string, temporary: string }} options
 */
async function prepareAndExecute(group, places, options) {
  /** @type {NodeJS.ProcessEnv} */
  let prepared = {};
  try {
    prepared = (await group.prepare?.(options.progress)) ?? {};
  } catch (error) {
    const remedy = error instanceof SetupError ? error.remedy : '';
    const shown = options.progress.begin(group.name);
    return { end: 1, output: [wordsOf(error), remedy].filter(Boolean).join('\n'), shown };
  }
  const shown = options.progress.begin(group.name);
  return { ...(await execute(group, places, { ...options, prepared })), shown };
}

/**
 * @param {TestGroup} group
 * @param {Places} places
 * @param {Omit<RunOptions, 'progress'> & { log: string, temporary: string, prepared: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ end: number | string, output: string }>}
 */
function execute(group, places, { log, long, seed, temporary, prepared }) {
  const file = createWriteStream(log);
  const child = spawn(group.command, group.parts, {
    cwd: places.root,
    env: {
      ...platformEnvironment(places),
      TMPDIR: temporary,
      ...(long ? { TEMPERA_TEST_LONG: '1' } : {}),
      ...(seed === null ? {} : { TEMPERA_TEST_SEED: seed }),
      ...group.environment,
      ...prepared,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (/** @type {Buffer} */ chunk) => {
    file.write(chunk);
    output = (output + chunk).slice(-400_000);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ end: 1, output: error.message }));
    child.once('close', (code, signal) => file.end(() => resolve({ end: code ?? signal ?? 1, output })));
  });
}

/**
 * @param {GroupResult[]} results
 * @param {Progress} progress
 */
function report(results, progress) {
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    results.reduce((total, result) => total + result[key], 0);
  progress.say('');
  for (const { name, passed, failed, skipped, milliseconds } of results) {
    const [good, bad, left] = [passed, failed, skipped].map((count) => String(count));
    const counts = `${good?.padStart(5)} passed ${bad?.padStart(3)} failed ${left?.padStart(3)} skipped`;
    progress.say(`  ${failed === 0 ? '✓' : '✗'} ${name.padEnd(12)}${counts}  ${duration(milliseconds)}`);
  }
  // alone on its line and on standard output, where machines look for it
  process.stdout.write(
    `${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') ? `, ${sum('skipped')} skipped` : ''}\n`,
  );
  return sum('failed') === 0 ? 0 : 1;
}

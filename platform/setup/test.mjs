/**
 * `npm test [-- GROUP …] [-- --long] [-- --seed N]`: set-up, then every check and every test, each group's output in
 * build/test/GROUP.log and on failure here too. The group `check` is all that only reads the sources. The last line is
 * `N passed, N failed` over all of them. As many groups as LANES run beside each other: each uses about one core, and
 * waits some of its time.
 * `--long` takes every moment of each fault in place of one; `--seed` gives other moments (1 where none is given).
 */

import { spawn } from 'node:child_process';
import {
  chmodSync,
  createWriteStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { haveChromium } from './chromium.mjs';
import { SetupError } from './command.mjs';
import { makeFolder } from './make-folder.mjs';
import { duration } from './progress.mjs';
import { platformEnvironment } from './running.mjs';
import { setUp } from './set-up.mjs';

const FOLDERS = JSON.parse(readFileSync(new URL('./folders.json', import.meta.url), 'utf8'));
const TAIL_LINES = 120;
const LANES = 3;

/** Runs the groups named in `words` (all where none is). Resolves to 1 where anything failed. */
export async function runTests(places, progress, words) {
  await setUp(places, progress);
  const long = words.includes('--long');
  const { seed, rest } = takeSeed(words);
  const named = rest.filter((word) => !word.startsWith('--'));
  const groups = testGroups(places).filter(({ name, kind, onlyByName }) =>
    named.length === 0 ? !onlyByName : named.includes(name) || named.includes(kind),
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
  // what tests leave in the system's temporary folder, killed ones above all, goes with this one
  const temporary = mkdtempSync(join(tmpdir(), 'tempera-tests-'));
  chmodSync(temporary, 0o755); // sandboxes, which have other uids, work below it
  try {
    const options = { long, seed, progress, temporary };
    return report(await inLanes(groups, LANES, (group) => runGroup(group, places, options)), progress);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Takes the items in their order, `lanes` of them at once. Resolves to their results in the same order. */
export async function inLanes(items, lanes, work) {
  const results = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const at = next;
      next += 1;
      results[at] = await work(items[at]);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

/** `--seed N` or `--seed=N` and the words without it. */
export function takeSeed(words) {
  const at = words.findIndex((word) => /^--seed(=|$)/.test(word));
  if (at < 0) {
    return { seed: null, rest: words };
  }
  const joined = words[at].includes('=');
  const seed = joined ? words[at].slice('--seed='.length) : (words[at + 1] ?? '');
  if (!/^\d+$/.test(seed)) {
    throw new SetupError(`The seed [${seed}] is no whole number.`, 'Give one, for example --seed 7.');
  }
  return { seed, rest: words.filter((_, index) => index !== at && (joined || index !== at + 1)) };
}

/**
 * First what is fast, so that a simple mistake is known soon; then the longest, so that no lane is left over at the
 * end.
 */
function testGroups(places) {
  const { root } = places;
  const tool = (name) => join(root, 'node_modules', '.bin', name);
  return [
    check('types', tool('tsc'), ['--noEmit']),
    // their functions run in the page, which the others must not know
    check('page-types', tool('tsc'), ['--noEmit', '-p', 'tests/ui']),
    check('svelte', tool('svelte-check'), ['--workspace', 'ui', '--tsconfig', './tsconfig.json']),
    check('lint', tool('biome'), ['check', '.']),
    check('imports', tool('depcruise'), ['--config', '.dependency-cruiser.cjs', ...FOLDERS.source]),
    check('proto', tool('buf'), ['lint', 'proto']),
    check('rules', process.execPath, ['platform/setup/rules.mjs']),
    check('promises', process.execPath, ['platform/setup/promises.mjs']),
    ...pythonChecks(places),
    jest('unit', root),
    jest('platform', root),
    jest('faults', root),
    {
      ...jest('browser', root),
      prepare: async (progress) => ({ CHROMIUM: await haveChromium(places, progress) }),
    },
    jest('integration', root),
    {
      // speeds are no matter here: that each benchmark still works
      ...check('bench', process.execPath, ['platform/bootstrap.mjs', 'bench', '--smoke']),
      prepare: async (progress) => ({ CHROMIUM: await haveChromium(places, progress) }),
    },
    pytest(places, 'python', [
      'sandbox/tests',
      '--ignore=sandbox/tests/escape',
      '--ignore-glob=*/test_isolation*',
    ]),
    // forks out of its own process, which must therefore have a single thread, like the zygote
    pytest(places, 'isolation', ['sandbox/tests/escape', ...isolationTests(root)]),
    // part of `platform`; by its own name for `npm run record-history`
    {
      ...jest('platform', root),
      name: 'history',
      onlyByName: true,
      parts: [...jest('platform', root).parts, '--testPathPatterns', 'tests/history'],
    },
  ];
}

/** The Python half is held to the same: form, lint and strict types. */
function pythonChecks(places) {
  const python = platformEnvironment(places).TEMPERA_PYTHON;
  const ruff = (...parts) => ['-m', 'ruff', ...parts, '--no-cache'];
  return [
    check('python-lint', python, [...ruff('check'), 'sandbox']),
    check('python-form', python, [...ruff('format', '--check'), 'sandbox']),
    check('python-types', python, ['-m', 'mypy', '--config-file', 'sandbox/pyproject.toml'], {
      MYPYPATH: join(places.root, 'sandbox'),
      MYPY_CACHE_DIR: join(places.root, 'build', 'mypy'),
    }),
  ];
}

/** A check passes or fails as one. */
function check(name, command, parts, environment = {}) {
  return {
    name,
    kind: 'check',
    environment,
    command,
    parts,
    count: (end) => (end === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }),
  };
}

/** One file after the other: files of a group may share a platform, and other groups run beside it. */
function jest(name, root) {
  const outcome = join(root, 'build', 'test', `${name}.json`);
  return {
    name,
    outcome,
    command: process.execPath,
    parts: [
      join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
      ...['--selectProjects', name, '--passWithNoTests', '--json', `--outputFile=${outcome}`],
      '--maxWorkers=1',
      // what a failed test has left open must not hold the run
      '--forceExit',
    ],
    count: () => countJest(outcome),
  };
}

/** A suite that could not be run counts as a failure, and so does a run that left no result. */
function countJest(outcome) {
  if (!existsSync(outcome)) {
    return { passed: 0, failed: 1 };
  }
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests } = JSON.parse(
    readFileSync(outcome, 'utf8'),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + numRuntimeErrorTestSuites,
    skipped: numPendingTests,
  };
}

const isolationTests = (root) =>
  readdirSync(join(root, 'sandbox', 'tests'))
    .filter((name) => name.startsWith('test_isolation'))
    .map((name) => join('sandbox', 'tests', name));

function pytest(places, name, parts) {
  return {
    name,
    command: platformEnvironment(places).TEMPERA_PYTHON,
    parts: ['-m', 'pytest', '-p', 'no:cacheprovider', '--color=no', ...parts],
    environment: {
      OPENBLAS_NUM_THREADS: '1',
      PYTHONPATH: join(places.root, 'sandbox'),
      PYTHONDONTWRITEBYTECODE: '1',
    },
    count: (end, output) => countPytest(end, output),
  };
}

/** Reads pytest's closing line, e.g. `3 failed, 41 passed, 1 skipped, 1 error in 9.1s`. */
export function countPytest(end, output) {
  const closing =
    output
      .trim()
      .split('\n')
      .findLast((line) => / in [\d.]+s/.test(line)) ?? '';
  const number = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(closing)?.[1] ?? 0);
  const failed = number('failed') + number('error');
  return {
    passed: number('passed'),
    failed: failed === 0 && end !== 0 ? 1 : failed,
    skipped: number('skipped'),
  };
}

async function runGroup(group, places, { progress, ...options }) {
  const started = performance.now();
  const log = join(places.root, 'build', 'test', `${group.name}.log`);
  if (group.outcome) {
    rmSync(group.outcome, { force: true });
  }
  const { end, output, shown } = await prepareAndExecute(group, places, { ...options, log, progress });
  const counts = { skipped: 0, ...group.count(end, output) };
  const skipped = counts.skipped ? `, ${counts.skipped} skipped` : '';
  const words = `${counts.passed} passed, ${counts.failed} failed${skipped}`;
  // what a runner calls a failure counts as one, whatever its numbers say
  const failed = counts.failed === 0 && end !== 0 ? 1 : counts.failed;
  if (failed > 0) {
    shown.failed(words);
    progress.say(
      output
        .trim()
        .split('\n')
        .slice(-TAIL_LINES)
        .map((line) => `    ${line}`)
        .join('\n'),
    );
    progress.say(`    (all of it: ${log})`);
  } else {
    shown.done(words);
  }
  return { name: group.name, ...counts, failed, milliseconds: performance.now() - started };
}

/** What a group needs first counts as part of it: where it cannot be had, the group fails and says why. */
async function prepareAndExecute(group, places, { progress, ...options }) {
  let prepared = {};
  try {
    prepared = (await group.prepare?.(progress)) ?? {};
  } catch (error) {
    const shown = progress.begin(group.name);
    return { end: 1, output: [error.message, error.remedy].filter(Boolean).join('\n'), shown };
  }
  const shown = progress.begin(group.name);
  return { ...(await execute(group, places, { ...options, prepared })), shown };
}

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
  const collect = (chunk) => {
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

function report(results, progress) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  progress.say('');
  for (const { name, passed, failed, skipped, milliseconds } of results) {
    const counts =
      `${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed ` +
      `${String(skipped).padStart(3)} skipped`;
    progress.say(`  ${failed === 0 ? '✓' : '✗'} ${name.padEnd(12)}${counts}  ${duration(milliseconds)}`);
  }
  // alone on its line and on standard output, where machines look for it
  process.stdout.write(
    `${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') ? `, ${sum('skipped')} skipped` : ''}\n`,
  );
  return sum('failed') === 0 ? 0 : 1;
}

/** The groups of `npm test`: what each runs, and how its result is read. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { haveChromium } from './chromium.mjs';
import { platformEnvironment } from './running.mjs';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} [skipped]
 */
/**
 * @typedef {object} TestGroup
 * @property {string} name
 * @property {string} [kind] another name, of several groups
 * @property {boolean} [onlyByName] not part of a run of all
 * @property {string} command
 * @property {string[]} parts
 * @property {NodeJS.ProcessEnv} [environment]
 * @property {string} [outcome] file that its result is in
 * @property {(progress: import('./progress.mjs').Progress) => Promise<NodeJS.ProcessEnv>} [prepare] to variables
 * @property {(end: number | string, output: string) => Counts} count
 */

const FOLDERS = JSON.parse(readFileSync(new URL('./folders.json', import.meta.url), 'utf8'));

/**
 * First what is fast, so that a simple mistake is known soon; then the longest, so that no lane is left over at the
 * end.
 * @param {import('./places.mjs').Places} places
 * @returns {TestGroup[]}
 */
export function testGroups(places) {
  const { root } = places;
  /** @type {TestGroup['prepare']} */
  const withChromium = async (progress) => ({ CHROMIUM: await haveChromium(places, progress) });
  const tool = (/** @type {string} */ name) => join(root, 'node_modules', '.bin', name);
  return [
    types(root, 'types', 'tsconfig.json'),
    // their functions run in the page, which the others must not know
    types(root, 'page-types', 'tests/ui'),
    check('svelte', [
      tool('svelte-check'),
      '--incremental',
      ...['--workspace', 'ui', '--tsconfig', './tsconfig.json'],
    ]),
    check('lint', [tool('biome'), 'check', '.']),
    check('imports', [tool('depcruise'), '--config', '.dependency-cruiser.cjs', ...FOLDERS.source, 'ui/src']),
    check('proto', [tool('buf'), 'lint', 'proto']),
    check('rules', [process.execPath, 'platform/setup/rules.mjs']),
    check('promises', [process.execPath, 'platform/setup/promises.mjs']),
    check('widths', [process.execPath, 'platform/setup/widths.mjs']),
    ...pythonChecks(places),
    jest('unit', root),
    // in the order of how long they take
    jest('platform', root),
    pytest(places, 'python', [
      'sandbox/tests',
      '--ignore=sandbox/tests/escape',
      '--ignore-glob=*/test_isolation*',
    ]),
    jest('integration', root),
    jest('faults', root),
    {
      ...jest('browser', root),
      prepare: withChromium,
    },
    {
      // speeds are no matter here: that each benchmark still works
      ...check('bench', [process.execPath, 'platform/bootstrap.mjs', 'bench', '--smoke']),
      prepare: withChromium,
    },
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

/**
 * What tsc said of a file holds while the file and all that it imports keep their content.
 * @param {string} root
 * @param {string} name
 * @param {string} project
 */
function types(root, name, project) {
  const known = join(root, 'build', 'types', `${name}.tsbuildinfo`);
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  return check(name, [tsc, '--noEmit', '--incremental', '--tsBuildInfoFile', known, '-p', project]);
}

/**
 * The Python half is held to the same: form, lint and strict types.
 * @param {import('./places.mjs').Places} places
 */
function pythonChecks(places) {
  const python = platformEnvironment(places).TEMPERA_PYTHON;
  const ruff = (/** @type {string[]} */ ...parts) => ['-m', 'ruff', ...parts, '--no-cache'];
  return [
    check('python-lint', [python, ...ruff('check'), 'sandbox']),
    check('python-form', [python, ...ruff('format', '--check'), 'sandbox']),
    check('python-types', [python, '-m', 'mypy', '--config-file', 'sandbox/pyproject.toml'], {
      MYPYPATH: join(places.root, 'sandbox'),
      MYPY_CACHE_DIR: join(places.root, 'build', 'mypy'),
    }),
  ];
}

/**
 * A check passes or fails as one.
 * @param {string} name
 * @param {[command: string, ...parts: string[]]} words
 * @param {NodeJS.ProcessEnv} environment
 * @returns {TestGroup}
 */
function check(name, [command, ...parts], environment = {}) {
  return {
    name,
    kind: 'check',
    environment,
    command,
    parts,
    count: (end) => (end === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }),
  };
}

/**
 * One file after the other: files of a group may share a platform, and other groups run beside it.
 * @param {string} name
 * @param {string} root
 * @returns {TestGroup}
 */
function jest(name, root) {
  const outcome = join(root, 'build', 'test', `${name}.json`);
  return {
    name,
    outcome,
    command: process.execPath,
    parts: [
      join(root, 'tests', 'runner', 'run.mjs'),
      ...['--selectProjects', name, '--passWithNoTests', '--json', `--outputFile=${outcome}`],
      '--maxWorkers=1',
    ],
    count: () => countJest(outcome),
  };
}

/**
 * A suite that could not be run counts as a failure, and so does a run that left no result.
 * @param {string} outcome
 * @returns {Counts}
 */
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

/** @param {string} root */
const isolationTests = (root) =>
  readdirSync(join(root, 'sandbox', 'tests'))
    .filter((name) => name.startsWith('test_isolation'))
    .map((name) => join('sandbox', 'tests', name));

/**
 * @param {import('./places.mjs').Places} places
 * @param {string} name
 * @param {string[]} parts
 * @returns {TestGroup}
 */
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

/**
 * Reads pytest's closing line, e.g. `3 failed, 41 passed, 1 skipped, 1 error in 9.1s`.
 * @param {number | string} end
 * @param {string} output
 */
export function countPytest(end, output) {
  const closing =
    output
      .trim()
      .split('\n')
      .findLast((line) => / in [\d.]+s/.test(line)) ?? '';
  const number = (/** @type {string} */ word) => Number(new RegExp(`(\\d+) ${word}`).exec(closing)?.[1] ?? 0);
  const failed = number('failed') + number('error');
  return {
    passed: number('passed'),
    failed: failed === 0 && end !== 0 ? 1 : failed,
    skipped: number('skipped'),
  };
}

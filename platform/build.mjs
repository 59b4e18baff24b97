/**
 * Bundles each process into build/NAME.mjs (esbuild, packages left outside) and the workflows into
 * build/workflow-bundle.js, describes the API (openapi.mjs), and builds the web UI into build/ui (Vite), so that a
 * start compiles nothing. Does nothing where the sources are as they were;
 * outputs are replaced in one step, so a running platform or a second build never reads half a file.
 */

import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { describeApi, TYPES } from './openapi.mjs';
import { digestFiles, listFiles, readStamp, writeAtomic } from './setup/digest.mjs';
import { makeFolder } from './setup/make-folder.mjs';
import { wordsOf } from './setup/process.mjs';

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {string} entry
 * @property {string} digest of what it is made of
 * @property {string} stamp file that keeps the digest
 * @property {boolean} isMissing its entry is not there
 * @property {() => boolean} isCurrent
 * @property {() => Promise<void>} make
 */

const ENTRIES = {
  worker: 'worker/main.ts',
  api: 'api/main.ts',
  supervisor: 'platform/supervisor/main.ts',
  cli: 'cli/main.ts',
  autopilot: 'worker/autopilot-thread.ts',
  classifier: 'worker/classifier-thread.ts',
  questions: 'api/classifier-thread.ts',
  backup: 'platform/backup/index.ts',
};
const { source } = JSON.parse(readFileSync(new URL('./setup/folders.json', import.meta.url), 'utf8'));
/** @type {string[]} */
const SOURCES = [...source, 'proto'];
const WORKFLOW_SOURCES = ['core', 'workflows', 'proto/generated'];
/** @param {string} name */
const isSource = (name) => /\.(ts|md|json)$/.test(name) && !/\.test\.ts$/.test(name);

/**
 * Builds what is out of date under `root`; returns the names of what was built.
 * `say` gets one line for an entry that does not exist.
 * @param {string} root
 */
export async function build(root, say = (/** @type {string} */ line) => console.error(line)) {
  makeFolder(join(root, 'build'));
  /** @type {string[]} */
  const built = [];
  /** @type {string[]} */
  const failures = [];
  for (const target of targets(root)) {
    if (target.isMissing) {
      say(`build: ${target.entry} does not exist, so it is left out`);
    } else if (!target.isCurrent()) {
      try {
        await target.make();
        writeAtomic(target.stamp, target.digest);
        built.push(target.name);
      } catch (error) {
        failures.push(`${target.entry}: ${wordsOf(error)}`);
      }
    }
  }
  if (failures.length > 0) {
    throw new Error(`The build failed, the former outputs are kept.\n${failures.join('\n')}`);
  }
  return built;
}

/**
 * Whether every output is there and made of the present sources.
 * @param {string} root
 */
export const isBuilt = (root) => targets(root).every((target) => target.isMissing || target.isCurrent());

/**
 * @param {string} root
 * @returns {Target[]}
 */
function targets(root) {
  const digest = sourceDigest(root, SOURCES);
  const processes = Object.entries(ENTRIES).map(([name, entry]) =>
    createTarget(root, {
      name,
      entry,
      digest,
      output: `${name}.mjs`,
      make: () => bundleProcess(root, name, entry),
    }),
  );
  return [...processes, workflowBundle(root), description(root, digest), webPages(root)];
}

/**
 * The API's description, and its types for the web UI.
 * @param {string} root
 * @param {string} digest
 */
function description(root, digest) {
  const target = createTarget(root, {
    name: 'openapi',
    entry: 'api/openapi/main.ts',
    digest,
    output: 'openapi.json',
    make: () => describeApi(root),
  });
  return { ...target, isCurrent: () => target.isCurrent() && existsSync(join(root, TYPES)) };
}

/**
 * The web UI. What is generated from the API are types alone, which change no output.
 * @param {string} root
 */
function webPages(root) {
  const isPart = (/** @type {string} */ name) =>
    /\.(svelte|ts|js|css|html|svg|json)$/.test(name) && !/(\.test|^generated)\.ts$/.test(name);
  const isShared = (/** @type {string} */ name) =>
    /^(terminal-\w+|markdown|lawful-text|session-\w+|table-files)\.ts$/.test(name);
  const shared = listFiles(join(root, 'core'), isPart).filter((file) => isShared(basename(file)));
  const files = [...listFiles(join(root, 'ui'), isPart), ...shared, join(root, 'examples', 'penguins.csv')];
  return createTarget(root, {
    name: 'ui',
    entry: 'ui/index.html',
    digest: digestFiles(
      root,
      [...files, join(root, 'package-lock.json'), join(root, 'platform', 'build.mjs')].filter((file) =>
        existsSync(file),
      ),
    ),
    output: 'ui',
    make: () => bundlePages(root),
  });
}

/** @param {string} root */
function workflowBundle(root) {
  const entry = 'workflows/index.ts';
  return createTarget(root, {
    name: 'workflow-bundle',
    entry,
    digest: sourceDigest(root, WORKFLOW_SOURCES),
    output: 'workflow-bundle.js',
    make: () => bundleWorkflows(root, join(root, entry)),
  });
}

/**
 * @param {string} root
 * @param {Pick<Target, 'name' | 'entry' | 'digest' | 'make'> & { output: string }} parts
 * @returns {Target}
 */
function createTarget(root, { name, entry, digest, output, make }) {
  const stamp = join(root, 'build', `${output}.stamp`);
  const isCurrent = () => readStamp(stamp) === digest && existsSync(join(root, 'build', output));
  return { name, entry, digest, stamp, isMissing: !existsSync(join(root, entry)), isCurrent, make };
}

/**
 * @param {string} root
 * @param {string} name
 * @param {string} entry
 */
async function bundleProcess(root, name, entry) {
  const { build: bundle } = await import('esbuild');
  const result = await bundle({
    absWorkingDir: root,
    entryPoints: { [name]: entry },
    outdir: join(root, 'build'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    sourcemap: true,
    loader: { '.md': 'text' },
    logLevel: 'silent',
    write: false,
  });
  for (const file of result.outputFiles) {
    writeAtomic(file.path, file.contents);
  }
}

/** @param {string} root */
async function bundlePages(root) {
  const { build: bundle } = await import('vite');
  const folder = join(root, 'build', 'ui');
  const fresh = `${folder}.${process.pid}.new`;
  try {
    await bundle({
      root: join(root, 'ui'),
      configFile: join(root, 'ui', 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir: fresh, emptyOutDir: true },
    });
    compressText(fresh);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/**
 * Writes FILE.br beside each file of text, as small as it gets: once here, in place of at each request.
 * @param {string} folder
 */
function compressText(folder) {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:js|css|html|svg)$/.test(name)) continue;
    const file = join(folder, name);
    writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file)));
  }
}

/**
 * @param {string} root
 * @param {string} workflowsPath
 */
async function bundleWorkflows(root, workflowsPath) {
  const { bundleWorkflowCode } = await import('@temporalio/worker');
  const quiet = { log() {}, trace() {}, debug() {}, info() {}, warn: console.error, error: console.error };
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [join(root, 'workflows', 'interceptors.ts')],
    logger: quiet,
  });
  writeAtomic(join(root, 'build', 'workflow-bundle.js'), code);
}

/**
 * @param {string} root
 * @param {readonly string[]} folders
 */
function sourceDigest(root, folders) {
  const files = folders.flatMap((folder) => listFiles(join(root, folder), isSource));
  const tools = ['package-lock.json', 'platform/build.mjs']
    .map((file) => join(root, file))
    .filter((file) => existsSync(file));
  return digestFiles(root, [...files, ...tools]);
}

async function main() {
  const started = Date.now();
  try {
    const built = await build(dirname(dirname(fileURLToPath(import.meta.url))));
    const what = built.length > 0 ? `built ${built.join(', ')}` : 'nothing changed';
    console.error(`build: ${what} (${Date.now() - started} ms)`);
  } catch (error) {
    console.error(wordsOf(error));
    process.exitCode = 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main();
}

/**
 * `npm run bench -- NAME`: runs bench/NAME/main.mjs, or bench/NAME/main.ts bundled first. `npm run bench -- --smoke`
 * runs every one of them in its form of seconds, some beside each other.
 */

import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './command.mjs';
import { platformEnvironment } from './running.mjs';
import { setUp } from './set-up.mjs';
import { inLanes } from './test.mjs';

/** Speeds are no matter to a smoke test, and each waits some of its time. */
const LANES = 2;

/**
 * Sets up, then runs a benchmark with the words after its name. Resolves to its exit code.
 * @param {import('./places.mjs').Places} places
 * @param {import('./progress.mjs').Progress} progress
 * @param {string[]} words the name and what it is told
 */
export async function runBench(places, progress, [name, ...words]) {
  await setUp(places, progress);
  return name === '--smoke' ? smokeAll(places, progress) : executeBench(places, { name, words });
}

/**
 * Some beside each other, what each says in one piece. Resolves to 1 where one of them does not work any more.
 * @param {import('./places.mjs').Places} places
 * @param {import('./progress.mjs').Progress} progress
 */
async function smokeAll(places, progress) {
  const names = listBenches(places.root);
  const ends = await inLanes(names, LANES, async (name) => {
    const shown = progress.begin(name);
    /** @type {Buffer[]} */
    const output = [];
    // one that cannot even be started takes none of the others with it
    const onPiece = (/** @type {Buffer} */ piece) => void output.push(piece);
    const end = await executeBench(places, { name, words: ['--smoke'], onPiece }).catch((error) => {
      output.push(Buffer.from(`${error.message}\n`));
      return 1;
    });
    process.stdout.write(`\n${name}\n${Buffer.concat(output)}`);
    if (end === 0) {
      shown.done();
    } else {
      shown.failed(`ended with ${end}`);
    }
    return end;
  });
  const broken = names.filter((_, at) => ends[at] !== 0);
  progress.say(
    `${names.length - broken.length} benchmarks work${broken.length > 0 ? `, not ${broken.join(', ')}` : ''}`,
  );
  return broken.length === 0 ? 0 : 1;
}

/**
 * `onPiece` takes what it says; by default it says so here.
 * @param {import('./places.mjs').Places} places
 * @param {{ name: string | undefined, words: string[], onPiece?: (piece: Buffer) => void }} bench
 * @returns {Promise<number>}
 */
async function executeBench(places, { name, words, onPiece }) {
  const program = await findBench(places.root, name);
  const out = onPiece === undefined ? 'inherit' : 'pipe';
  const child = spawn(process.execPath, ['--enable-source-maps', program, ...words], {
    cwd: places.root,
    env: platformEnvironment(places),
    stdio: ['inherit', out, out],
  });
  if (onPiece !== undefined) {
    child.stdout?.on('data', onPiece);
    child.stderr?.on('data', onPiece);
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/**
 * @param {string} root
 * @param {string | undefined} name
 */
async function findBench(root, name) {
  const folder = join(root, 'bench', name ?? '');
  const plain = join(folder, 'main.mjs');
  const typed = join(folder, 'main.ts');
  if (name && existsSync(plain)) {
    return plain;
  }
  if (!name || !existsSync(typed)) {
    throw new SetupError(
      `There is no benchmark ${name ?? '(none named)'}.`,
      `There are: ${listBenches(root).join(', ') || 'none yet'}.`,
    );
  }
  const { build } = await import('esbuild');
  const outfile = join(root, 'build', 'bench', `${name}.mjs`);
  await build({
    entryPoints: [typed],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    sourcemap: true,
    logLevel: 'error',
  });
  return outfile;
}

/** @param {string} root */
function listBenches(root) {
  return readdirSync(join(root, 'bench'), { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() &&
        readdirSync(join(root, 'bench', entry.name)).some((file) => /^main\.(ts|mjs)$/.test(file)),
    )
    .map((entry) => entry.name);
}

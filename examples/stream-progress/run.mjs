// Starts a sandbox host of its own, calls the tool from TypeScript or Python, ends the host.
// Usage: node examples/stream-progress/run.mjs typescript|python

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { findPlaces } from '../../platform/setup/places.mjs';
import { pythonProgram } from '../../platform/setup/python.mjs';

const language = process.argv[2] ?? 'typescript';
if (!['typescript', 'python'].includes(language)) {
  console.error(`There is no language [${language}]; give typescript or python.`);
  process.exit(2);
}
const python = pythonProgram(findPlaces(process.cwd()));
const folder = mkdtempSync(join(tmpdir(), 'tempera-example-'));
const token = randomBytes(24).toString('hex');
const host = spawn(
  python,
  ['-m', 'tempera_sandbox.host', '--home', join(folder, 'host'), '--parent-pipe', '3'],
  {
    cwd: resolve('sandbox'),
    env: { ...process.env, SANDBOX_TOKEN: token },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  },
);
try {
  const output = /** @type {import('node:stream').Readable} */ (host.stdout);
  const [line] = await once(createInterface({ input: output }), 'line');
  const { address } = JSON.parse(line);
  process.exitCode = language === 'python' ? await fromPython(address) : await fromTypeScript(address);
} finally {
  host.kill();
  await once(host, 'exit');
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} address */
async function fromTypeScript(address) {
  const outfile = resolve('build', `stream-progress-${process.pid}.mjs`);
  /** @type {import('esbuild').BuildOptions} */
  const bundled = { bundle: true, platform: 'node', format: 'esm', packages: 'external' };
  await build({ entryPoints: ['examples/stream-progress/stream.ts'], outfile, ...bundled });
  try {
    return await ended(process.execPath, [outfile, address, token]);
  } finally {
    rmSync(outfile);
  }
}

/** @param {string} address */
function fromPython(address) {
  return ended(python, ['examples/stream-progress/stream.py', address, token]);
}

/**
 * @param {string} command
 * @param {string[]} parts
 */
async function ended(command, parts) {
  const env = { ...process.env, PYTHONPATH: resolve('sandbox') };
  const [code] = await once(spawn(command, parts, { env, stdio: 'inherit' }), 'exit');
  return code ?? 1;
}

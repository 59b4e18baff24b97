/**
 * The Python environment of the peer, jupyter_client with ipykernel: a folder below build/ named by its lock's
 * content.
 */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findOnPath, findPlaces } from '../../platform/setup/places.mjs';

const LOCK = join('bench', 'sandbox', 'requirements.lock');

/** @returns its Python; made by uv where it is missing, which takes the network once */
export async function jupyterPython(python: string): Promise<string> {
  const places = findPlaces(process.cwd());
  const digest = createHash('sha256').update(readFileSync(LOCK)).digest('hex').slice(0, 16);
  const folder = resolve('build', 'bench', `jupyter-${digest}`);
  const marker = join(folder, '.complete');
  const program = join(folder, 'bin', 'python');
  if (existsSync(marker)) return program;
  const uv = findOnPath('uv', places.path) ?? findOnPath('uv', join(places.cache, 'uv', 'bin'));
  if (uv === null)
    throw new Error(
      'uv is missing: install it (`pip install uv`), the benchmark makes ipykernel’s environment with it.',
    );
  const env = { ...process.env, VIRTUAL_ENV: folder, UV_PYTHON_DOWNLOADS: 'never' };
  const run = (words: string[]) => promisify(execFile)(uv, words, { env });
  await run(['venv', '--allow-existing', '--python', python, folder]);
  await run(['pip', 'sync', '--require-hashes', LOCK]);
  writeFileSync(marker, '');
  return program;
}

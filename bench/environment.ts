/** A Python environment of a benchmark's own: a folder below build/ that is named by the content of its lock. */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findOnPath, findPlaces } from '../platform/setup/places.mjs';

/**
 * @param name what the folder is called before the lock's digest
 * @param lock a file of versions with hashes, as `uv pip compile --generate-hashes` writes it
 * @returns its Python; made by uv where it is missing, which takes the network once
 */
export async function lockedPython(name: string, lock: string, python: string): Promise<string> {
  const places = findPlaces(process.cwd());
  const digest = createHash('sha256').update(readFileSync(lock)).digest('hex').slice(0, 16);
  const folder = resolve('build', 'bench', `${name}-${digest}`);
  const marker = join(folder, '.complete');
  const program = join(folder, 'bin', 'python');
  if (existsSync(marker)) return program;
  const uv = findOnPath('uv', places.path) ?? findOnPath('uv', join(places.cache, 'uv', 'bin'));
  if (uv === null)
    throw new Error(
      `uv is missing: install it (\`pip install uv\`), the benchmark makes the environment ${name} with it.`,
    );
  const env = { ...process.env, VIRTUAL_ENV: folder, UV_PYTHON_DOWNLOADS: 'never' };
  const run = (words: string[]) => promisify(execFile)(uv, words, { env });
  await run(['venv', '--allow-existing', '--python', python, folder]);
  await run(['pip', 'sync', '--require-hashes', lock]);
  writeFileSync(marker, '');
  return program;
}

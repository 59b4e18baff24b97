/** Content digests, by which each step of set-up knows that there is nothing to do. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const SKIPPED = new Set(['node_modules', 'build', '.tempera', '__pycache__', 'replay', '.svelte-check']);

/**
 * Files under `folder` whose names `accepts`, in a stable order.
 * @param {string} folder
 * @param {(name: string) => boolean} accepts
 * @returns {string[]}
 */
export function listFiles(folder, accepts) {
  if (!existsSync(folder)) {
    return [];
  }
  if (statSync(folder).isFile()) {
    return [folder];
  }
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !SKIPPED.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        return listFiles(path, accepts);
      }
      return accepts(entry.name) ? [path] : [];
    });
}

/**
 * SHA-256 (hex) over the names and the contents of files, names relative to `root`.
 * @param {string} root
 * @param {readonly string[]} files
 */
export function digestFiles(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * The digest that was written with `writeStamp`, or null.
 * @param {string} file
 */
export function readStamp(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    // no stamp: the step has not been done
    return null;
  }
}

/**
 * Replaces a file in one step: a reader sees the old text or the new, never a part.
 * @param {string} file
 * @param {string | Uint8Array} text
 */
export function writeAtomic(file, text, mode = 0o644) {
  const fresh = `${file}.${process.pid}.new`;
  writeFileSync(fresh, text, { mode });
  renameSync(fresh, file);
}

/**
 * Files of a folder of the machine, where the settings allow one.
 *
 * A path is data from outside: what is opened is known by where it really lies when it is open, so that neither a link
 * nor `..`, nor a folder that is exchanged in the meantime, leads out of the roots.
 */

import { createReadStream } from 'node:fs';
import { constants, type FileHandle, lstat, open, readdir, realpath } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TemperaError } from '../core/errors.ts';
import type { ColumnSources, OpenedSource } from '../core/ports/column-sources.ts';
import type { FileSamples } from '../core/ports/file-samples.ts';
import { byName, lawfulName } from './lawful-tables.ts';
import {
  type FileListing,
  type ListedFile,
  mayHoldTables,
  sampleOfFile,
  tablesOfFiles,
} from './listed-files.ts';

const MOST_FILES = 100_000;
const DEEPEST = 20;

export function createFolderFiles(samples: FileSamples, roots: readonly string[]): ColumnSources {
  const listing = (source: OpenedSource) => listingOfFolder(source, roots);
  return {
    tables: async (source, page) => await tablesOfFiles(await listing(source), samples, page),
    sample: async (source, table, sampleSize) =>
      await sampleOfFile(await listing(source), samples, { table, sampleSize }),
    async probe(source) {
      const files = await filesBelow((await folderOf(source, roots)).folder);
      const message = `${files.length} files that may hold tables.`;
      return { ok: files.length > 0, message, tables: null };
    },
  };
}

async function listingOfFolder(source: OpenedSource, roots: readonly string[]): Promise<FileListing> {
  const { folder, root } = await folderOf(source, roots);
  const listed = async (path: string): Promise<ListedFile | null> => {
    const file = join(folder, path);
    const stat = await lstat(file).catch(() => null);
    // a name that would have to be changed could be taken for another one's
    if (stat === null || !stat.isFile() || path !== lawfulName(path)) return null;
    return {
      ...{ title: path, path, name: basename(path), size: stat.size, sha256: null },
      open: () => openedWithin(file, root),
    };
  };
  return {
    database: lawfulName(basename(folder)),
    async *from(title) {
      for (const path of await filesBelow(folder)) {
        if (title !== null && byName(path, title) < 0) continue;
        const file = await listed(path);
        if (file !== null) yield file;
      }
    },
    find: async (path) => (isInside(folder, resolve(folder, path)) ? await listed(path) : null),
  };
}

/** The folder that a source names, and the root that it lies in. @throws TemperaError INVALID_INPUT */
async function folderOf(
  { uri }: OpenedSource,
  roots: readonly string[],
): Promise<{ folder: string; root: string }> {
  if (roots.length === 0)
    throw new TemperaError(
      'INVALID_INPUT',
      'No folder of the machine may be read: the settings name none. Upload the files, or set TEMPERA_SOURCE_FOLDERS.',
    );
  const folder = await realpath(uri.startsWith('file:') ? fileURLToPath(uri) : uri).catch(() => null);
  for (const named of roots) {
    const root = await realpath(named).catch(() => null);
    if (root !== null && folder !== null && isInside(root, folder)) return { folder, root };
  }
  throw new TemperaError(
    'INVALID_INPUT',
    `[${uri.slice(0, 300)}] is not there, or in none of the folders that may be read. Set TEMPERA_SOURCE_FOLDERS.`,
  );
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !way.startsWith(sep));
}

/** Files below a folder by their paths in it, without links, what begins with a dot and what cannot be read. */
async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  const open = [{ path: '', depth: 0 }];
  for (let next = open.pop(); next !== undefined && found.length < MOST_FILES; next = open.pop()) {
    const entries = await readdir(join(folder, next.path), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const path = next.path === '' ? entry.name : `${next.path}/${entry.name}`;
      if (entry.isDirectory() && next.depth < DEEPEST) open.push({ path, depth: next.depth + 1 });
      if (entry.isFile() && mayHoldTables(entry.name)) found.push(path);
    }
  }
  return found.slice(0, MOST_FILES).sort(byName);
}

async function openedWithin(path: string, root: string): Promise<AsyncIterable<Uint8Array>> {
  const gone = new TemperaError('NOT_FOUND', `The file [${basename(path)}] is gone.`);
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => {
      throw gone;
    },
  );
  if (await liesWithin(handle, root)) return createReadStream('', { fd: handle });
  await handle.close();
  throw gone;
}

/** By what the kernel says of the open file. */
async function liesWithin(handle: FileHandle, root: string): Promise<boolean> {
  const stat = await handle.stat();
  const real = await realpath(`/proc/self/fd/${handle.fd}`);
  return stat.isFile() && isInside(root, real);
}

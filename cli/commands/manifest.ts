/**
 * What a run wrote into its folder: the session's id, then each file with its digest. By it a later run tells what is
 * still as the run left it from what a person made or changed.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeFolder } from '../../platform/setup/make-folder.mjs';

/** The file that holds it. */
export const MANIFEST = '.tempera-session';
/** Folders that hold thousands of files and are no run's: nothing in them is looked at. */
const NOT_LOOKED_INTO = new Set(['.venv', 'node_modules', '.git']);

export interface Manifest {
  session: string;
  /** SHA-256 by path. */
  files: Map<string, string>;
}

/** Notes what stands in the folder. */
export async function writeManifest(folder: string, session: string): Promise<void> {
  const paths = (await filesBelow(folder)).filter((path) => path !== MANIFEST).sort();
  const lines: string[] = [session];
  for (const path of paths) lines.push(`${await digestOf(join(folder, path))}  ${path}`);
  await writeFile(join(folder, MANIFEST), `${lines.join('\n')}\n`);
}

/** Null where no run has noted what it wrote. */
export async function readManifest(folder: string): Promise<Manifest | null> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => ''); // absent, or no folder
  const [session = '', ...lines] = text.split('\n');
  const files = lines.flatMap((line) => {
    const [, sha256, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    return sha256 !== undefined && path !== undefined ? [[path, sha256] as const] : [];
  });
  return session !== '' && files.length > 0 ? { session, files: new Map(files) } : null;
}

/** What in the folder is not as the run left it: files that it did not write, and those that were changed. */
export async function notFromRun(folder: string, manifest: Manifest): Promise<string[]> {
  const changed: string[] = [];
  for (const path of await filesBelow(folder))
    if (path !== MANIFEST && !(await isUntouched(folder, path, manifest))) changed.push(path);
  return changed.sort();
}

/**
 * Moves the files of `staging` into `folder`. Those of the former run that are untouched give way, the others stay: a
 * new file whose place is taken so gets a name beside it. Broken off at any point, nothing of a person's is gone.
 * @returns sentences on what stayed
 */
export async function mergeRun(staging: string, folder: string, former: Manifest): Promise<string[]> {
  const notes: string[] = [];
  const fresh = await filesBelow(staging);
  for (const path of fresh.filter((each) => each !== MANIFEST)) {
    const to = join(folder, path);
    const free = !(await isThere(to)) || (await isUntouched(folder, path, former));
    const place = free ? to : await besideOf(to);
    makeFolder(dirname(place));
    await rename(join(staging, path), place);
    if (!free)
      notes.push(`${path} is not as the run left it and stays; the new one is ${relative(folder, place)}.`);
  }
  for (const path of former.files.keys())
    if (!fresh.includes(path) && (await isUntouched(folder, path, former)))
      await removeWithEmpty(folder, path);
  await rename(join(staging, MANIFEST), join(folder, MANIFEST));
  return notes;
}

/** Whether a file of `staging` would need a folder where `folder` has something else, or the other way round. */
export async function clashes(staging: string, folder: string): Promise<boolean> {
  for (const path of await filesBelow(staging)) {
    const found = await lstat(join(folder, path)).catch(() => null); // nothing is in the way
    if (found?.isDirectory()) return true;
    for (let at = dirname(path); at !== '.'; at = dirname(at)) {
      const above = await lstat(join(folder, at)).catch(() => null);
      if (above && !above.isDirectory()) return true;
    }
  }
  return false;
}

async function isUntouched(folder: string, path: string, { files }: Manifest): Promise<boolean> {
  const expected = files.get(path);
  if (expected === undefined) return false;
  const found = await lstat(join(folder, path)).catch(() => null); // gone: nothing to lose
  return found?.isFile() === true && (await digestOf(join(folder, path))) === expected;
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** report.new.md for report.md, or the first of those with a number that is free. */
async function besideOf(path: string): Promise<string> {
  const end = extname(path);
  const stem = path.slice(0, path.length - end.length);
  for (let number = 1; ; number += 1) {
    const place = `${stem}.new${number === 1 ? '' : number}${end}`;
    if (!(await isThere(place))) return place;
  }
}

/** A file, and the folders above it that it leaves empty. */
async function removeWithEmpty(folder: string, path: string): Promise<void> {
  await rm(join(folder, path));
  for (let at = dirname(path); at !== '.'; at = dirname(at)) {
    const isEmpty = await rmdir(join(folder, at)).then(
      () => true,
      () => false,
    );
    if (!isEmpty) return;
  }
}

/** Paths of the files below the folder; links are not followed, they count as files. */
async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = join(below, entry.name);
      if (!entry.isDirectory()) found.push(path);
      else if (!NOT_LOOKED_INTO.has(entry.name)) await walk(path);
    }
  };
  await walk('');
  return found;
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/**
 * Where a run's files go: tempera-out/NAME for the run that succeeded last, a folder with the session's id in its name
 * for one that did not. What stands there is one session's files: a run fills a new folder, which takes the place of
 * an earlier run's only when it is whole, and of nothing else.
 */

import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { usageError } from '../exit-code.ts';

/** Names the session that filled a folder; only a folder that has it is ever replaced. */
const MARK = '.tempera-session';

/**
 * The name as that of a folder: letters and digits of every script stay.
 * @throws CommandError usage when nothing is left of it, as of `..`
 */
export function folderName(name: string): string {
  const kept = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M}._-]+/gu, '-')
    .replace(/^[.-]+|[.-]+$/g, '');
  if (kept === '') {
    throw usageError(`'${name}' gives no folder name. Give --name a word of letters or digits.`);
  }
  return kept;
}

export interface OutputFolderOptions {
  /** The folder of all runs. Default tempera-out in the working directory. */
  out: string | undefined;
  name: string;
  sessionId: string;
  succeeded: boolean;
}

/** Fills the run's folder by `download` and returns its path; nothing is replaced before the download is whole. */
export async function fillOutputFolder(
  options: OutputFolderOptions,
  download: (folder: string) => Promise<unknown>,
): Promise<string> {
  const folder = await target(options);
  const staging = `${folder}.${options.sessionId}.part`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  await writeFile(join(staging, MARK), `${options.sessionId}\n`);
  await download(staging);
  const former = `${folder}.${options.sessionId}.former`;
  if (existsSync(folder)) await rename(folder, former);
  await rename(staging, folder);
  await rm(former, { recursive: true, force: true });
  return folder;
}

/** The plain name where it is free or an earlier run's; beside it, with the session's id, where it is not. */
async function target({ out, name, sessionId, succeeded }: OutputFolderOptions): Promise<string> {
  const plain = resolve(out ?? 'tempera-out', folderName(name));
  const own = `${plain}-${sessionId.slice(-8)}`;
  if (!succeeded) return own;
  const replaceable = !existsSync(plain) || (await readFile(join(plain, MARK)).catch(() => null)) !== null;
  return replaceable ? plain : own;
}

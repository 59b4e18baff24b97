/**
 * Where a run's files go: tempera-out/NAME where that is free, else NAME-2, NAME-3 …; a folder with the session's id in
 * its name for a run that did not succeed.
 *
 * 1. The folder is claimed by making it, before anything is uploaded: what cannot be written to is known at once, and
 *    two runs never share one.
 * 2. What a run did not write, or what was changed since, is never removed and never written over. With --force a run
 * takes an earlier one's folder, after a yes: it replaces the files that are still as that run left them
 * (manifest.ts)
 *    and puts its own beside those that are not.
 */

import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolder } from '../../platform/setup/make-folder.mjs';
import { usageError } from '../exit-code.ts';
import { clashes, type Manifest, mergeRun, notFromRun, readManifest, writeManifest } from './manifest.ts';

/** Of folders with one name. */
const MOST_NUMBERED = 1_000;

/**
 * The name as that of a folder: letters and digits of every script stay.
 * @throws CommandError usage when nothing is left of it, as of `..`
 */
export function folderName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M}._-]+/gu, '-')
    .replace(/^[.-]+|[.-]+$/g, '');
  if (plain === '') {
    throw usageError(`'${name}' gives no folder name. Give --name a word of letters or digits.`);
  }
  return plain;
}

export interface OutputFolderOptions {
  /** The folder of all runs. Default tempera-out in the working directory. */
  out: string | undefined;
  name: string;
  /** Takes the folder of an earlier run of that name. */
  force: boolean;
  /** Asks the person for a yes; null where nobody sits at the terminal. */
  confirm: ((question: string) => Promise<boolean>) | null;
  /** Tells the person. */
  say: (sentence: string) => void;
}

export interface FinishedSession {
  sessionId: string;
  succeeded: boolean;
}

export interface OutputFolder {
  /** Fills it by `download` and returns its path; nothing appears in it before the download is whole. */
  fill(session: FinishedSession, download: (folder: string) => Promise<unknown>): Promise<string>;
  /** Gives the claim back where nothing was put into it. */
  release(): void;
}

/** @throws CommandError usage where no folder can be made there, or --force is not agreed to */
export async function claimOutputFolder(options: OutputFolderOptions): Promise<OutputFolder> {
  const { out, name, force, say } = options;
  const plain = resolve(out ?? 'tempera-out', folderName(name));
  const replaced = force && existsSync(plain) ? await agreedManifest(plain, options) : null;
  const folder = replaced ? plain : claim(plain);
  if (folder !== plain)
    say(`${plain} is there already and stays as it is; this run's files go to ${folder}.`);
  return {
    async fill({ sessionId, succeeded }, download) {
      // beside its place, so that it is moved and not copied
      const staging = join(dirname(plain), `.${basename(plain)}-${randomUUID()}`);
      mkdirSync(staging);
      try {
        await download(staging);
        await writeManifest(staging, sessionId);
        if (!succeeded) return await settle(staging, claim(`${plain}-${sessionId.slice(-8)}`));
        if (!replaced) return await settle(staging, folder);
        if (await clashes(staging, folder)) {
          const other = await settle(staging, claim(folder));
          say(
            `In ${folder} folders stand where this run has files, or files where it has folders: it is in ${other}.`,
          );
          return other;
        }
        for (const line of await mergeRun(staging, folder, replaced)) say(line);
        return folder;
      } finally {
        await rm(staging, { recursive: true, force: true });
        if (!succeeded && !replaced) giveBack(folder);
      }
    },
    release: () => {
      if (!replaced) giveBack(folder);
    },
  };
}

/** Moves the whole run to its claimed place; where somebody has put something there meanwhile, to another one. */
async function settle(staging: string, folder: string): Promise<string> {
  try {
    await rename(staging, folder);
    return folder;
  } catch (error) {
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error;
    return await settle(staging, claim(folder));
  }
}

/** Makes the folder, or the first of those with a number behind its name that is free. */
function claim(plain: string): string {
  try {
    makeFolder(dirname(plain));
    for (let number = 1; number <= MOST_NUMBERED; number += 1) {
      const folder = number === 1 ? plain : `${plain}-${number}`;
      if (makeNew(folder)) return folder;
    }
  } catch (error) {
    throw usageError(
      `No folder can be made at ${plain} (${error instanceof Error ? error.message : String(error)}). ` +
        'Give --out a folder that you may write to.',
    );
  }
  throw usageError(`${plain} and ${MOST_NUMBERED} more are there already. Give --name or --out another one.`);
}

function makeNew(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function giveBack(folder: string): void {
  try {
    rmdirSync(folder); // removes nothing but an empty folder
  } catch {
    // somebody has put something into it: it is theirs now
  }
}

/** What an earlier run wrote into the folder, after a yes. */
async function agreedManifest(
  folder: string,
  { confirm }: Pick<OutputFolderOptions, 'confirm'>,
): Promise<Manifest> {
  const manifest = await readManifest(folder);
  if (manifest === null)
    throw usageError(
      '--force takes the folder of an earlier run, and no run has said what it wrote in ' +
        `${folder}. Leave --force out: this run gets a folder of its own.`,
    );
  if (confirm === null)
    throw usageError(
      `--force asks before it takes ${folder}, and nobody sits at the terminal. Leave it out: ` +
        'this run gets a folder of its own.',
    );
  const changed = await notFromRun(folder, manifest);
  const stays = changed.length > 0 ? ` What is yours there stays: ${listed(changed)}.` : '';
  if (
    await confirm(
      `Put this run's files in the place of those of session ${manifest.session} in ${folder}?${stays}`,
    )
  )
    return manifest;
  throw usageError(`${folder} stays as it is. Leave --force out: this run gets a folder of its own.`);
}

/** The first few names. */
export function listed(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return names.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : null;

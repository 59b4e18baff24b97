/** Brings a session's files into a local folder, in the layout they have in the session. */

import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder } from '../../platform/setup/make-folder.mjs';
import type { ApiClient } from '../api-client.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { Files } from '../records.ts';
import { listed } from './output-folder.ts';

/** Downloads every file of the session, or those below `path`; returns how many. */
export async function downloadSession(
  api: ApiClient,
  sessionId: string,
  folder: string,
  path = '',
): Promise<number> {
  const files = await sessionFiles(api, sessionId, folder, path);
  for (const file of files) await downloadFile(api, sessionId, file);
  return files.length;
}

/** A file of a session, and where it goes. */
export interface Wanted {
  path: string;
  to: string;
}

/** Every file of the session, or those below `path`, with their places below `folder`. */
export async function sessionFiles(
  api: ApiClient,
  sessionId: string,
  folder: string,
  path: string,
): Promise<Wanted[]> {
  const query = new URLSearchParams({ path });
  const { entries } = await api.request(Files, `/api/sessions/${sessionId}/files?${query}`);
  return entries
    .filter((entry) => entry.kind === 'file')
    .map((entry) => ({ path: entry.path, to: inside(folder, entry.path) }));
}

/** What a download would write over is a person's, for all we know. @throws CommandError refused without a yes */
export async function assertNoneLost(
  wanted: readonly Wanted[],
  { force, confirm }: { force: boolean; confirm: ((question: string) => Promise<boolean>) | null },
): Promise<void> {
  const there = wanted.map(({ to }) => to).filter((to) => existsSync(to));
  if (there.length === 0) return;
  if (force && confirm !== null && (await confirm(`Write over ${listed(there)}?`))) return;
  const asks = force && confirm === null ? '--force asks, and nobody sits at the terminal. ' : '';
  throw new CommandError(
    EXIT.refused,
    `${asks}${listed(there)} would be written over. Give --out a folder that does not hold them${force ? '' : ', or --force, which asks'}. Nothing was written.`,
  );
}

/** Downloads one file; it appears under its name only when it is complete. */
export async function downloadFile(
  api: ApiClient,
  sessionId: string,
  { path, to }: { path: string; to: string },
): Promise<void> {
  const response = await openFile(api, sessionId, path);
  makeFolder(dirname(to));
  const partial = `${to}.${randomUUID()}.part`;
  try {
    await pipeline(response, createWriteStream(partial, { flags: 'wx' }));
    await rename(partial, to);
  } finally {
    await rm(partial, { force: true });
  }
}

/** The bytes of one file of the session. */
export async function openFile(api: ApiClient, sessionId: string, path: string): Promise<Readable> {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const { body } = await api.open(`/api/sessions/${sessionId}/files/${encoded}`);
  return Readable.from(body ?? []);
}

/** Where a path of the server's lands; never outside `folder`, whatever the server says. */
function inside(folder: string, path: string): string {
  const place = resolve(folder, path);
  const way = relative(folder, place);
  if (way === '' || way === '..' || way.startsWith(`..${sep}`)) {
    throw new CommandError(
      EXIT.failed,
      `The path ${path} leads out of ${folder}; nothing was written to it.`,
    );
  }
  return place;
}

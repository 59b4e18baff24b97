/**
 * Brings a session's files into a local folder, in the layout they have in the session. A name that is no plain one
 * there is written in per cent form here; holes stay holes.
 */

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { z } from 'zod';
import { percentPath } from '../../core/file-names.ts';
import { sha256 } from '../../core/ids.ts';
import { makeFolder } from '../../platform/setup/make-folder.mjs';
import type { ApiClient } from '../api-client.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { Files } from '../records.ts';
import { listed } from './output-folder.ts';
import { writeSparse } from './sparse-file.ts';

const MAX_NAME_BYTES = 255;
const TRUNCATED_NAME_BYTES = 200;

/** Downloads every file of the session; returns how many. */
export async function downloadSession(api: ApiClient, sessionId: string, folder: string): Promise<number> {
  const files = await sessionFiles(api, sessionId, { folder });
  for (const file of files) await downloadFile(api, sessionId, file);
  return files.length;
}

/** A file of a session, and where it goes. */
export interface Download {
  path: string;
  to: string;
}

/** Every file of the session, or those below `path`, with their places below `folder`. */
export async function sessionFiles(
  api: ApiClient,
  sessionId: string,
  { folder, path = '' }: { folder: string; path?: string },
): Promise<Download[]> {
  const entries = await listedFiles(api, sessionId, path);
  return entries
    .filter((entry) => entry.kind === 'file')
    .map((entry) => ({ path: entry.path, to: inside(folder, entry.path) }));
}

/** What a download would write over is a person's, for all we know. @throws CommandError refused without a yes */
export async function assertNoneLost(
  downloads: readonly Download[],
  { force, confirm }: { force: boolean; confirm: ((question: string) => Promise<boolean>) | null },
): Promise<void> {
  const there = downloads.map(({ to }) => to).filter((to) => existsSync(to));
  if (there.length === 0) return;
  if (force && confirm !== null && (await confirm(`Write over ${listed(there)}?`))) return;
  const asks = force && confirm === null ? '--force asks, and nobody sits at the terminal. ' : '';
  throw new CommandError(
    EXIT.refused,
    `${asks}${listed(there)} would be written over. Give --out a folder that does not hold ` +
      `them${force ? '' : ', or --force, which asks'}. Nothing was written.`,
  );
}

/** Everything below `path`, in as many answers as it takes. */
export async function listedFiles(
  api: ApiClient,
  sessionId: string,
  path: string,
): Promise<z.infer<typeof Files>['entries']> {
  const found: z.infer<typeof Files>['entries'] = [];
  for (let after = ''; ; after = found.at(-1)?.path ?? '') {
    const query = new URLSearchParams({ path, ...(after === '' ? {} : { after }) });
    const { entries, truncated } = await api.request(Files, `/api/sessions/${sessionId}/files?${query}`);
    found.push(...entries);
    if (!truncated || entries.length === 0) return found;
  }
}

/** Downloads one file; it appears under its name only when it is complete. */
export async function downloadFile(
  api: ApiClient,
  sessionId: string,
  { path, to }: { path: string; to: string },
): Promise<void> {
  const response = await openFile(api, sessionId, path);
  makeFolder(dirname(to));
  const partial = join(dirname(to), `.${randomUUID()}.part`);
  try {
    await writeSparse(response, partial);
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

/** A name that a local disk takes: at most 255 bytes. */
export function localName(name: string): string {
  const plain = percentPath(name);
  const bytes = Buffer.from(plain);
  if (bytes.length <= MAX_NAME_BYTES) return plain;
  const head = bytes
    .subarray(0, TRUNCATED_NAME_BYTES)
    .toString()
    .replace(/\uFFFD+$/u, '');
  return `${head}~${sha256(name).slice(0, 16)}`;
}

/** Where a path of the server's lands; never outside `folder`, whatever the server says. */
function inside(folder: string, path: string): string {
  const place = resolve(folder, path.split('/').map(localName).join('/'));
  const way = relative(folder, place);
  if (way === '' || way === '..' || way.startsWith(`..${sep}`)) {
    throw new CommandError(
      EXIT.failed,
      `The path ${path} leads out of ${folder}; nothing was written to it.`,
    );
  }
  return place;
}

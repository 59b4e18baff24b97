/**
 * Brings a session's files into a local folder, in the layout they have in the session. A name that is no plain one
 * there is written in per cent form here; holes stay holes.
 */

import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { z } from 'zod';
import { percentPath } from '../../core/file-names.ts';
import { sha256 } from '../../core/ids.ts';
import type { ApiClient } from '../api-client.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { Files } from '../records.ts';

const MAX_NAME_BYTES = 255;
const KEPT_NAME_BYTES = 200;
const ZEROS = Buffer.alloc(64 * 1024);

/** Downloads every file of the session, or those below `path`; returns how many. */
export async function downloadSession(
  api: ApiClient,
  sessionId: string,
  folder: string,
  path = '',
): Promise<number> {
  const files = (await listedFiles(api, sessionId, path)).filter((entry) => entry.kind === 'file');
  for (const file of files)
    await downloadFile(api, sessionId, { path: file.path, to: inside(folder, file.path) });
  return files.length;
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
  await mkdir(dirname(to), { recursive: true });
  const partial = join(dirname(to), `.${sha256(path).slice(0, 16)}.part`);
  try {
    await writeSparse(response, partial);
    await rename(partial, to);
  } finally {
    await rm(partial, { force: true });
  }
}

/** Writes what is not zeros; the rest of the file is holes. */
async function writeSparse(body: Readable, path: string): Promise<void> {
  const file = await open(path, 'w');
  let position = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      for (let from = 0; from < chunk.length; from += ZEROS.length) {
        const piece = chunk.subarray(from, from + ZEROS.length);
        if (!ZEROS.subarray(0, piece.length).equals(piece)) await file.writev([piece], position);
        position += piece.length;
      }
    }
    await file.truncate(position);
  } finally {
    await file.close();
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
    .subarray(0, KEPT_NAME_BYTES)
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

/** Brings a session's files into a local folder, in the layout they have in the session. */

import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ApiClient } from '../api-client.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { Files } from '../records.ts';

/** Downloads every file of the session, or those below `path`; returns how many. */
export async function downloadSession(
  api: ApiClient,
  sessionId: string,
  folder: string,
  path = '',
): Promise<number> {
  const query = new URLSearchParams({ path });
  const { entries } = await api.request(Files, `/api/sessions/${sessionId}/files?${query}`);
  const files = entries.filter((entry) => entry.kind === 'file');
  for (const file of files)
    await downloadFile(api, sessionId, { path: file.path, to: inside(folder, file.path) });
  return files.length;
}

/** Downloads one file; it appears under its name only when it is complete. */
export async function downloadFile(
  api: ApiClient,
  sessionId: string,
  { path, to }: { path: string; to: string },
): Promise<void> {
  const response = await openFile(api, sessionId, path);
  await mkdir(dirname(to), { recursive: true });
  const partial = `${to}.part`;
  await pipeline(response, createWriteStream(partial));
  await rename(partial, to);
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

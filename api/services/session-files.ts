/** A session's files, from its last checkpoint: never from a host's disk, and never a path of this machine's. */

import type { IncomingHttpHeaders } from 'node:http';
import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { TemperaError } from '../../core/errors.ts';
import { isId } from '../../core/ids.ts';
import { type ManifestEntry, ManifestEntrySchema } from '../../core/records.ts';
import { getCheckpoint, latestCheckpoint } from '../../db/index.ts';
import { blobKey } from '../../storage/keys.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { type ByteRange, namesTag, parseRange, rangeAskedFor } from '../http/byte-range.ts';
import { mediaType } from '../http/media-types.ts';
import { parseTreePath, resolveFile } from '../http/tree-path.ts';

const ManifestSchema = z.union([
  z.array(ManifestEntrySchema),
  z.object({ entries: z.array(ManifestEntrySchema) }).transform((manifest) => manifest.entries),
]);

/** Entries of one answer; a larger tree comes in several. */
const MAX_ENTRIES = 20_000;

export const FileTreeSchema = z.object({
  /** The checkpoint that was read; null while there is none. */
  checkpoint: z.string().nullable(),
  path: z.string(),
  entries: z.array(
    z.object({
      path: z.string(),
      name: z.string(),
      kind: z.enum(['file', 'directory', 'link']),
      size: z.number(),
      sha256: z.string(),
      type: z.string().nullable(),
    }),
  ),
  truncated: z.boolean(),
});
export type FileTree = z.infer<typeof FileTreeSchema>;

export interface OpenFile {
  path: string;
  size: number;
  sha256: string;
  range: ByteRange | null;
  /** The caller has it already. */
  isKnown: boolean;
  open: () => Promise<Readable>;
}

/** Everything below `path`, by name, behind `after`. @throws TemperaError INVALID_PATH, NOT_FOUND */
export async function listFiles(
  dependencies: ApiDependencies,
  sessionId: string,
  { path, after, checkpoint: named }: { path: string; after: string; checkpoint?: string | undefined },
): Promise<FileTree> {
  const { checkpoint, entries } = await readManifest(dependencies, sessionId, named);
  const folder = parseTreePath(path, foldersOf(entries));
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = entries.filter((entry) => entry.path.startsWith(prefix) && entry.path !== folder);
  if (
    below.length === 0 &&
    folder !== '' &&
    !entries.some((entry) => entry.path === folder && entry.kind === 'directory')
  ) {
    throw new TemperaError('NOT_FOUND', `There is no folder ${path} in the session.`);
  }
  const rest = below.filter((entry) => entry.path > after).sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    checkpoint,
    path: folder,
    entries: rest.slice(0, MAX_ENTRIES).map(toListed),
    truncated: rest.length > MAX_ENTRIES,
  };
}

/** The file's bytes, or the range of them that the headers name. @throws TemperaError INVALID_PATH, NOT_FOUND */
export async function openFile(
  dependencies: ApiDependencies,
  sessionId: string,
  {
    path,
    headers,
    checkpoint,
  }: { path: string; headers: IncomingHttpHeaders; checkpoint?: string | undefined },
): Promise<OpenFile> {
  const { entries } = await readManifest(dependencies, sessionId, checkpoint);
  const known = new Map(entries.map((entry) => [entry.path, entry]));
  const { size, sha256 } = resolveFile(known, path);
  const isKnown = namesTag(headers['if-none-match'], sha256);
  const range = isKnown ? null : parseRange(rangeAskedFor(headers, sha256), size);
  return {
    path: parseTreePath(path, known),
    size,
    sha256,
    range,
    isKnown,
    open: () => openBlob(dependencies, sha256, range),
  };
}

/** The folders that a path may name. */
export const foldersOf = (entries: readonly ManifestEntry[]): Set<string> =>
  new Set(entries.filter(({ kind }) => kind === 'directory').map(({ path }) => path));

async function openBlob(
  { blobs, store }: ApiDependencies,
  sha256: string,
  range: ByteRange | null,
): Promise<Readable> {
  if (!range) return await blobs.get(sha256);
  const { body } = await store.get(blobKey(sha256), { range });
  return body;
}

/**
 * A checkpoint of the session and its tree: the one that is `named`, else the last, nothing while there is none.
 * @throws TemperaError NOT_FOUND for one that is named and not there any more
 */
export async function readManifest(
  { db, blobs }: Pick<ApiDependencies, 'db' | 'blobs'>,
  sessionId: string,
  named?: string,
): Promise<{ checkpoint: string | null; entries: ManifestEntry[] }> {
  const checkpoint = await (named === undefined
    ? latestCheckpoint(db, sessionId)
    : namedCheckpoint(db, sessionId, named));
  if (!checkpoint) return { checkpoint: null, entries: [] };
  return { checkpoint: checkpoint.id, entries: await manifestOf(blobs, checkpoint) };
}

/** The tree of a checkpoint. */
export async function manifestOf(
  blobs: ApiDependencies['blobs'],
  checkpoint: { manifest_sha256: string },
): Promise<ManifestEntry[]> {
  return ManifestSchema.parse(await blobs.readJson(checkpoint.manifest_sha256));
}

async function namedCheckpoint(db: ApiDependencies['db'], sessionId: string, id: string) {
  const checkpointRow = isId(id) ? await getCheckpoint(db, id) : null;
  if (checkpointRow?.session_id === sessionId) return checkpointRow;
  throw new TemperaError('NOT_FOUND', `The session keeps no checkpoint ${id}.`);
}

/** The files of one kept workspace by path; those of the session's last one where `checkpoint` is null or gone. */
export async function filesOf(
  { db, blobs }: Pick<ApiDependencies, 'db' | 'blobs'>,
  sessionId: string,
  checkpoint: string | null,
): Promise<Map<string, ManifestEntry>> {
  const checkpointRow = checkpoint === null ? null : await getCheckpoint(db, checkpoint);
  const entries =
    checkpointRow?.session_id === sessionId && checkpointRow.released_at === null
      ? await manifestOf(blobs, checkpointRow)
      : (await readManifest({ db, blobs }, sessionId)).entries;
  return new Map(entries.filter(({ kind }) => kind === 'file').map((entry) => [entry.path, entry]));
}

function toListed({ path, kind, size, sha256 }: ManifestEntry): FileTree['entries'][number] {
  return {
    path,
    name: posix.basename(path),
    kind,
    size,
    sha256,
    type: kind === 'file' ? mediaType(path) : null,
  };
}

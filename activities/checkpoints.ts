/** Takes a checkpoint: blobs first, then the manifest; its row is written by the caller with the step's end. */

import { addAbortSignal, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { derivedId, sha256 } from '../core/ids.ts';
import { bytesTaken, type ManifestEntry } from '../core/records.ts';
import { addBlobs, touchBlobs } from '../db/index.ts';
import type { ActivityPorts } from './ports.ts';
import type { OpenWorkspace } from './workspaces.ts';

/** Files up to this size are sent in one request instead of a multipart upload. */
const SMALL_FILE_BYTES = 4 * 1024 * 1024;
/** Blobs in flight at once. */
const PARALLEL_UPLOADS = 8;

export interface TakenCheckpoint {
  id: string;
  manifestSha256: string;
  entries: ManifestEntry[];
  refused: string[];
  files: number;
  bytes: number;
}

/** `signal` ends it: what is uploaded by then stays for whoever uploads it again. */
export async function takeCheckpoint(
  ports: ActivityPorts,
  workspace: OpenWorkspace,
  { step, execution, signal }: { step: string; execution: number; signal: AbortSignal },
): Promise<TakenCheckpoint> {
  const { sessionId, epoch } = workspace;
  const scan = workspace.host.workspaces.scan({ sessionId, epoch });
  const { entries, refused } = await unlessAborted(signal, scan);
  const sorted = [...entries].sort((left, right) => (left.path < right.path ? -1 : 1));
  const manifest = Buffer.from(JSON.stringify(sorted));
  const files = sorted.filter((entry) => entry.kind === 'file');
  const manifestSha256 = await storeTree(ports, workspace, { files, manifest, signal });
  const bytes = files.reduce((sum, entry) => sum + entry.size, 0);
  return {
    id: derivedId('checkpoint', step, execution),
    manifestSha256,
    entries: sorted,
    refused,
    files: files.length,
    bytes,
  };
}

/**
 * Uploads what the store lacks, the manifest last. All of it is marked as used before the manifest names it, so that
 * none is collected, in one transaction with the manifest's own mark.
 * @returns the manifest's hash
 */
async function storeTree(
  { database, blobs }: ActivityPorts,
  workspace: OpenWorkspace,
  { files, manifest, signal }: { files: ManifestEntry[]; manifest: Buffer; signal: AbortSignal },
): Promise<string> {
  const manifestSha256 = sha256(manifest);
  const entries = new Map(files.map((entry) => [entry.sha256, entry]));
  const sizes = new Map([...entries.values()].map((entry) => [entry.sha256, bytesTaken(entry)]));
  sizes.set(manifestSha256, manifest.length);
  const blobsOf = (hashes: Iterable<string>) =>
    [...hashes].map((hash) => ({ sha256: hash, size: sizes.get(hash) ?? 0 }));
  const missing = await database.transaction((tx) => touchBlobs(tx, blobsOf(sizes.keys())));
  const queue = missing.flatMap((hash) => entries.get(hash) ?? []);
  const { workspaces } = workspace.host;
  await eachOf(queue, PARALLEL_UPLOADS, async (entry) => {
    signal.throwIfAborted();
    const body = addAbortSignal(signal, Readable.from(workspaces.readFile(workspace.sessionId, entry)));
    const isSmall = entry.size <= SMALL_FILE_BYTES;
    const compress = entry.allocated !== undefined;
    await blobs.put(entry.sha256, isSmall ? await buffer(body) : body, { size: entry.size, compress });
  });
  if (missing.includes(manifestSha256)) await blobs.put(manifestSha256, manifest, { size: manifest.length });
  if (missing.length > 0) await database.transaction((tx) => addBlobs(tx, blobsOf(missing)));
  return manifestSha256;
}

/** What `work` gives, or the signal's reason as soon as that is aborted. */
async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  // the loser of the race ends unheard
  work.catch(() => undefined);
  aborted.catch(() => undefined);
  return Promise.race([work, aborted]);
}

/** Stores one blob of known bytes and registers it. */
export async function storeBytes(ports: ActivityPorts, bytes: Buffer): Promise<string> {
  const hash = sha256(bytes);
  const blob = { sha256: hash, size: bytes.length };
  const { database, blobs } = ports;
  const [missing] = await database.transaction((tx) => touchBlobs(tx, [blob]));
  if (missing === undefined) return hash;
  await blobs.put(hash, bytes, { size: bytes.length });
  await database.transaction((tx) => addBlobs(tx, [blob]));
  return hash;
}

/** Runs `work` over `items`, at most `parallel` at once. */
export async function eachOf<T>(
  items: T[],
  parallel: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const queue = [...items];
  const lanes = Array.from({ length: Math.min(parallel, items.length) }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      await work(item).catch((error: unknown) => {
        queue.length = 0;
        throw error;
      });
    }
  });
  const ended = await Promise.allSettled(lanes);
  for (const lane of ended) if (lane.status === 'rejected') throw lane.reason;
}

/**
 * What a session keeps of its workspaces is bounded: over the limit the oldest checkpoints give up their files,
 * which no
 * other one names. Kept always: the last one, and those that a stage ended or began at.
 */

import { bytesTaken, type ManifestEntry } from '../core/records.ts';
import { releaseCheckpoints, storedBytes, storedCheckpoints } from '../db/index.ts';
import type { ActivityPorts } from './ports.ts';
import { readManifest } from './workspaces.ts';

interface StoredCheckpoint {
  id: string;
  manifest: string;
  entries: ManifestEntry[];
}

/** Releases what is too much; returns how many checkpoints that were. Called after each one that is written. */
export async function releaseOldCheckpoints(ports: ActivityPorts, sessionId: string): Promise<number> {
  const { database, settings } = ports;
  const size = await storedBytes(database, sessionId);
  if (size <= settings.checkpointBytes) return 0;
  const rows = await storedCheckpoints(database, sessionId);
  const all: (StoredCheckpoint & { fixed: boolean })[] = [];
  for (const { id, manifest_sha256, fixed } of rows)
    all.push({ id, fixed, manifest: manifest_sha256, entries: await readManifest(ports, id) });
  const uses = countUses(all);
  const released: string[] = [];
  const forgotten: string[] = [];
  let left = size - settings.checkpointBytes;
  for (const checkpoint of all.filter(({ fixed }) => !fixed)) {
    if (left <= 0) break;
    const freed = release(checkpoint, uses);
    released.push(checkpoint.id);
    forgotten.push(...freed.keys());
    left -= [...freed.values()].reduce((sum, bytes) => sum + bytes, 0);
  }
  if (released.length > 0)
    await database.transaction((tx) =>
      releaseCheckpoints(tx, sessionId, { ids: released, hashes: forgotten }),
    );
  return released.length;
}

/** How many checkpoints name each blob. */
function countUses(all: readonly StoredCheckpoint[]): Map<string, number> {
  const uses = new Map<string, number>();
  for (const checkpoint of all)
    for (const hash of blobsOf(checkpoint).keys()) uses.set(hash, (uses.get(hash) ?? 0) + 1);
  return uses;
}

/** Takes a checkpoint out of the count; gives the blobs that no other one names, with their bytes. */
function release(checkpoint: StoredCheckpoint, uses: Map<string, number>): Map<string, number> {
  const freed = new Map<string, number>();
  for (const [hash, bytes] of blobsOf(checkpoint)) {
    const others = (uses.get(hash) ?? 1) - 1;
    uses.set(hash, others);
    if (others === 0) freed.set(hash, bytes);
  }
  return freed;
}

function blobsOf({ manifest, entries }: StoredCheckpoint): Map<string, number> {
  const files = entries.filter(({ kind }) => kind === 'file');
  return new Map([[manifest, 0], ...files.map((entry) => [entry.sha256, bytesTaken(entry)] as const)]);
}

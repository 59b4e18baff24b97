/** Workspaces of a host: initialised, filled from a checkpoint, scanned into one. */

import { TemperaError } from '../core/errors.ts';
import type { CheckpointTree, ReadBlob, WorkspaceKey, Workspaces } from '../core/ports/sandbox.ts';
import type { ManifestEntry } from '../core/records.ts';
import {
  type RestoreChunk,
  type TreeEntry,
  TreeEntry_Kind,
  type WriteDatasetChunk,
} from '../proto/generated/tempera/v1/sandbox.ts';
import type { Connection } from './connection.ts';
import { received, sent } from './streams.ts';

/** Bytes of one message on the way to the host. */
const CHUNK_BYTES = 512 * 1024;
const ZEROS = Buffer.alloc(CHUNK_BYTES);
const TRANSFER_TIMEOUT_MS = 30 * 60_000;

export function createWorkspaces(connection: Connection): Workspaces {
  const { client } = connection;
  const deadline = () => ({ deadline: Date.now() + TRANSFER_TIMEOUT_MS });
  return {
    async initialize({ sessionId, epoch }, experimentId) {
      const request = { sessionId, epoch, experimentId, limits: undefined };
      const { workspaceAt, uid, datasets } = await connection.unary(client.initializeSession, request, {
        attempted: `Initialising session [${sessionId}]`,
      });
      return { at: workspaceAt, uid, datasets };
    },
    async writeDataset(experimentId, file, body) {
      const attempted = `Sending dataset file [${file.path}]`;
      await sent<WriteDatasetChunk, unknown>(
        (done) => client.writeDataset(connection.metadata(), deadline(), done),
        datasetMessages(experimentId, file, body),
        attempted,
      );
    },
    async restore(key, tree, read) {
      const attempted = `Restoring checkpoint [${tree.id}] of session [${key.sessionId}]`;
      const messages = restoreMessages(key, tree, read);
      const response = await sent<RestoreChunk, { bytes: number }>(
        (done) => client.restore(connection.metadata(), deadline(), done),
        messages,
        attempted,
      );
      return response.bytes;
    },
    async scan({ sessionId, epoch }) {
      const entries: ManifestEntry[] = [];
      const refused: string[] = [];
      const open = () => client.checkpoint({ sessionId, epoch }, connection.metadata(), deadline());
      for await (const chunk of received(open, `Scanning the workspace of session [${sessionId}]`)) {
        entries.push(...chunk.entries.map(toManifestEntry));
        refused.push(...chunk.refused);
      }
      return { entries, refused };
    },
    async *readFile(sessionId, { path, sha256, size, allocated }) {
      const skipHoles = allocated !== undefined;
      const request = { sessionId, path, sha256, offset: 0, length: 0, skipHoles };
      const open = () => client.readFile(request, connection.metadata(), deadline());
      let position = 0;
      for await (const chunk of received(open, `Reading [${path}] of session [${sessionId}]`)) {
        yield* zeros(chunk.offset - position);
        yield chunk.data;
        position = chunk.offset + chunk.data.length;
      }
      yield* zeros(size - position);
    },
    async cleanup({ sessionId, epoch }) {
      const request = { sessionId, epoch, experimentId: '' };
      await connection
        .unary(client.cleanupSession, request, { attempted: `Cleaning up session [${sessionId}]` })
        .catch((error: unknown) => {
          // it has no workspace there: nothing is left to be cleaned up
          if (!(error instanceof TemperaError) || error.code !== 'NOT_FOUND') throw error;
        });
    },
    async forgetDataset(experimentId) {
      const request = { sessionId: '', epoch: 0, experimentId };
      const attempted = `Removing dataset [${experimentId}]`;
      await connection.unary(client.cleanupSession, request, { attempted });
    },
  };
}

async function* datasetMessages(
  experimentId: string,
  file: { path: string; sha256: string; size: number },
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<WriteDatasetChunk> {
  yield { header: { experimentId, file }, data: Buffer.alloc(0) };
  for await (const data of pieces(body)) yield { header: undefined, data };
}

async function* restoreMessages(
  key: WorkspaceKey,
  { id: checkpoint, entries }: CheckpointTree,
  read: ReadBlob,
): AsyncGenerator<RestoreChunk> {
  const header = {
    sessionId: key.sessionId,
    epoch: key.epoch,
    checkpoint,
    entries: entries.map(toTreeEntry),
  };
  yield { header, path: '', offset: 0, data: Buffer.alloc(0) };
  for (const entry of entries) {
    if (entry.kind !== 'file' || entry.size === 0) continue;
    let offset = 0;
    for await (const data of pieces(read(entry.sha256))) {
      const isHole = entry.allocated !== undefined && data.equals(ZEROS.subarray(0, data.length));
      if (!isHole) yield { header: undefined, path: entry.path, offset, data };
      offset += data.length;
    }
  }
}

function* zeros(count: number): Generator<Uint8Array> {
  for (let left = count; left > 0; left -= ZEROS.length)
    yield ZEROS.subarray(0, Math.min(left, ZEROS.length));
}

async function* pieces(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const part of body) {
    for (let from = 0; from < part.length; from += CHUNK_BYTES)
      yield Buffer.from(part.subarray(from, from + CHUNK_BYTES));
  }
}

const KINDS = {
  file: TreeEntry_Kind.FILE,
  directory: TreeEntry_Kind.DIRECTORY,
  link: TreeEntry_Kind.LINK,
} as const;

function toTreeEntry({ kind, ...entry }: ManifestEntry): TreeEntry {
  return { ...entry, kind: KINDS[kind], allocated: entry.allocated ?? 0 };
}

function toManifestEntry({ path, kind, size, sha256, mode, target, allocated }: TreeEntry): ManifestEntry {
  const name =
    kind === TreeEntry_Kind.DIRECTORY ? 'directory' : kind === TreeEntry_Kind.LINK ? 'link' : 'file';
  return { path, kind: name, size, sha256, mode, target, ...(allocated > 0 ? { allocated } : {}) };
}

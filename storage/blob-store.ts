/** Content by its hash: written once, never changed, checked both ways. */

import type { Readable } from 'node:stream';
import { TemperaError } from '../core/errors.ts';
import { checkStream } from './checked-stream.ts';
import { blobKey } from './keys.ts';
import type { ObjectStore } from './object-store.ts';

export interface BlobStore {
  has(sha256: string): Promise<boolean>;
  /**
   * Writes `size` bytes that hash to `sha256`; otherwise nothing is stored. `compress` is for what is mostly zeros.
   * @throws TemperaError INVALID_INPUT on a mismatch, STORAGE_UNAVAILABLE.
   */
  put(
    sha256: string,
    body: Uint8Array | Readable,
    options: { size: number; compress?: boolean },
  ): Promise<void>;
  /**
   * The content. The stream fails at its end when the bytes are not those of the hash, so what was read counts
   * only once it has ended well. @throws (as the stream's error) TemperaError NOT_FOUND, STORAGE_UNAVAILABLE.
   */
  get(sha256: string): Readable;
  /** The content as JSON, at most 64 MiB. @throws TemperaError NOT_FOUND, TOO_LARGE, STORAGE_UNAVAILABLE. */
  readJson(sha256: string): Promise<unknown>;
}

const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** Keeps blobs in `store` under `blobs/`. */
export function createBlobStore(store: ObjectStore): BlobStore {
  const get = (hash: string): Readable =>
    checkStream(open(store, hash), { sha256: hash }, damaged(hash)).stream;
  return {
    has: async (hash) => (await store.head(blobKey(hash))) !== null,
    put: async (hash, body, { size, compress }) => {
      await store.put(blobKey(hash), body, { size, sha256: hash, compress });
    },
    get,
    readJson: async (hash) => JSON.parse(await readText(get(hash), hash)),
  };
}

async function* open(store: ObjectStore, hash: string): AsyncGenerator<Uint8Array> {
  const { body } = await store.get(blobKey(hash));
  yield* body as AsyncIterable<Uint8Array>;
}

async function readText(stream: Readable, hash: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_JSON_BYTES) throw new TemperaError('TOO_LARGE', `Blob ${hash} is larger than 64 MiB.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function damaged(hash: string): (reason: string) => TemperaError {
  return (reason) =>
    new TemperaError('STORAGE_UNAVAILABLE', `Blob ${hash} came back damaged: ${reason}. Try again.`, {
      details: { sha256: hash },
    });
}

/** The port to an object store. The adapter for S3 is s3-object-store.ts. */

import type { Readable } from 'node:stream';

export interface PutOptions {
  /** Bytes; what differs is refused before the object is listed. */
  size?: number | undefined;
  /** Default application/octet-stream. */
  contentType?: string | undefined;
  /** Lower-case hex; what differs is refused before the object is listed. */
  sha256?: string | undefined;
  /**
   * Stores it compressed (Content-Encoding: gzip), for what is mostly zeros; readers get it as it was. Needs `size` and
   * `sha256`, which are of the bytes before that.
   */
  compress?: boolean | undefined;
}

/** Bytes `start` to `end`, both included; `end` is the last byte where left out. */
export interface ByteRange {
  start: number;
  end?: number | undefined;
}

export interface StoredObject {
  /** Fails with STORAGE_UNAVAILABLE when fewer bytes come than were announced. Read it or destroy it. */
  body: Readable;
  /** Bytes of the whole object, as it was before it was compressed. */
  size: number;
  /** Bytes of `body`. */
  length: number;
  contentType: string;
  /** Of the whole object, where it was known when the object was written. */
  sha256?: string | undefined;
}

export interface ObjectEntry {
  key: string;
  /** Bytes that it takes. */
  size: number;
  /** ISO time. */
  modified_at: string;
}

export interface ListOptions {
  delimiter?: string | undefined;
  /** Where the page before it ended. */
  cursor?: string | null | undefined;
  /** Without a cursor: keys up to this one are left out, whether it is there or not. */
  after?: string | null | undefined;
  limit: number;
}

export interface ObjectPage {
  items: ObjectEntry[];
  /** With a delimiter: the "folders" below the prefix. */
  prefixes: string[];
  next_cursor: string | null;
}

/**
 * Objects by key, in one bucket. Outages are retried with jitter inside; what remains is STORAGE_UNAVAILABLE.
 * An object is listed only when all of it has arrived.
 */
export interface ObjectStore {
  /** Writes an object; a stream of any length takes flat memory (about 32 MiB). */
  put(
    key: string,
    body: Uint8Array | Readable,
    options?: PutOptions,
  ): Promise<{ size: number; sha256: string }>;
  /** @throws TemperaError NOT_FOUND, RANGE_NOT_SATISFIABLE, STORAGE_UNAVAILABLE. */
  get(key: string, options?: { range?: ByteRange | undefined }): Promise<StoredObject>;
  /** Null when there is no such object. */
  head(key: string): Promise<{ size: number; contentType: string } | null>;
  /** Copies inside the store, at most 5 GiB. @throws TemperaError NOT_FOUND. */
  copy(from: string, to: string): Promise<void>;
  /** Deletes what is there of `keys`; those that are not are no error. */
  delete(keys: readonly string[]): Promise<void>;
  /** Objects whose key starts with `prefix` and comes after `after`, by key; `limit` is 1 to 1,000. */
  list(prefix: string, options: ListOptions): Promise<ObjectPage>;
  /** Makes the bucket where it is missing. */
  ensureBucket(): Promise<void>;
  close(): void;
}

/**
 * The object store over S3 (versitygw, MinIO, AWS).
 *
 * Invariants:
 * 1. An object appears only whole: small ones are sent in one request with a checksum, larger ones as parts that
 *    are completed after the last byte has been hashed and compared; a body that breaks off aborts its parts.
 * 2. Answers of 429, 5xx and broken connections are retried by the SDK with exponential back-off and full jitter.
 * 3. What is stored compressed says so itself (Content-Encoding, its size and hash as metadata), so a copy of it
 * does too.
 */

import { isIP, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { sha256 } from '../core/ids.ts';
import { bodyMismatch, checkStream, differs } from './checked-stream.ts';
import { compressed, GZIP, sizeOf } from './compression.ts';
import type {
  ByteRange,
  ListOptions,
  ObjectPage,
  ObjectStore,
  PutOptions,
  StoredObject,
} from './object-store.ts';
import { S3Download } from './s3-download.ts';
import { statusOf, toStorageError } from './storage-errors.ts';

export interface ObjectStoreOptions {
  /** http://host:port */
  endpoint: string;
  region: string;
  accessKey: string;
  secretKey: string;
  bucket: string;
  /** How often a request is sent at most. Default 6: up to 15 s of waiting in all where the store says 503. */
  attempts?: number | undefined;
  /** The address that the endpoint's name stands for. Default: as the machine resolves it. */
  reachedBy?: string | null | undefined;
}

const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
const MAX_PARTS = 10_000;

/** Makes a store; it connects at the first request. */
export function createObjectStore(options: ObjectStoreOptions): ObjectStore {
  const client = new S3Client({
    endpoint: options.endpoint,
    region: options.region,
    credentials: { accessKeyId: options.accessKey, secretAccessKey: options.secretKey },
    forcePathStyle: true,
    maxAttempts: options.attempts ?? 6,
    retryMode: 'standard',
    // The socket's limit is of silence; a reader that takes its time keeps the socket silent too.
    requestHandler: {
      ...{ connectionTimeout: 3_000, socketTimeout: 120_000 },
      httpAgent: { maxSockets: 64, ...reaching(options.reachedBy) },
      ...(options.reachedBy && { httpsAgent: { maxSockets: 64, ...reaching(options.reachedBy) } }),
    },
  });
  return new S3ObjectStore(client, options.bucket);
}

/** Connections go to the address that was checked, whatever the name stands for by then. */
function reaching(address: string | null | undefined): { lookup?: LookupFunction } {
  if (!address) return {};
  const family = isIP(address);
  return {
    lookup: (_name, { all }, done) => {
      if (all) done(null, [{ address, family }]);
      else done(null, address, family);
    },
  };
}

class S3ObjectStore implements ObjectStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #download: S3Download;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
    this.#download = new S3Download(client, bucket);
  }

  async put(
    key: string,
    body: Uint8Array | Readable,
    options: PutOptions = {},
  ): Promise<{ size: number; sha256: string }> {
    try {
      if (options.compress) return await this.#putCompressed(key, body, options);
      if (body instanceof Uint8Array) return await this.#putBytes(key, body, options);
      return await this.#putStream(key, body, options);
    } catch (error) {
      throw toStorageError(error, 'take', key);
    }
  }

  async #putBytes(
    key: string,
    body: Uint8Array,
    options: PutOptions,
  ): Promise<{ size: number; sha256: string }> {
    const hash = sha256(body);
    const reason = differs(options, body.byteLength, hash);
    if (reason !== null) throw bodyMismatch(key)(reason);
    await this.#client.send(
      new PutObjectCommand({
        ...this.#target(key, options),
        Body: body,
        ContentLength: body.byteLength,
        Metadata: { sha256: hash },
      }),
    );
    return { size: body.byteLength, sha256: hash };
  }

  async #putStream(
    key: string,
    body: Readable,
    options: PutOptions,
  ): Promise<{ size: number; sha256: string }> {
    const checked = checkStream(body, options, bodyMismatch(key));
    const Metadata = options.sha256 === undefined ? undefined : { sha256: options.sha256 };
    await this.#upload(body, options.size ?? 0, {
      ...this.#target(key, options),
      Body: checked.stream,
      Metadata,
    });
    return checked.result();
  }

  async #putCompressed(
    key: string,
    body: Uint8Array | Readable,
    options: PutOptions,
  ): Promise<{ size: number; sha256: string }> {
    const { size, sha256: hash } = options;
    if (size === undefined || hash === undefined)
      throw new Error('What is compressed needs size and sha256.');
    const source = body instanceof Uint8Array ? Readable.from([body]) : body;
    const checked = checkStream(source, options, bodyMismatch(key));
    await this.#upload(source, size, {
      ...this.#target(key, options),
      Body: compressed(checked.stream),
      ContentEncoding: GZIP,
      Metadata: { sha256: hash, size: String(size) },
    });
    return checked.result();
  }

  async #upload(source: Readable, size: number, params: PutObjectCommandInput): Promise<void> {
    const partSize = Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS));
    try {
      await new Upload({ client: this.#client, queueSize: PARTS_AT_ONCE, partSize, params }).done();
    } catch (error) {
      // Also stops the sender, who would otherwise wait for somebody to read on.
      source.destroy();
      throw error;
    }
  }

  #target(key: string, options: PutOptions): { Bucket: string; Key: string; ContentType: string } {
    return { Bucket: this.#bucket, Key: key, ContentType: options.contentType ?? 'application/octet-stream' };
  }

  async get(key: string, options: { range?: ByteRange | undefined } = {}): Promise<StoredObject> {
    return this.#download.get(key, options.range);
  }

  async head(key: string): Promise<{ size: number; contentType: string } | null> {
    try {
      const answer = await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }));
      return { size: sizeOf(answer), contentType: answer.ContentType ?? 'application/octet-stream' };
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw toStorageError(error, 'describe', key);
    }
  }

  async copy(from: string, to: string): Promise<void> {
    const source = `${this.#bucket}/${from}`.split('/').map(encodeURIComponent).join('/');
    try {
      await this.#client.send(new CopyObjectCommand({ Bucket: this.#bucket, Key: to, CopySource: source }));
    } catch (error) {
      throw toStorageError(error, 'copy', from);
    }
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += 1_000) {
      const batch = keys.slice(start, start + 1_000);
      try {
        const Delete = { Objects: batch.map((Key) => ({ Key })), Quiet: true };
        const answer = await this.#client.send(new DeleteObjectsCommand({ Bucket: this.#bucket, Delete }));
        const failed = answer.Errors?.find((error) => error.Code !== 'NoSuchKey');
        if (failed) throw new Error(`${failed.Code}: ${failed.Message} [${failed.Key}]`);
      } catch (error) {
        throw toStorageError(error, 'delete', batch[0] ?? '');
      }
    }
  }

  async list(prefix: string, options: ListOptions): Promise<ObjectPage> {
    try {
      const answer = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: prefix,
          Delimiter: options.delimiter,
          ContinuationToken: options.cursor ?? undefined,
          StartAfter: options.after ?? undefined,
          MaxKeys: Math.max(1, Math.min(options.limit, 1_000)),
        }),
      );
      return {
        items: (answer.Contents ?? []).map((item) => ({
          key: item.Key ?? '',
          size: item.Size ?? 0,
          modified_at: (item.LastModified ?? new Date(0)).toISOString(),
        })),
        prefixes: (answer.CommonPrefixes ?? []).map((item) => item.Prefix ?? ''),
        next_cursor: answer.NextContinuationToken ?? null,
      };
    } catch (error) {
      throw toStorageError(error, 'list', prefix);
    }
  }

  async ensureBucket(): Promise<void> {
    try {
      await this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket }));
    } catch (error) {
      if (statusOf(error) !== 404) throw toStorageError(error, 'find bucket', this.#bucket);
      await this.#createBucket();
    }
  }

  async #createBucket(): Promise<void> {
    try {
      await this.#client.send(new CreateBucketCommand({ Bucket: this.#bucket }));
    } catch (error) {
      // 409: another process was faster.
      if (statusOf(error) !== 409) throw toStorageError(error, 'make bucket', this.#bucket);
    }
  }

  close(): void {
    this.#client.destroy();
  }
}

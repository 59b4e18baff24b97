/**
 * What is read from the object store over S3. A download that breaks off goes on where it stood, as long as the object
 * is the same one (its ETag); what is stored compressed comes as it was.
 */

import { Readable } from 'node:stream';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { TemperaError } from '../core/errors.ts';
import { decompressed, GZIP, sizeOf } from './compression.ts';
import type { ByteRange, StoredObject } from './object-store.ts';
import { resuming } from './resumed-download.ts';
import { toStorageError } from './storage-errors.ts';

interface Opened {
  stream: Readable;
  /** Bytes of `stream`. */
  length: number;
  /** Bytes as they are stored. */
  size: number;
  contentType: string;
  etag: string | undefined;
  sha256: string | undefined;
  encoding: string | undefined;
  /** Bytes before they were compressed. */
  plainSize: number;
}

export class S3Download {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** The object, or a range of it; bytes of what was compressed are those before. */
  async get(key: string, range: ByteRange | undefined): Promise<StoredObject> {
    const start = range?.start ?? 0;
    const first = await this.#openRange(key, range);
    if (first.encoding === GZIP) return decompressed(await this.#whole(key, first), range);
    return this.#resumable(key, first, start);
  }

  /** A range that the bytes as stored lack may be one of what they are compressed from. */
  async #openRange(key: string, range: ByteRange | undefined): Promise<Opened> {
    try {
      return await this.#open(key, range, undefined);
    } catch (error) {
      const outside = error instanceof TemperaError && error.code === 'RANGE_NOT_SATISFIABLE';
      if (!outside || range === undefined) throw error;
      const whole = await this.#open(key, undefined, undefined);
      if (whole.encoding === GZIP) return whole;
      whole.stream.destroy();
      throw error;
    }
  }

  async #whole(key: string, first: Opened): Promise<StoredObject & { plainSize: number }> {
    const { plainSize } = first;
    if (first.length === first.size) return { ...this.#resumable(key, first, 0), plainSize };
    first.stream.destroy();
    return { ...this.#resumable(key, await this.#open(key, undefined, first.etag), 0), plainSize };
  }

  #resumable(key: string, first: Opened, start: number): StoredObject {
    const open = async (offset: number) =>
      (await this.#open(key, { start: start + offset, end: start + first.length - 1 }, first.etag)).stream;
    const body = Readable.from(resuming(first, open, key), { objectMode: false });
    // Where nobody reads the body, its generator never starts and cannot close the connection.
    body.once('close', () => first.stream.destroy());
    return {
      body,
      size: first.size,
      length: first.length,
      contentType: first.contentType,
      ...(first.sha256 === undefined ? {} : { sha256: first.sha256 }),
    };
  }

  async #open(key: string, range: ByteRange | undefined, etag: string | undefined): Promise<Opened> {
    try {
      const answer = await this.#client.send(
        new GetObjectCommand({
          Bucket: this.#bucket,
          Key: key,
          ...(range === undefined ? {} : { Range: `bytes=${range.start}-${range.end ?? ''}` }),
          ...(etag === undefined ? {} : { IfMatch: etag }),
        }),
      );
      const stream = answer.Body;
      if (!(stream instanceof Readable)) throw new Error('The answer has no body.');
      const length = answer.ContentLength ?? 0;
      return {
        stream,
        length,
        size: Number(answer.ContentRange?.split('/')[1] ?? length),
        contentType: answer.ContentType ?? 'application/octet-stream',
        etag: answer.ETag,
        sha256: answer.Metadata?.sha256,
        encoding: answer.ContentEncoding,
        plainSize: sizeOf(answer),
      };
    } catch (error) {
      throw toStorageError(error, 'give', key);
    }
  }
}

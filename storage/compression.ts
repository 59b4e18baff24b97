/** Objects that are stored compressed: files that are mostly holes. Readers get them as they were. */

import { pipeline, Readable } from 'node:stream';
import { constants, createGunzip, createGzip } from 'node:zlib';
import { TemperaError } from '../core/errors.ts';
import type { ByteRange, StoredObject } from './object-store.ts';

export const GZIP = 'gzip';

/** What S3 answers of an object. */
interface Described {
  ContentLength?: number | undefined;
  ContentEncoding?: string | undefined;
  Metadata?: Record<string, string> | undefined;
}

/** Bytes of an object as it was before it was compressed. */
export function sizeOf({ ContentLength = 0, ContentEncoding, Metadata }: Described): number {
  return ContentEncoding === GZIP ? Number(Metadata?.size ?? ContentLength) : ContentLength;
}

/** The source's bytes, compressed; fails as the source does. */
export function compressed(source: Readable): Readable {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  // what fails on either side has destroyed both, and shows on the side that is read
  return pipeline(source, gzip, () => undefined);
}

/** What an object was compressed from, or a range of that. @throws TemperaError RANGE_NOT_SATISFIABLE */
export function decompressed(
  stored: StoredObject & { plainSize: number },
  range: ByteRange | undefined,
): StoredObject {
  const { body, contentType, sha256, plainSize: size } = stored;
  const start = range?.start ?? 0;
  const end = Math.min(range?.end ?? size - 1, size - 1);
  if (range !== undefined && start >= size) {
    body.destroy();
    throw new TemperaError('RANGE_NOT_SATISFIABLE', `The object has ${size} bytes, none from ${start} on.`);
  }
  const plain = pipeline(body, createGunzip(), () => undefined);
  const sent = range === undefined ? plain : Readable.from(sliced(plain, start, end), { objectMode: false });
  // one that nobody reads never starts, and would keep the connection
  sent.once('close', () => plain.destroy());
  return {
    body: sent,
    size,
    length: range === undefined ? size : end - start + 1,
    contentType,
    ...(sha256 === undefined ? {} : { sha256 }),
  };
}

/** The bytes from `start` to `end`, both included. */
async function* sliced(source: Readable, start: number, end: number): AsyncGenerator<Uint8Array> {
  let position = 0;
  for await (const chunk of source as AsyncIterable<Uint8Array>) {
    const from = Math.max(0, start - position);
    const to = Math.min(chunk.byteLength, end + 1 - position);
    if (from < to) yield chunk.subarray(from, to);
    position += chunk.byteLength;
    if (position > end) return;
  }
}

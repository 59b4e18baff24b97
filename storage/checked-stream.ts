/** Bytes on their way, hashed and counted: what does not fit the promise fails before its last byte is passed on. */

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { TemperaError } from '../core/errors.ts';

/** What the bytes should amount to; what is left out is not checked. */
export interface Expected {
  size?: number | undefined;
  sha256?: string | undefined;
}

export interface CheckedStream {
  stream: Readable;
  /** What has passed; call when the stream has ended. */
  result(): { size: number; sha256: string };
}

/** Passes `source` on and fails at its end when it is not what was expected; `mismatch` makes the error. */
export function checkStream(
  source: AsyncIterable<Uint8Array>,
  expected: Expected,
  mismatch: (reason: string) => Error,
): CheckedStream {
  const hash = createHash('sha256');
  let size = 0;
  let digest = '';
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      hash.update(chunk);
      size += chunk.byteLength;
      if (expected.size !== undefined && size > expected.size) break;
      yield chunk;
    }
    digest = hash.digest('hex');
    const reason = differs(expected, size, digest);
    if (reason !== null) throw mismatch(reason);
  }
  return { stream: Readable.from(pass(), { objectMode: false }), result: () => ({ size, sha256: digest }) };
}

/** What is wrong with `size` and `sha256`, as a clause; null when nothing is. */
export function differs(expected: Expected, size: number, sha256: string): string | null {
  if (expected.size !== undefined && expected.size !== size)
    return `${size} bytes came instead of ${expected.size}`;
  if (expected.sha256 !== undefined && expected.sha256 !== sha256) {
    return `the bytes hash to ${sha256} instead of ${expected.sha256}`;
  }
  return null;
}

/** The error for a body that is not what its sender announced. Nothing is stored then. */
export function bodyMismatch(key: string): (reason: string) => TemperaError {
  return (reason) =>
    new TemperaError(
      'INVALID_INPUT',
      `The body for [${key}] is not what was announced: ${reason}. Send it again.`,
    );
}

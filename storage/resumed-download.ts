/** A download that breaks off goes on where it stood. */

import type { Readable } from 'node:stream';
import { TemperaError } from '../core/errors.ts';

const RESUMPTIONS = 3;

/** The bytes of `first`, going on with `open(offset)` where it breaks off. Fails when bytes are missing at the end. */
export async function* resuming(
  { stream: first, length }: { stream: Readable; length: number },
  open: (offset: number) => Promise<Readable>,
  key: string,
): AsyncGenerator<Uint8Array> {
  let source = first;
  let offset = 0;
  for (let resumed = 0; ; resumed += 1) {
    let reason: unknown = new Error(`the body ended early, of ${length} bytes`);
    try {
      for await (const chunk of source as AsyncIterable<Uint8Array>) {
        offset += chunk.byteLength;
        yield chunk;
      }
    } catch (error) {
      reason = error;
    } finally {
      source.destroy();
    }
    if (offset === length) return;
    if (resumed >= RESUMPTIONS || offset > length) {
      throw new TemperaError(
        'STORAGE_UNAVAILABLE',
        `Reading [${key}] broke off at byte ${offset}. Try again.`,
        {
          cause: reason,
          retryAfter: 2,
        },
      );
    }
    source = await open(offset);
  }
}

/** Files with holes: what is all zeros is not written. */

import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';

const ZEROS = Buffer.alloc(64 * 1024);

/** Writes a body to a new file; runs of zeros in it become holes. */
export async function writeSparse(body: Readable, path: string): Promise<void> {
  const file = await open(path, 'wx');
  let position = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      for (let from = 0; from < chunk.length; from += ZEROS.length) {
        const piece = chunk.subarray(from, from + ZEROS.length);
        if (!ZEROS.subarray(0, piece.length).equals(piece)) await file.writev([piece], position);
        position += piece.length;
      }
    }
    await file.truncate(position);
  } finally {
    await file.close();
  }
}

/** A file that is written on disk, so that memory is flat, handed on, and gone when that has ended. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface WrittenFile {
  path: string;
  size: number;
  sha256: string;
}

/**
 * @param parent in which the file stands in a folder of its own
 * @param write gets the path at which the file is to be
 */
export async function withTemporaryFile<T>(
  parent: string,
  write: (path: string) => Promise<void>,
  use: (file: WrittenFile) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(parent, 'file-'));
  try {
    const path = join(folder, 'file');
    await write(path);
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return await use({ path, size: (await stat(path)).size, sha256: hash.digest('hex') });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

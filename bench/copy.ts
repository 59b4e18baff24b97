/**
 * The folder that a benchmark of others is read from: `--from FOLDER`, a copy that a person has made. With --smoke it
 * may be left out: then it is a tiny one in the same layout, written here and gone afterwards.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BenchArguments } from './arguments.ts';

/** Text of each file by its path inside the copy. */
export type CopyFiles = Record<string, string>;

export interface Copy {
  folder: string;
  /** Whether it is the tiny one: everything in it is plain, and read without a fault by whoever still works. */
  isTiny: boolean;
}

/** Hands the copy to `work`. @throws when neither --from nor --smoke is given */
export async function withCopy<T>(
  words: BenchArguments,
  tiny: CopyFiles,
  work: (copy: Copy) => Promise<T>,
): Promise<T> {
  if (!words.smoke || words.isGiven('from')) return await work({ folder: words.text('from'), isTiny: false });
  const folder = mkdtempSync(join(tmpdir(), 'tempera-bench-copy-'));
  try {
    for (const [path, text] of Object.entries(tiny)) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    return await work({ folder, isTiny: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

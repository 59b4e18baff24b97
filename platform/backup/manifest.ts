/** What a back-up holds, checked before it is restored. It is written last: a folder without it is unfinished. */

import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { TemperaError } from '../../core/errors.ts';

/** Raised when an older release could not read what is written. */
export const FORMAT = 1;
export const MANIFEST = 'manifest.json';
/** Lines of what lies in the object store. */
export const OBJECTS = 'objects.jsonl.gz';

const file = z.object({ file: z.string(), sha256: z.string() });

const ManifestSchema = z.object({
  format: z.number(),
  /** Of the release that wrote it. */
  version: z.string(),
  created_at: z.string(),
  /** As it stands in references to datasets. */
  bucket: z.string(),
  migrations: z.array(z.object({ name: z.string(), sha256: z.string() })),
  tables: z.array(file.extend({ table: z.string(), rows: z.number() })),
  sequences: z.record(z.string(), z.number()),
  objects: file.extend({ count: z.number(), bytes: z.number() }),
  /** Whether the key that sealed credentials is in it. */
  has_credentials_key: z.boolean(),
});
export type Manifest = z.infer<typeof ManifestSchema>;

export const ObjectLineSchema = z.object({
  ...{ key: z.string(), size: z.number(), sha256: z.string(), content_type: z.string() },
});
export type ObjectLine = z.infer<typeof ObjectLineSchema>;

/** Content by its hash: what several keys hold lies there once. */
export const contentPath = (folder: string, sha256: string): string =>
  join(folder, 'objects', sha256.slice(0, 2), sha256);

export const KEY_FILE = 'credentials-key.json';

/** @throws TemperaError INVALID_INPUT for what is no back-up, unfinished, or of a newer release */
export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST);
  if (!existsSync(path))
    throw unusable(folder, 'it has no manifest.json, so it is none, or was not finished. Make another one.');
  const read = ManifestSchema.safeParse(parsed(readFileSync(path, 'utf8')));
  if (!read.success) throw unusable(folder, 'its manifest.json is damaged.');
  if (read.data.format > FORMAT)
    throw unusable(folder, `it is of a newer release (${read.data.version}). Upgrade first.`);
  return read.data;
}

/** @throws TemperaError INVALID_INPUT with the name of a file that is not as it was written */
export async function checkFiles(folder: string, { tables, objects }: Manifest): Promise<void> {
  for (const { file: name, sha256 } of [...tables, objects]) {
    const path = join(folder, name);
    if (!existsSync(path)) throw unusable(folder, `its file ${name} is missing.`);
    if ((await hashOf(path)) !== sha256) throw unusable(folder, `its file ${name} is damaged.`);
  }
}

export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

export const unusable = (folder: string, why: string): TemperaError =>
  new TemperaError('INVALID_INPUT', `The back-up in ${folder} cannot be restored: ${why}`);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // no JSON is no manifest either
  }
}

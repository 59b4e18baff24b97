/**
 * A back-up becomes the platform of a home that nobody has used. All of it is there, or the home is as it was: it is
 * made beside it and takes its place at the end; rows that go to a server of the settings are one transaction.
 * Workflows are made anew from the rows when the platform starts.
 */

import {
  cpSync,
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { Config, Environment } from '../../config/index.ts';
import { TemperaError } from '../../core/errors.ts';
import { sha256 } from '../../core/ids.ts';
import { type Database, isUnused, migrate, setSequences, writeRows } from '../../db/index.ts';
import type { ObjectStore } from '../../storage/index.ts';
import { writeAtomic } from '../setup/digest.mjs';
import { makeFolder } from '../setup/make-folder.mjs';
import {
  checkFiles,
  contentPath,
  KEY_FILE,
  type Manifest,
  ObjectLineSchema,
  readManifest,
  unusable,
} from './manifest.ts';
import { withStarted } from './stores.ts';

/** Rows of one statement. */
const BATCH = 50;

/**
 * @throws TemperaError CONFLICT for a home, database or bucket that holds something; INVALID_INPUT for a back-up that
 * is unfinished, damaged, of a newer schema or of another bucket
 */
export async function restore(
  config: Config,
  { folder, environment }: { folder: string; environment: Environment },
): Promise<Manifest> {
  const manifest = readManifest(folder);
  assertKnown(config, folder, manifest);
  assertUnused(config.home);
  await checkFiles(folder, manifest);
  const beside = `${config.home}.restoring`;
  // of a restore that was killed
  rmSync(beside, { recursive: true, force: true });
  makeFolder(beside, 0o700);
  try {
    if (manifest.has_credentials_key)
      writeAtomic(join(beside, 'secrets.json'), readFileSync(join(folder, KEY_FILE), 'utf8'), 0o600);
    await withStarted({ ...config, home: beside }, environment, async ({ database, objects }) => {
      await objects.ensureBucket();
      await assertEmpty(database, objects);
      await restoreObjects(objects, folder, manifest);
      await restoreRows(config, database, { folder, manifest });
    });
    // chosen anew, as for any home
    rmSync(join(beside, 'ports.json'), { force: true });
    renameSync(beside, config.home);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    throw error;
  }
  return manifest;
}

function assertKnown({ root, s3 }: Config, folder: string, { migrations, version, bucket }: Manifest): void {
  for (const { name, sha256: hash } of migrations) {
    const file = join(root, 'db', 'migrations', name);
    if (!existsSync(file))
      throw unusable(folder, `its schema is of a newer release (${version}, ${name}). Upgrade first.`);
    if (sha256(readFileSync(file)) !== hash)
      throw unusable(folder, `its schema is of a release that is none of ours (${name}).`);
  }
  if (bucket !== s3.bucket) throw unusable(folder, `its bucket is ${bucket}. Set S3_BUCKET=${bucket}.`);
}

function assertUnused(home: string): void {
  if (!existsSync(home) || readdirSync(home).length === 0) return;
  throw new TemperaError(
    'CONFLICT',
    `${home} is in use. Restore into a home that nobody has used: set TEMPERA_HOME to another folder.`,
  );
}

async function assertEmpty(database: Database, objects: ObjectStore): Promise<void> {
  if (!(await isUnused(database)))
    throw new TemperaError('CONFLICT', 'The database of DATABASE_URL holds tables. Give an empty one.');
  if ((await objects.list('', { limit: 1 })).items.length > 0)
    throw new TemperaError('CONFLICT', 'The bucket of the settings holds objects. Give an empty one.');
}

async function restoreObjects(store: ObjectStore, folder: string, { objects }: Manifest): Promise<void> {
  for await (const line of linesOf(join(folder, objects.file))) {
    const { key, size, sha256: hash, content_type: contentType } = ObjectLineSchema.parse(line);
    const path = contentPath(folder, hash);
    if (!existsSync(path)) throw unusable(folder, `the content of ${key} is missing.`);
    await store
      .put(key, createReadStream(path), { size, sha256: hash, contentType })
      .catch((error: unknown) => {
        if (error instanceof TemperaError && error.code === 'INVALID_INPUT')
          throw unusable(folder, `the content of ${key} is damaged.`);
        throw error;
      });
  }
}

/** Into the schema that they were read from; then the schema becomes this release's. */
async function restoreRows(
  { root }: Config,
  database: Database,
  { folder, manifest }: { folder: string; manifest: Manifest },
): Promise<void> {
  const migrations = join(root, 'db', 'migrations');
  const then = mkdtempSync(join(tmpdir(), 'tempera-migrations-'));
  try {
    for (const { name } of manifest.migrations) cpSync(join(migrations, name), join(then, name));
    await migrate(database.url, then);
  } finally {
    rmSync(then, { recursive: true, force: true });
  }
  await database.transaction(async (tx) => {
    for (const { table, file } of manifest.tables) {
      let batch: string[] = [];
      for await (const row of linesOf(join(folder, file))) {
        batch.push(String(row));
        if (batch.length < BATCH) continue;
        await writeRows(tx, table, batch);
        batch = [];
      }
      if (batch.length > 0) await writeRows(tx, table, batch);
    }
    await setSequences(tx, manifest.sequences);
  });
  await migrate(database.url, migrations);
}

async function* linesOf(path: string): AsyncGenerator<unknown> {
  const input = createReadStream(path).pipe(createGunzip());
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }))
    yield JSON.parse(line);
}

/**
 * A back-up of what runs: rows of one moment, then what lies in the object store. Objects are written before the rows
 * that name them, so all that the rows name is there; what was deleted meanwhile is not.
 */

import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Config } from '../../config/index.ts';
import { TemperaError } from '../../core/errors.ts';
import {
  appliedMigrations,
  rowsOf,
  sequenceNumbers,
  type Transaction,
  tablesInOrder,
  takeSnapshot,
} from '../../db/index.ts';
import type { ObjectStore } from '../../storage/index.ts';
import { writeAtomic } from '../setup/digest.mjs';
import { makeFolder } from '../setup/make-folder.mjs';
import {
  contentPath,
  FORMAT,
  hashOf,
  KEY_FILE,
  MANIFEST,
  type Manifest,
  OBJECTS,
  type ObjectLine,
} from './manifest.ts';
import { withRunning } from './stores.ts';

const PAGE = 1_000;

/** @throws TemperaError CONFLICT for a folder that holds something, or where nothing runs */
export async function backUp(
  config: Config,
  { folder, version }: { folder: string; version: string },
): Promise<Manifest> {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new TemperaError('CONFLICT', `${folder} is not empty: name another folder.`);
  return await withRunning(config, async ({ database, objects }) => {
    makeFolder(join(folder, 'tables'), 0o700);
    const rows = await database.transaction((tx) => saveTables(tx, folder));
    const manifest: Manifest = {
      ...{ format: FORMAT, version, created_at: new Date().toISOString(), bucket: config.s3.bucket },
      ...rows,
      objects: await saveObjects(objects, folder),
      has_credentials_key: saveKey(config, folder),
    };
    writeAtomic(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, 0o600);
    return manifest;
  });
}

async function saveTables(
  tx: Transaction,
  folder: string,
): Promise<Pick<Manifest, 'migrations' | 'tables' | 'sequences'>> {
  await takeSnapshot(tx);
  const migrations = await appliedMigrations(tx);
  const tables: Manifest['tables'] = [];
  for (const table of await tablesInOrder(tx)) {
    const file = join('tables', `${table}.jsonl.gz`);
    let rows = 0;
    await saveLines(join(folder, file), async function* () {
      for await (const batch of rowsOf(tx, table)) {
        rows += batch.length;
        yield batch;
      }
    });
    tables.push({ table, rows, file, sha256: await hashOf(join(folder, file)) });
  }
  return { migrations, tables, sequences: await sequenceNumbers(tx) };
}

async function saveObjects(store: ObjectStore, folder: string): Promise<Manifest['objects']> {
  let count = 0;
  let bytes = 0;
  await saveLines(join(folder, OBJECTS), async function* () {
    for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
      const page = await store.list('', { limit: PAGE, cursor });
      for (const { key } of page.items) {
        const line = await saveObject(store, folder, key);
        if (line === null) continue;
        count += 1;
        bytes += line.size;
        yield [line];
      }
      cursor = page.next_cursor;
    }
  });
  return { file: OBJECTS, sha256: await hashOf(join(folder, OBJECTS)), count, bytes };
}

/** Null where it was deleted since it was listed. */
async function saveObject(store: ObjectStore, folder: string, key: string): Promise<ObjectLine | null> {
  const object = await store.get(key).catch((error: unknown) => {
    if (error instanceof TemperaError && error.code === 'NOT_FOUND') return null;
    throw error;
  });
  if (object === null) return null;
  const hash = createHash('sha256');
  const unnamed = join(folder, 'object.part');
  const hashed = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(object.body, hashed, createWriteStream(unnamed, { mode: 0o600 }));
  const sha256 = hash.digest('hex');
  const path = contentPath(folder, sha256);
  makeFolder(dirname(path), 0o700);
  renameSync(unnamed, path);
  return { key, size: object.size, sha256, content_type: object.contentType };
}

/** The key of this home, without which what is sealed is lost; one of the settings is the operator's to keep. */
function saveKey({ home, sources }: Config, folder: string): boolean {
  const secrets = join(home, 'secrets.json');
  if (sources.credentialsKey !== null || !existsSync(secrets)) return false;
  const { credentialsKey } = JSON.parse(readFileSync(secrets, 'utf8'));
  writeAtomic(join(folder, KEY_FILE), JSON.stringify({ credentialsKey }), 0o600);
  return true;
}

/** One value a line, packed. */
async function saveLines(path: string, batches: () => AsyncIterable<readonly unknown[]>): Promise<void> {
  async function* lines() {
    for await (const batch of batches()) yield batch.map((each) => `${JSON.stringify(each)}\n`).join('');
  }
  await pipeline(Readable.from(lines()), createGzip({ level: 4 }), createWriteStream(path, { mode: 0o600 }));
}

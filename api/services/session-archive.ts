/** A session as one zip: its files, its data, and what its scripts need to be run by hand. */

import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import yazl from 'yazl';
import { byHandReadme, SDK_PACKAGES } from '../../core/by-hand.ts';
import { TemperaError } from '../../core/errors.ts';
import { percentPath } from '../../core/file-names.ts';
import { DECISIONS_FILE, ledgerFile } from '../../core/ledger-file.ts';
import type { Principal } from '../../core/principal.ts';
import type { ManifestEntry, Session } from '../../core/records.ts';
import { getExperiment, sessionLedger } from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { parseTreePath } from '../http/tree-path.ts';
import { foldersOf, readManifest } from './session-files.ts';

const PACKED = /\.(gz|zip|png|jpe?g|webp|parquet|pkl|xlsx)$/i;
const README = byHandReadme('archive');

interface Entry {
  path: string;
  size: number;
  /** Compressed whatever its name says. */
  hasHoles?: boolean;
  open: () => Promise<Readable>;
}

/** The zip as a stream; nothing is held but what is on its way. `path` names one folder alone. @throws NOT_FOUND */
export async function openArchive(
  dependencies: ApiDependencies,
  principal: Principal,
  { session, path }: { session: Session; path: string },
): Promise<Readable> {
  const { entries } = await readManifest(dependencies, session.id);
  const folder = parseTreePath(path, foldersOf(entries));
  const files = sessionEntries(dependencies, entries, folder);
  if (files.length === 0) {
    const what =
      folder === '' ? 'The session has no file yet.' : `There is nothing in ${folder} of the session.`;
    throw new TemperaError('NOT_FOUND', what);
  }
  const ledger = folder === '' ? ledgerFile(await sessionLedger(dependencies.db, session.id)) : '';
  if (ledger !== '') replaceEntry(files, textEntry(DECISIONS_FILE, ledger));
  const beside = folder === '' ? await besideEntries(dependencies, principal, { session, files }) : [];
  const taken = new Set<string>();
  const named = [...beside, ...files].map((entry) => ({ ...entry, name: entryName(entry.path, taken) }));
  const renamed = named.filter(({ name, path }) => name !== path);
  if (renamed.length > 0) named.push(renamedEntry(renamed, taken));
  const zip = new yazl.ZipFile();
  const mtime = new Date(session.updated_at);
  for (const { name, size, open, hasHoles } of named) {
    const compress = hasHoles === true || !PACKED.test(name);
    zip.addReadStreamLazy(name, { mtime, size, compress, mode: 0o100644 }, (done) => {
      open().then(
        (stream) => done(null, stream),
        (error) => done(error, Readable.from([])),
      );
    });
  }
  // as it is: a wrapped stream is closed with its source, before a slow reader has had all of it
  const stream = zip.outputStream;
  if (!(stream instanceof Readable)) throw new Error('yazl’s output is no stream of Node’s.');
  zip.on('error', (error) => stream.destroy(error instanceof Error ? error : new Error(String(error))));
  zip.end();
  return stream;
}

/** What is in force now stands in place of what was before the last script. */
function replaceEntry(files: Entry[], entry: Entry): void {
  const at = files.findIndex(({ path }) => path === entry.path);
  files.splice(at === -1 ? files.length : at, at === -1 ? 0 : 1, entry);
}

/** A name that every unpacker takes for a file below its folder: no backslash, no drive; no two alike. */
export function entryName(path: string, taken: Set<string>): string {
  const plain = percentPath(path).replace(/^([A-Za-z]):/, '$1%3A');
  let name = plain;
  for (let number = 2; taken.has(name); number += 1) name = `${plain} (${number})`;
  taken.add(name);
  return name;
}

/** Says which file is which. */
function renamedEntry(renamed: readonly { name: string; path: string }[], taken: Set<string>) {
  const lines = renamed.map(({ name, path }) => `${name}\t${path}\n`).join('');
  const text = `name in this archive\tname in the session, as a Python string shows it\n${lines}`;
  return { ...textEntry('file-names.tsv', text), name: entryName('file-names.tsv', taken) };
}

function sessionEntries(
  dependencies: ApiDependencies,
  entries: readonly ManifestEntry[],
  folder: string,
): Entry[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return entries
    .filter(({ kind, path }) => kind === 'file' && path.startsWith(prefix))
    .map(({ path, size, sha256, allocated }) => ({
      path,
      size,
      hasHoles: allocated !== undefined,
      open: async () => dependencies.blobs.get(sha256),
    }));
}

/** The upload, the SDK and the README; a file of the session of the same name wins. */
async function besideEntries(
  { db, store, settings }: ApiDependencies,
  principal: Principal,
  { session, files }: { session: Session; files: readonly Entry[] },
): Promise<Entry[]> {
  const experiment = await getExperiment(db, principal, session.experiment_id);
  const dataset = (experiment?.dataset.files ?? []).map(({ name, size, s3_path }) => ({
    path: `dataset/${name}`,
    size,
    open: async () => (await store.get(s3_path)).body,
  }));
  const sdk = await Promise.all(SDK_PACKAGES.map((name) => sdkEntries(settings.sdkFolder, name)));
  const requirements = join(settings.sdkFolder, 'requirements.lock');
  const all = [
    textEntry('README.txt', README),
    await fileEntry('requirements.txt', requirements),
    ...sdk.flat(),
    ...dataset,
  ];
  const taken = new Set(files.map(({ path }) => path));
  return all.filter(({ path }) => !taken.has(path));
}

async function sdkEntries(folder: string, name: string): Promise<Entry[]> {
  const files = (await readdir(join(folder, name), { recursive: true }))
    .filter((file) => file.endsWith('.py'))
    .sort();
  return Promise.all(files.map((file) => fileEntry(`${name}/${file}`, join(folder, name, file))));
}

async function fileEntry(path: string, source: string): Promise<Entry> {
  return { path, size: (await stat(source)).size, open: async () => createReadStream(source) };
}

function textEntry(path: string, text: string): Entry {
  const bytes = Buffer.from(text);
  return { path, size: bytes.length, open: async () => Readable.from([bytes]) };
}

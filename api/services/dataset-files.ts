/**
 * Files on their way in: streamed to the object store, hashed and sniffed, never parsed. What was stored for a
 * request that fails afterwards is removed again.
 */

import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { TemperaError } from '../../core/errors.ts';
import type { DatasetFile } from '../../core/records.ts';
import {
  ARCHIVE_ENDINGS,
  isDatabaseFile,
  PACKED_ENDINGS,
  TABLE_ENDINGS,
  TABLE_WORDS,
} from '../../core/table-files.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { bodyProblem, type IncomingFile } from '../http/forms.ts';

/** Keys that go again unless `keep` is reached. */
export interface Scratch {
  add(key: string): void;
  keep(): void;
}

const EXTENSIONS: readonly string[] = TABLE_ENDINGS;
const PACKED: readonly string[] = PACKED_ENDINGS;
const ARCHIVES: readonly string[] = ARCHIVE_ENDINGS;
/** Of a text of two bytes a letter: the least share of zeros at its every second byte, and the most at the others. */
const WIDE_ZEROS = 0.3;
const STRAY_ZEROS = 0.05;
/** Bytes looked at to tell what a file is. */
const SNIFF_BYTES = 4_096;
const MAX_NAME_LENGTH = 200;

/** Runs `work`; removes the keys that it added unless it called `keep`. */
export async function withScratch<T>(store: ObjectStore, work: (scratch: Scratch) => Promise<T>): Promise<T> {
  let keys: string[] = [];
  const scratch: Scratch = { add: (key) => keys.push(key), keep: () => (keys = []) };
  try {
    return await work(scratch);
  } finally {
    // best effort: the answer is the error that led here, and an unnamed object harms nobody
    if (keys.length > 0) await store.delete(keys).catch(() => undefined);
  }
}

/** Where a file is stored and how large it may be. */
export interface StoredFileTarget {
  scratch: Scratch;
  key: string;
  maxBytes: number;
}

/**
 * Streams a file to `key`.
 * @throws TemperaError TOO_LARGE, UNSUPPORTED_TYPE, INVALID_DATASET, each naming the file
 */
export async function storeFile(
  store: ObjectStore,
  file: IncomingFile,
  { scratch, key, maxBytes }: StoredFileTarget,
): Promise<DatasetFile> {
  scratch.add(key);
  const body = Readable.from(checked(file, maxBytes), { objectMode: false });
  const { size, sha256 } = await store.put(key, body, { contentType: 'application/octet-stream' });
  await file.end?.();
  return { name: file.name, s3_path: key, size, sha256 };
}

/**
 * The name under which a table's file is kept: the last part of what the caller said.
 * @throws TemperaError INVALID_INPUT, UNSUPPORTED_TYPE
 */
export function datasetFileName(given: string): string {
  const name = plainFileName(given);
  assertTableFile(name);
  return name;
}

/** The same of a file that a data source is made of, which may be a database, too. */
export function sourceFileName(given: string): string {
  const name = plainFileName(given);
  if (!isDatabaseFile(name)) assertTableFile(name);
  return name;
}

/** @throws TemperaError UNSUPPORTED_TYPE */
export function assertTableFile(name: string): void {
  if (EXTENSIONS.includes(posix.extname(unpackedName(name)).toLowerCase())) return;
  throw new TemperaError('UNSUPPORTED_TYPE', `${name}: only ${TABLE_WORDS} are read. Convert it.`);
}

function plainFileName(given: string): string {
  const name = (given.split(/[\\/]/).pop() ?? '').normalize('NFC').trim();
  if (name === '' || name === '.' || name === '..' || name.length > MAX_NAME_LENGTH || hasControl(name)) {
    const message = `The file needs a plain name of at most ${MAX_NAME_LENGTH} characters, such as table.csv.`;
    throw new TemperaError('INVALID_INPUT', message);
  }
  return name;
}

function unpackedName(name: string): string {
  const extension = posix.extname(name).toLowerCase();
  if (!PACKED.includes(extension)) return name;
  const inner = name.slice(0, -extension.length);
  // data.zip says nothing about what is inside: the sandbox looks
  if (ARCHIVES.includes(extension) || posix.extname(inner).toLowerCase() === '.tar') return `${inner}.csv`;
  return inner;
}

function hasControl(name: string): boolean {
  return [...name].some((character) => character < ' ' || character === '\x7f');
}

async function* checked({ name, body }: IncomingFile, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0;
  let head = Buffer.alloc(0);
  for await (const chunk of bytesOf(name, body)) {
    size += chunk.length;
    if (size > maxBytes)
      throw new TemperaError('TOO_LARGE', `${name} is larger than ${maxBytes} bytes. Send a sample of it.`);
    if (head.length < SNIFF_BYTES) {
      head = Buffer.concat([head, chunk.subarray(0, SNIFF_BYTES - head.length)]);
      assertContent(name, head);
    }
    yield chunk;
  }
  if (size === 0)
    throw new TemperaError(
      'INVALID_DATASET',
      `${name} is empty. Export the table again, with its header line.`,
    );
}

async function* bytesOf(name: string, body: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const piece of body) yield Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece));
  } catch (error) {
    throw bodyProblem(name, error);
  }
}

/** Refuses what cannot be what its name says; everything finer is found in the sandbox. */
function assertContent(name: string, head: Buffer): void {
  if (isDatabaseFile(name)) {
    assertDatabase(name, head);
    return;
  }
  const packed = PACKED.includes(posix.extname(name).toLowerCase());
  const binary = packed || /\.(xls[xmb]?|ods|parquet|pq)$/i.test(name);
  const marked = head.length >= 2 && (head.readUInt16BE(0) === 0xfffe || head.readUInt16BE(0) === 0xfeff);
  if (!binary && !marked && head.includes(0) && !isWide(head)) {
    const message = `${name} carries NUL bytes, so it is not a text table. Export it as UTF-8 text or as Parquet.`;
    throw new TemperaError('INVALID_DATASET', message);
  }
}

/** What DuckDB writes behind the checksum of a file's first block. */
const DUCKDB_MARK = { text: 'DUCK', at: 8 };

function assertDatabase(name: string, head: Buffer): void {
  const { text, at } = DUCKDB_MARK;
  if (head.length < at + text.length || head.toString('latin1', at, at + text.length) === text) return;
  throw new TemperaError(
    'INVALID_DATASET',
    `${name} is no DuckDB database. Send the file that DuckDB wrote.`,
  );
}

/** Whether bytes without a mark are UTF-16 all the same: every second one of plain letters is zero. */
function isWide(head: Buffer): boolean {
  const pairs = Math.floor(head.length / 2);
  const zeros = (from: number): number => {
    let count = 0;
    for (let at = from; at < 2 * pairs; at += 2) if (head[at] === 0) count += 1;
    return count / Math.max(1, pairs);
  };
  const [even, odd] = [zeros(0), zeros(1)];
  return pairs > 8 && Math.max(even, odd) > WIDE_ZEROS && Math.min(even, odd) < STRAY_ZEROS;
}

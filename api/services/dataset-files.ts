/**
 * Files on their way in: streamed to the object store, hashed and sniffed, never parsed. What was stored for a
 * request that fails afterwards is removed again.
 */

import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { TemperaError } from '../../core/errors.ts';
import type { DatasetFile } from '../../core/records.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { bodyProblem, type IncomingFile } from '../http/forms.ts';

/** Keys that go again unless `keep` is reached. */
export interface Scratch {
  add(key: string): void;
  keep(): void;
}

const EXTENSIONS = ['.csv', '.tsv', '.txt', '.xlsx', '.parquet', '.json', '.jsonl', '.ndjson'];
const PACKED = ['.gz', '.zip'];
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

/**
 * Streams a file to `key`.
 * @throws TemperaError TOO_LARGE, UNSUPPORTED_TYPE, INVALID_DATASET, each naming the file
 */
export async function storeFile(
  store: ObjectStore,
  scratch: Scratch,
  key: string,
  file: IncomingFile,
  maxBytes: number,
): Promise<DatasetFile> {
  scratch.add(key);
  const body = Readable.from(checked(file, maxBytes), { objectMode: false });
  const { size, sha256 } = await store.put(key, body, { contentType: 'application/octet-stream' });
  await file.end?.();
  return { name: file.name, s3_path: key, size, sha256 };
}

/**
 * The name under which an upload is kept: the last part of what the caller said.
 * @throws TemperaError INVALID_INPUT, UNSUPPORTED_TYPE
 */
export function datasetFileName(given: string): string {
  const name = (given.split(/[\\/]/).pop() ?? '').normalize('NFC').trim();
  if (name === '' || name === '.' || name === '..' || name.length > MAX_NAME_LENGTH || hasControl(name)) {
    const message = `The file needs a plain name of at most ${MAX_NAME_LENGTH} characters, such as table.csv.`;
    throw new TemperaError('INVALID_INPUT', message);
  }
  if (!EXTENSIONS.includes(posix.extname(unpackedName(name)).toLowerCase())) {
    const kinds = EXTENSIONS.map((extension) => extension.slice(1)).join(', ');
    throw new TemperaError(
      'UNSUPPORTED_TYPE',
      `${name}: only ${kinds}, plain or in gz or zip, are read. Convert it.`,
    );
  }
  return name;
}

function unpackedName(name: string): string {
  const extension = posix.extname(name).toLowerCase();
  if (!PACKED.includes(extension)) return name;
  const inner = name.slice(0, -extension.length);
  // data.zip says nothing about what is inside: the sandbox looks
  return posix.extname(inner) === '' && extension === '.zip' ? `${inner}.csv` : inner;
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
  const packed = PACKED.includes(posix.extname(name).toLowerCase());
  const binary = packed || /\.(xlsx|parquet)$/i.test(name);
  const wide = head.length >= 2 && (head.readUInt16BE(0) === 0xfffe || head.readUInt16BE(0) === 0xfeff);
  if (!binary && !wide && head.includes(0)) {
    const message = `${name} carries NUL bytes, so it is not a text table. Export it as UTF-8 text or as Parquet.`;
    throw new TemperaError('INVALID_DATASET', message);
  }
}

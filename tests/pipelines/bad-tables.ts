/** Tables that must be refused, as bytes: each with what its refusal has to say. */

import { randomBytes } from 'node:crypto';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

export interface BadTable {
  what: string;
  name: string;
  bytes: Buffer;
  /** Fields of the experiment's form. */
  fields?: Record<string, string>;
  code: string;
  /** What is wrong, as its detail says it. */
  problem: RegExp;
}

const MAX_COLUMNS = 8_000;
const rows = (count: number, row: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => row(at));
const csv = (...lines: string[]) => Buffer.from(`${lines.join('\n')}\n`);

const GOOD_ROWS = rows(40, (at) => `${at % 7},${at % 5},${at % 2 ? 'yes' : 'no'}`);
/** 96 MiB of one row again and again: packs to about 100 KiB. */
const unpacked = (): Buffer => Buffer.alloc(96 * 1024 * 1024, '1234567,7654321\n');

/** Every bad table; made when asked for, as some are large. */
export function badTables(): BadTable[] {
  const invalid = { code: 'INVALID_DATASET' };
  return [
    ...unreadable().map((table) => ({ ...invalid, ...table })),
    ...misnamed().map((table) => ({ ...invalid, ...table })),
    ...wrongShape().map((table) => ({ ...invalid, ...table })),
    ...bombs().map((table) => ({ ...invalid, ...table })),
    ...wrongTargets(),
    {
      what: 'a kind that is not read',
      name: 'table.docx',
      bytes: csv('a,b', '1,2'),
      code: 'UNSUPPORTED_TYPE',
      problem: /only csv/,
    },
  ];
}

type Bad = Omit<BadTable, 'code'>;

function unreadable(): Bad[] {
  const late = csv('a,b,y', ...rows(2_000, (at) => `${at},${at},no`), 'x,\0,yes');
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(2_000, 7)]);
  const noise = Buffer.from(randomBytes(20_000).map((byte) => byte || 1));
  return [
    { what: 'a picture', name: 'picture.csv', bytes: png, problem: /PNG image/ },
    { what: 'noise as text', name: 'noise.csv', bytes: noise, problem: /binary|mixed|cannot be read/ },
    { what: 'noise as Parquet', name: 'noise.parquet', bytes: noise, problem: /Parquet|read|binary|mixed/i },
    { what: 'noise as a workbook', name: 'noise.xlsx', bytes: noise, problem: /workbook|read|binary|mixed/i },
    {
      what: 'a NUL byte',
      name: 'nul.csv',
      bytes: csv('a,b', '1,\0', ...GOOD_ROWS),
      problem: /NUL/,
    },
    {
      what: 'a NUL byte further down',
      name: 'late-nul.csv',
      bytes: late,
      problem: /NUL byte at byte .*\(line 2,002\)/,
    },
    {
      what: 'a damaged archive',
      name: 'cut.csv.gz',
      bytes: gzipSync(late).subarray(0, 900),
      problem: /damaged or cut off/,
    },
  ];
}

function misnamed(): Bad[] {
  return [
    {
      what: 'a web page named as CSV',
      name: 'page.csv',
      bytes: csv('<!DOCTYPE html>', '<p>Sign in, please</p>'),
      problem: /web page/,
    },
  ];
}

function wrongShape(): Bad[] {
  const many = rows(MAX_COLUMNS + 1, (at) => `c${at}`).join(',');
  const values = rows(MAX_COLUMNS + 1, (at) => String(at % 9)).join(',');
  return [
    { what: 'an empty file', name: 'empty.csv', bytes: Buffer.alloc(0), problem: /is empty/ },
    { what: 'blank lines alone', name: 'blank.csv', bytes: csv('', '  ', ''), problem: /holds no text/ },
    { what: 'a header alone', name: 'header.csv', bytes: csv('a,b,y'), problem: /no rows/ },
    { what: 'one row', name: 'one-row.csv', bytes: csv('a,b,y', '1,2,no'), problem: /1 row only/ },
    {
      what: 'one column',
      name: 'one-column.csv',
      bytes: csv('a', ...rows(30, (at) => `${at}`)),
      problem: /one column only/,
    },
    {
      what: 'a column name without end',
      name: 'long-name.csv',
      bytes: csv(`a,${'b'.repeat(200_000)},y`, ...GOOD_ROWS),
      problem: /the name of column 2 is 200,000 characters long; the limit is 500 \(MAX_COLUMN_NAME_CHARS\)/,
    },
    {
      what: 'too many columns',
      name: 'wide.csv',
      bytes: csv(many, values, values, values),
      problem: /8,001 columns; at most 8,000 can be read \(MAX_COLUMNS\)/,
    },
    {
      what: 'nothing but missing cells',
      name: 'holes.csv',
      bytes: csv('a,b,y', ...rows(30, () => 'NA,,?')),
      problem: /every cell is missing|missing in every row/,
    },
  ];
}

function bombs(): Bad[] {
  const table = unpacked();
  const honest = zipOf('bomb.csv', table, table.length);
  // its header says 2 KiB
  const lying = zipOf('bomb.csv', table, 2_048);
  return [
    { what: 'a zip bomb', name: 'bomb.zip', bytes: honest, problem: /MAX_COMPRESSION_RATIO/ },
    { what: 'a zip bomb whose header lies', name: 'lying.zip', bytes: lying, problem: /damaged|unpack/ },
    { what: 'a gzip bomb', name: 'bomb.csv.gz', bytes: gzipSync(table), problem: /MAX_COMPRESSION_RATIO/ },
  ];
}

function wrongTargets(): BadTable[] {
  const bytes = csv('a,b,outcome', ...GOOD_ROWS);
  const holes = csv('a,b,y', ...rows(40, (at) => `${at},${at % 3},`));
  return [
    {
      what: 'a target that is not there',
      name: 'table.csv',
      bytes,
      fields: { target: 'outcomes' },
      code: 'UNKNOWN_TARGET',
      problem: /no column 'outcomes' to predict\. Did you mean 'outcome'/,
    },
    {
      what: 'a target without a value',
      name: 'holes-in-y.csv',
      bytes: holes,
      fields: { target: 'y' },
      code: 'INVALID_DATASET',
      problem: /the target 'y' is missing in every row/,
    },
  ];
}

/** A zip archive of one deflated member; `said` is the size that its headers state. */
function zipOf(member: string, content: Buffer, statedSize: number): Buffer {
  const name = Buffer.from(member);
  const packed = deflateRawSync(content);
  // version, flags, method (deflate), time, date, checksum, packed size, size, lengths of name and extra field
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(statedSize, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, packed]);
  const entry = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, Buffer.alloc(14), name]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}

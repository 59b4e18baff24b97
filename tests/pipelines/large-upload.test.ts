/**
 * A large upload through the api as a stream: it hashes and stores what passes by and holds none of it, so that its
 * memory stays flat. 256 MiB in the short form, 2 GiB in the long one.
 */

import { createHash, type Hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { LONG } from '../platform/lengths.ts';
import { startPlatform, type TestPlatform } from '../platform/platform.ts';
import { takePlatform } from '../platform/shared.ts';

const MIB = 1024 * 1024;
const SIZE = (LONG ? 2048 : 256) * MIB;
/** Beyond what the api holds at rest: buffers of a multipart upload in flight, and what is not collected yet. */
const MOST_GROWTH = (LONG ? 256 : 96) * MIB;

/** Half a million rows of it: a table may have two million. */
const ROW = 4_096;

/** A line of exactly ROW bytes, so that pieces end where lines do. */
const line = (first: string, last: string): string => {
  const filler = 'x'.repeat(ROW - first.length - last.length - 3);
  return `${first},${filler},${last}\n`;
};

/** Rows of a table, `size` bytes of them, each piece different so that nothing is stored once for many. */
function* rows(size: number, hash: Hash): Generator<Buffer> {
  const piece = Buffer.from(line('1.5', '0').repeat(MIB / ROW));
  for (let sent = 0; sent < size; sent += MIB) {
    const next = Buffer.from(piece);
    next.write(sent === 0 ? line('number', 'label') : line(String(sent), '1'));
    hash.update(next);
    yield next;
  }
}

/** Bytes by a line of /proc/PID/status: VmRSS is held now, VmHWM was held at most. */
function memory(pid: number, line: 'VmRSS' | 'VmHWM'): number {
  const [, kib] =
    new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1024;
}

/** The most that is held counts from now on. */
const forgetMost = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');

describe(`an upload of ${SIZE / MIB} MiB`, () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = LONG
      ? await startPlatform({ environment: { MAX_UPLOAD_BYTES: String(3 * 1024 * MIB) } })
      : await takePlatform();
  }, 120_000);
  afterAll(() => platform?.stop(), 60_000);

  test('is stored whole while the api’s memory stays flat', async () => {
    const api = platform.pid('api');
    const before = memory(api, 'VmRSS');
    forgetMost(api);
    const hash = createHash('sha256');
    const sent = Readable.toWeb(Readable.from(rows(SIZE, hash))) as ReadableStream;
    const request: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: sent,
      duplex: 'half',
    };
    const answer = await fetch(`${platform.rest.url}/api/uploads?name=large.csv`, request);
    const body = await answer.json();
    expect({ status: answer.status, body }).toMatchObject({
      status: 201,
      body: { size: SIZE, sha256: hash.digest('hex') },
    });
    expect(platform.pid('api')).toBe(api);
    expect(memory(api, 'VmHWM') - before).toBeLessThan(MOST_GROWTH);
  }, 900_000);
});

/** 2 GiB through the api as a stream: it hashes and stores what passes by and holds none of it. Long group only. */

import { createHash, type Hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describeLong } from '../platform/lengths.ts';
import { startPlatform, type TestPlatform } from '../platform/platform.ts';

const MIB = 1024 * 1024;
const SIZE = 2048 * MIB;
/** Beyond what the api holds at rest: buffers of a multipart upload in flight, and what is not collected yet. */
const MOST_GROWTH = 256 * MIB;

/** Half a million rows of it: a table may have two million. */
const ROW = 4_096;

/** A line of exactly `size` bytes, so that pieces end where lines do. */
const line = (first: string, last: string, size = ROW): string => {
  const filler = 'x'.repeat(size - first.length - last.length - 3);
  return `${first},${filler},${last}\n`;
};

const HEAD = 'number,filler,label\n';

/** Rows of a table, `size` bytes of them, each piece different so that nothing is stored once for many. */
function* rows(size: number, hash: Hash): Generator<Buffer> {
  const piece = Buffer.from(line('1.5', '0').repeat(MIB / ROW));
  for (let sent = 0; sent < size; sent += MIB) {
    const next = Buffer.from(piece);
    next.write(sent === 0 ? HEAD + line('0', '0', 2 * ROW - HEAD.length) : line(String(sent), '1'));
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

describeLong('an upload of 2 GiB', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startPlatform({ environment: { MAX_UPLOAD_BYTES: String(3 * 1024 * MIB) } });
  }, 120_000);
  afterAll(() => platform?.stop(), 60_000);

  test('is stored whole while the api’s memory stays flat', async () => {
    const api = platform.pid('api');
    const before = memory(api, 'VmRSS');
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
    const stored = { size: SIZE, sha256: hash.digest('hex') };
    expect({ status: answer.status, body }).toMatchObject({ status: 201, body: stored });
    expect(platform.pid('api')).toBe(api);
    expect(memory(api, 'VmHWM') - before).toBeLessThan(MOST_GROWTH);
  }, 900_000);
});

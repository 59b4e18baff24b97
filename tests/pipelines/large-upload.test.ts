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
/** What it is held against: that much passes in buffers, and is not collected at once. */
const SMALL = 64 * MIB;
/** By which the most that is held may differ: much less than the sizes do. */
const MOST_GROWTH = (LONG ? 256 : 96) * MIB;

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

/** Bytes of memory that a process held at most since this was forgotten. */
function mostHeld(pid: number): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1024;
}
const forgetMost = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');

describe(`an upload of ${SIZE / MIB} MiB`, () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = LONG
      ? await startPlatform({ environment: { MAX_UPLOAD_BYTES: String(3 * 1024 * MIB) } })
      : await takePlatform();
  }, 120_000);
  afterAll(() => platform?.stop(), 60_000);

  /** Sends a table of so many bytes. @returns the most that the api held meanwhile */
  async function mostHeldFor(size: number): Promise<number> {
    const api = platform.pid('api');
    forgetMost(api);
    const hash = createHash('sha256');
    const request: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: Readable.toWeb(Readable.from(rows(size, hash))) as ReadableStream,
      duplex: 'half',
    };
    const answer = await fetch(`${platform.rest.url}/api/uploads?name=large.csv`, request);
    const body = await answer.json();
    expect({ status: answer.status, body }).toMatchObject({
      status: 201,
      body: { size, sha256: hash.digest('hex') },
    });
    expect(platform.pid('api')).toBe(api);
    return mostHeld(api);
  }

  test('is stored whole while the api’s memory stays flat', async () => {
    const small = await mostHeldFor(SMALL);
    expect((await mostHeldFor(SIZE)) - small).toBeLessThan(MOST_GROWTH);
  }, 900_000);
});

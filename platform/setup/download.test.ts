import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { downloadChecked } from './download.mjs';
import { findPlaces } from './places.mjs';
import { findServer, installServer, knownServers } from './servers.mjs';

let server: Server;
let base: string;
let answer: RequestListener;

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const folder = () => temporaryFolder('download');
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

/** Serves the files by their last path segment. */
function serve(files: Record<string, Buffer | string>): void {
  answer = (request, response) => {
    const file = files[request.url?.split('/').at(-1) ?? ''];
    response.writeHead(file === undefined ? 404 : 200).end(file);
  };
}

function download(answerSeconds = 5) {
  const file = join(folder(), 'a.tar.gz');
  const progress: number[] = [];
  const done = downloadChecked({
    url: `${base}/v1/a.tar.gz`,
    checksums: `${base}/v1/checksums.txt`,
    file,
    answerSeconds,
    onBytes: (received) => progress.push(received),
  });
  return { file, progress, done };
}

test('a file with the published checksum arrives, its bytes told', async () => {
  const data = Buffer.alloc(300_000, 7);
  serve({ 'a.tar.gz': data, 'checksums.txt': `${'0'.repeat(64)}  b.tar.gz\n${sha256(data)}  a.tar.gz\n` });
  const { file, progress, done } = download();
  await done;
  expect(readFileSync(file).equals(data)).toBe(true);
  expect(progress.at(-1)).toBe(300_000);
});

test('another checksum is refused', async () => {
  serve({ 'a.tar.gz': 'changed', 'checksums.txt': `${'0'.repeat(64)}  a.tar.gz\n` });
  await expect(download().done).rejects.toThrow(/has the checksum/);
});

test('a release that lists no checksum is refused', async () => {
  serve({ 'a.tar.gz': 'data', 'checksums.txt': '' });
  await expect(download().done).rejects.toThrow(/lists no checksum of a\.tar\.gz/);
});

test('a server that does not answer is given up', async () => {
  answer = () => undefined;
  await expect(download(0.05).done).rejects.toThrow();
});

test('a server that falls silent in the middle is given up', async () => {
  answer = (request, response) => {
    if (request.url?.endsWith('checksums.txt')) {
      response.end(`${'0'.repeat(64)}  a.tar.gz\n`);
    } else {
      response.writeHead(200, { 'content-length': '1000' }).write('the first bytes');
    }
  };
  await expect(download(0.2).done).rejects.toThrow();
});

describe('a server program', () => {
  const step = { update: () => undefined, done: () => undefined, failed: () => undefined };
  const machine = { os: 'linux', arch: 'x64' };

  function release() {
    const work = folder();
    writeFileSync(join(work, 'temporal'), '#!/bin/sh\necho ours\n', { mode: 0o755 });
    const archive = join(work, 'archive.tar.gz');
    execFileSync('tar', ['-czf', archive, '-C', work, 'temporal']);
    return readFileSync(archive);
  }

  const placesOn = (path: string) =>
    findPlaces('/nowhere', {
      XDG_CACHE_HOME: folder(),
      PATH: path,
      TEMPERA_TEMPORAL_RELEASES: base,
      TEMPERA_DOWNLOAD_SECONDS: '5',
    });

  test('is unpacked into the cache, whole or not at all', async () => {
    const data = release();
    const places = placesOn('/usr/bin:/bin');
    const [temporal] = knownServers(places, machine);
    serve({ [temporal.archive]: data, 'checksums.txt': `${sha256(data)}  ${temporal.archive}\n` });
    const file = await installServer(temporal, places, step);
    expect(execFileSync(file, { encoding: 'utf8' })).toBe('ours\n');
    expect(findServer(temporal, places)).toBe(file);
    expect(readdirSync(places.bin)).toEqual(['temporal']);
  });

  test('is built with Go where the download is refused', async () => {
    const go = folder();
    const program =
      '#!/bin/sh\nprintf "#!/bin/sh\\necho built %s\\n" "$4" > "$GOBIN/temporal"; chmod +x "$GOBIN/temporal"\n';
    writeFileSync(join(go, 'go'), program, { mode: 0o755 });
    const places = placesOn(`${go}:/usr/bin:/bin`);
    const [temporal] = knownServers(places, machine);
    serve({ [temporal.archive]: 'changed', 'checksums.txt': `${'0'.repeat(64)}  ${temporal.archive}\n` });
    const file = await installServer(temporal, places, step);
    expect(execFileSync(file, { encoding: 'utf8' })).toBe(
      'built github.com/temporalio/cli/cmd/temporal@v1.5.1\n',
    );
  });

  test('that is on PATH is used as it is', () => {
    const there = folder();
    mkdirSync(there, { recursive: true });
    writeFileSync(join(there, 'temporal'), '', { mode: 0o755 });
    const places = placesOn(there);
    expect(findServer(knownServers(places, machine)[0], places)).toBe(join(there, 'temporal'));
    expect(existsSync(places.bin)).toBe(false);
  });
});

/**
 * Every listener is ours: what a running platform listens on, and what each of it answers a page in a browser that
 * reaches it by a name of its own, from another origin, by any method. No access is given for having reached the port.
 */

import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import type { TestPlatform } from '../platform/platform.ts';
import { takePlatform } from '../platform/shared.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** What the servers behind these ports are known to serve, and nothing at all. */
const PATHS = [
  ...['/', '/api/status', '/api/sessions', '/api/live', '/openapi.json', '/assets/x.js'],
  ...[
    '/api/v1/namespaces',
    '/api/v1/namespaces/default/workflows',
    '/metrics',
    '/health',
    '/tempera',
    '/nothing',
  ],
];
const EVIL = 'evil.example';

interface Listener {
  /** Process that holds it, by its words. */
  program: string;
  address: string;
  port: number;
}

/** Sockets on which the supervisor's processes listen, by whatever protocol of TCP. */
function listenersOf(platform: TestPlatform): Listener[] {
  const pids = descendantsOf(platform.run().pid);
  return pids.flatMap((pid) => {
    const held = new Set(descriptors(pid));
    return ['tcp', 'tcp6'].flatMap((family) =>
      textOf(`/proc/${pid}/net/${family}`)
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/\s+/))
        .filter(([, , , state, , , , , , inode]) => state === '0A' && held.has(`socket:[${inode}]`))
        .map(([, local = '']) => {
          const [address = '', port = ''] = local.split(':');
          const program = textOf(`/proc/${pid}/cmdline`).split('\0').slice(0, 4).join(' ');
          return { program, address, port: Number.parseInt(port, 16) };
        }),
    );
  });
}

function descendantsOf(root: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(
      (name) =>
        [Number(name), Number(/^PPid:\s+(\d+)/m.exec(textOf(`/proc/${name}/status`))?.[1] ?? 0)] as const,
    );
  const found = [root];
  for (const pid of found)
    found.push(...parents.filter(([, parent]) => parent === pid).map(([child]) => child));
  return found;
}

function descriptors(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
  } catch {
    return []; // it ended meanwhile
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // likewise
  }
}

/**
 * The status of what is answered to these lines; null where it is no HTTP or nothing. An empty answer to OPTIONS that
 * allows no origin is a refusal: the browser goes no further.
 */
function ask(port: number, lines: string[]): Promise<number | null> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    const end = () => {
      socket.destroy();
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(received)?.[1];
      const isEmpty = /^content-length: 0\r$/im.test(received) && !/^access-control-allow/im.test(received);
      const refuses = status === undefined || (lines[0]?.startsWith('OPTIONS ') === true && isEmpty);
      resolve(refuses ? null : Number(status));
    };
    socket.setTimeout(5_000, end);
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      if (received.includes('\r\n\r\n')) end();
    });
    socket.on('close', end).on('error', end);
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  });
}

const request = (method: string, path: string, headers: string[]) => [
  `${method} ${path} HTTP/1.1`,
  ...headers,
  ...(method === 'GET' || method === 'HEAD' ? [] : ['Content-Type: text/plain', 'Content-Length: 0']),
  'Connection: close',
];

describe('what a running platform listens on', () => {
  let platform: TestPlatform;
  let listeners: Listener[];
  beforeAll(async () => {
    platform = await takePlatform();
    listeners = listenersOf(platform);
  }, 120_000);
  afterAll(() => platform?.stop(), 60_000);

  /** What each wrongly granted request was answered. */
  async function granted(headers: (port: number) => string[]): Promise<string[]> {
    const found: string[] = [];
    for (const { port, program } of listeners)
      for (const path of PATHS)
        for (const method of METHODS) {
          const status = await ask(port, request(method, path, headers(port)));
          if (status !== null && status < 400) found.push(`${program} :${port} ${method} ${path} ${status}`);
        }
    return found;
  }

  test('is each part of it, on loopback alone', () => {
    for (const part of ['postgres', 'temporal', 'versitygw', 'tempera_sandbox', 'api.mjs'])
      expect(listeners.map(({ program }) => program)).toContainEqual(expect.stringContaining(part));
    // 127.0.0.1, also as an address of IPv6, in the kernel's order of bytes
    const loopback = ['0100007F', '0000000000000000FFFF00000100007F', '00000000000000000000000001000000'];
    expect(listeners.filter(({ address }) => !loopback.includes(address))).toEqual([]);
  });

  test('answers no request that names another host', async () => {
    expect(await granted((port) => [`Host: ${EVIL}:${port}`, `Origin: http://${EVIL}:${port}`])).toEqual([]);
    expect(await granted((port) => [`Host: ${EVIL}:${port}`])).toEqual([]);
  }, 120_000);

  test('answers no request that names two hosts', async () => {
    expect(await granted((port) => [`Host: 127.0.0.1:${port}`, `Host: ${EVIL}`])).toEqual([]);
  }, 120_000);

  test('answers no page of another origin', async () => {
    expect(await granted((port) => [`Host: 127.0.0.1:${port}`, `Origin: http://${EVIL}`])).toEqual([]);
    expect(await granted((port) => [`Host: 127.0.0.1:${port}`, 'Origin: null'])).toEqual([]);
  }, 120_000);

  test('serves its own page all the same', async () => {
    const port = Number(new URL(platform.rest.url).port);
    expect(await ask(port, request('GET', '/api/live', [`Host: 127.0.0.1:${port}`]))).toBe(200);
  });

  test('keeps its state for its owner', () => {
    expect(statSync(platform.home).mode & 0o777).toBe(0o700);
  });
});

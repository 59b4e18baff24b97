/** A real S3 server (versitygw over a temporary folder) for tests, and a proxy before it that fails on request. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createObjectStore, type ObjectStoreOptions } from '../s3-object-store.ts';

export interface TestS3 {
  /** For createObjectStore; the bucket exists. */
  readonly options: ObjectStoreOptions;
  stop(): Promise<void>;
}

const LIMIT_MILLISECONDS = 20_000;

/** Starts a server on a free port of 127.0.0.1. `program` is versitygw; default: the one in the user's cache. */
export async function startTestS3(
  program = join(homedir(), '.cache/tempera/bin/versitygw'),
): Promise<TestS3> {
  await access(program);
  const folder = await mkdtemp(join(tmpdir(), 'tempera-s3-'));
  const port = await freePort();
  const keys = { accessKey: 'tempera', secretKey: 'tempera-secret' };
  const options = { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', bucket: 'tempera', ...keys };
  const bound = ['--pdeathsig', 'KILL', program, '--quiet', '--port', `127.0.0.1:${port}`];
  const login = ['--access', keys.accessKey, '--secret', keys.secretKey];
  const server = spawn('setpriv', [...bound, ...login, 'posix', folder], { stdio: 'ignore' });
  await answering(options, server);
  return {
    options,
    stop: async () => {
      const gone = once(server, 'exit');
      server.kill('SIGKILL');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answering(options: ObjectStoreOptions, server: ChildProcess): Promise<void> {
  const store = createObjectStore({ ...options, attempts: 1 });
  const deadline = Date.now() + LIMIT_MILLISECONDS;
  for (;;) {
    try {
      await store.ensureBucket();
      store.close();
      return;
    } catch (error) {
      if (server.exitCode !== null || Date.now() > deadline) throw error;
      await delay(20);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** What the proxy does to a request: pass it, refuse it with 503, cut the connection, or cut the answer's body. */
export type Fault = 'pass' | 'unavailable' | 'cut' | { cutAnswerAt: number };

export interface FlakyProxy {
  /** The options of the server behind, by way of the proxy. */
  readonly options: ObjectStoreOptions;
  /** `METHOD path` of each request so far. */
  readonly seen: string[];
  stop(): Promise<void>;
}

/** Stands before the server and does to the n-th request (from 0) what `fault` says. */
export async function startFlakyProxy(
  target: ObjectStoreOptions,
  fault: (index: number, line: string) => Fault,
): Promise<FlakyProxy> {
  const seen: string[] = [];
  const proxy = createServer((incoming, outgoing) => {
    const line = `${incoming.method} ${incoming.url}`;
    const what = fault(seen.length, line);
    seen.push(line);
    if (what === 'cut') incoming.socket.destroy();
    else if (what === 'unavailable') refuse(incoming, outgoing);
    else
      forward(target, { incoming, outgoing }, what === 'pass' ? Number.POSITIVE_INFINITY : what.cutAnswerAt);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  return {
    options: { ...target, endpoint: `http://127.0.0.1:${port}` },
    seen,
    stop: async () => {
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

function refuse(incoming: IncomingMessage, outgoing: ServerResponse): void {
  incoming.resume();
  outgoing.writeHead(503, { 'content-type': 'application/xml' });
  outgoing.end('<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>');
}

function forward(
  target: ObjectStoreOptions,
  { incoming, outgoing }: { incoming: IncomingMessage; outgoing: ServerResponse },
  cutAt: number,
): void {
  const { hostname, port } = new URL(target.endpoint);
  // The Host header is signed and therefore passed as it came.
  const { method, url: path, headers } = incoming;
  const onward = request({ hostname, port, method, path, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    let sent = 0;
    answer.on('data', (chunk: Buffer) => {
      const part = chunk.subarray(0, Math.max(0, cutAt - sent));
      sent += part.length;
      if (!outgoing.write(part, () => sent >= cutAt && outgoing.destroy())) {
        answer.pause();
        outgoing.once('drain', () => answer.resume());
      }
    });
    answer.on('end', () => outgoing.end());
  });
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  incoming.on('aborted', () => onward.destroy());
  incoming.pipe(onward);
}

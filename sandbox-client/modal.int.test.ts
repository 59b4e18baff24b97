/**
 * The provider `modal` by Modal's own SDK against a server of its protocol on this machine, whose sandboxes run the
 * real
 * host: from nothing to an execution, and every way in which it ends or is refused. What only Modal itself can show
 * (its image builder, its tunnels over the internet, its GPUs, gVisor) is not shown here; docs/sandbox.md lists it.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCertificates } from '../cli/certificates.ts';
import { TemperaError } from '../core/errors.ts';
import type { ExecutionChunk, ExecutionRequest, SandboxHost } from '../core/ports/sandbox.ts';
import type { ModalSettings } from '../core/sandbox-hosts.ts';
import {
  type ModalServer,
  type ServedSandbox,
  startModalServer,
} from '../tests/modal-server/modal-server.ts';
import { type ConfiguredHosts, createSandboxHosts } from './hosts.ts';
import { createModalProvider, type ModalEvent } from './providers/modal.ts';
import type { ModalSdk } from './providers/modal-cloud.ts';
import { FEW_MODULES } from './testing/host.ts';

const TOKEN = { tokenId: 'ak-of-the-tests', tokenSecret: 'as-planted-secret-of-the-tests' };
const HOST_TOKEN = 'planted-token-of-the-modal-host';
/** A real host imports its libraries in each sandbox, on a machine that may be busy. */
const READY_MS = 120_000;
/** gRPC's numbers. */
const RESOURCE_EXHAUSTED = 8;
const UNAVAILABLE = 14;

let folder: string;
let server: ModalServer;
let base: ModalSettings;
let events: ModalEvent[] = [];
let opened: ConfiguredHosts[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tempera-modal-test-'));
  const made = await makeCertificates({ folder, hosts: ['tempera-modal'], days: 1 });
  const [authority, platform, host] = await Promise.all(
    made.map(async (files) => ({
      certificate: await readFile(files.certificate),
      key: await readFile(files.key),
    })),
  );
  if (!authority || !platform || !host) throw new Error('A certificate is missing.');
  base = {
    ...{ ...TOKEN, serverUrl: '', environment: null, app: 'tempera', name: 'tempera-sandbox', image: null },
    ...{ volume: 'kept', gpu: 'L4', cpu: 2, memoryMebibytes: 2048, timeoutSeconds: 3600, outbound: false },
    ...{ endOnStop: true, sourceFolder: resolve('sandbox') },
    host: {
      ...{ token: HOST_TOKEN, policy: 'required', slots: 1, detachedGraceSeconds: 60 },
      ...{ certificate: host.certificate, key: host.key },
      tls: { ...platform, authority: authority.certificate, serverName: 'tempera-modal' },
    },
  };
}, 60_000);

beforeEach(async () => {
  events = [];
  opened = [];
  const python = process.env.TEMPERA_PYTHON ?? 'python3';
  server = await startModalServer({
    ...{ ...TOKEN, python, hostArguments: FEW_MODULES },
    require: createRequire(__filename),
  });
});

afterEach(async () => {
  await Promise.all(opened.map((hosts) => hosts.close()));
  await server.stop();
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

function connect(change: Partial<ModalSettings> = {}, keeps = true): ConfiguredHosts {
  const settings = { ...base, serverUrl: server.url, ...change };
  const hosts = createSandboxHosts(
    createModalProvider(settings, {
      ...{ keeps, pollMs: 50, pauseMs: [20, 100], tell: (event) => events.push(event) },
      load: async () => jest.requireActual<ModalSdk>('modal'),
    }),
  );
  opened.push(hosts);
  return hosts;
}

/** Looks again until there is something; what it is not, ends with the last problem. */
async function until<T>(what: () => Promise<T | null>, about: string): Promise<T> {
  const end = Date.now() + READY_MS;
  for (;;) {
    const found = await what();
    if (found !== null) return found;
    if (Date.now() > end) throw new Error(`${about}: ${JSON.stringify(events.slice(-3))}`);
    await sleep(50);
  }
}

/** The host of a sandbox, once its zygote is ready; another than `former`. */
const ready = (hosts: ConfiguredHosts, former = ''): Promise<SandboxHost> =>
  until(async () => {
    const [status] = await hosts.statuses();
    if (!status?.zygoteReady || status.address === former) return null;
    return hosts.find(status.hostId);
  }, 'No host was ready');

const problemOf = (hosts: ConfiguredHosts, pattern: RegExp): Promise<string> =>
  until(async () => {
    const [probe] = await hosts.probe();
    return probe?.status === null && pattern.test(probe.problem) ? probe.problem : null;
  }, `No problem like ${pattern}`);

const made = (index: number): ServedSandbox => {
  const found = server.sandboxes()[index];
  if (!found) throw new Error(`There is no sandbox ${index}.`);
  return found;
};

function request(sessionId: string, code: string): ExecutionRequest {
  return {
    ...{ sessionId, epoch: 1, executionId: `${sessionId}/1`, base: '', code, scriptPath: 'step.py' },
    ...{ timeoutMs: 60_000, environment: {}, traceContext: '' },
    limits: {
      ...{ memoryBytes: 2 ** 30, workspaceBytes: 2 ** 30, workspaceFiles: 1_000, processes: 100 },
      ...{ outputBytes: 2 ** 20, tmpBytes: 2 ** 26 },
    },
  };
}

async function started(host: SandboxHost, sessionId: string, code: string) {
  await host.workspaces.initialize({ sessionId, epoch: 1 }, `x-${sessionId}`);
  return host.executions.start(request(sessionId, code), new AbortController().signal);
}

async function run(host: SandboxHost, sessionId: string, code: string): Promise<ExecutionChunk[]> {
  const chunks: ExecutionChunk[] = [];
  for await (const chunk of await started(host, sessionId, code)) chunks.push(chunk);
  return chunks;
}

const outputOf = (chunks: ExecutionChunk[]): string =>
  chunks.map((chunk) => (chunk.kind === 'output' ? Buffer.from(chunk.data).toString() : '')).join('');

test('image, volume, GPU kind, timeout: a sandbox is made as the settings say, and code runs in it', async () => {
  const hosts = connect();
  const host = await ready(hosts);
  const { definition } = made(0);
  expect(definition).toMatchObject({
    name: 'tempera-sandbox',
    timeoutSecs: 3600,
    resources: { milliCpu: 2000, memoryMb: 2048, gpuConfig: { gpuType: 'L4', count: 1 } },
    volumeMounts: [{ mountPath: '/var/lib/tempera' }],
    openPorts: { ports: [{ port: 7500, unencrypted: true }] },
    networkAccess: { networkAccessType: 3, allowedCidrs: [] },
  });
  const commands = server.images().flatMap((image) => image.commands);
  expect(commands[0]).toBe('FROM python:3.11-slim-bookworm');
  expect(
    commands.filter((command) => /--require-hashes -r \/app\/sandbox\/requirements\.lock/.test(command)),
  ).toHaveLength(1);
  expect(Math.max(...commands.map((command) => command.length))).toBeLessThan(100_000);
  const code =
    'import os\nprint("over the tunnel")\nprint("SANDBOX_TOKEN" in os.environ, "TEMPERA_HOST_KEY" in os.environ)';
  const chunks = await run(host, 'first', code);
  expect(outputOf(chunks)).toBe('over the tunnel\nFalse False\n');
  expect(chunks.at(-1)).toMatchObject({ kind: 'exit', exit: { status: 'ok', code: 0 } });
  expect(hosts.provider).toBe('modal');
  await until(async () => (events.some(({ event }) => event === 'modal_output') ? true : null), 'No output');
  // neither the token nor the key is anywhere in what is told or in what Modal is told as settings
  const recorded = JSON.stringify([events, definition, commands]);
  for (const secret of [TOKEN.tokenSecret, HOST_TOKEN, base.host.key.toString().split('\n')[1] ?? '']) {
    expect(recorded.includes(secret)).toBe(false);
  }
}, 150_000);

test('a killed host and a sandbox whose time is over get a successor, over the same workspace ' +
  'in the volume', async () => {
  const hosts = connect();
  const first = await ready(hosts);
  const stream = await started(first, 'killed', 'import time\nprint("on", flush=True)\ntime.sleep(600)');
  const died = (async () => {
    for await (const chunk of stream) {
      if (chunk.kind === 'output') process.kill(made(0).pid, 'SIGKILL');
    }
  })();
  await expect(died).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
  const second = await ready(hosts, first.address);
  expect(outputOf(await run(second, 'kept', 'print(6 * 7)\nopen("kept.txt", "w").write("here")'))).toBe(
    '42\n',
  );
  made(1).expire();
  const third = await ready(hosts, second.address);
  expect(third.id).toBe(first.id);
  const { entries } = await third.workspaces.scan({ sessionId: 'kept', epoch: 1 });
  expect(entries.map(({ path }) => path)).toContain('kept.txt');
  const ends = events.flatMap(({ event, message }) => (event === 'modal_ended' ? [message] : []));
  expect(ends).toEqual([
    expect.stringMatching(/has ended: it was killed.* A successor is started/),
    expect.stringMatching(/has ended: its time was over/),
  ]);
  expect(server.sandboxes()).toHaveLength(3);
}, 400_000);

test('a platform that starts again finds the running sandbox, and the api never starts one', async () => {
  const api = connect({}, false);
  expect(await problemOf(api, /runs; a worker starts it/)).toMatch(/tempera-sandbox/);
  expect(server.sandboxes()).toHaveLength(0);
  const before = connect({ endOnStop: false });
  const host = await ready(before);
  await before.close();
  const after = connect();
  expect((await ready(after)).id).toBe(host.id);
  expect((await ready(api)).id).toBe(host.id);
  expect(server.sandboxes()).toHaveLength(1);
  await api.close();
  expect(made(0).result).toBeNull();
  await after.close();
  expect(made(0).result).toMatchObject({ status: 3 });
}, 150_000);

test('a wrong token is said with its settings and without its value; nothing is started', async () => {
  const hosts = connect({ tokenSecret: 'as-wrong-and-secret' });
  const problem = await problemOf(hosts, /Modal refuses the token/);
  expect(problem).toMatch(/MODAL_TOKEN_ID and MODAL_TOKEN_SECRET/);
  expect(JSON.stringify(events)).not.toContain('as-wrong-and-secret');
  await expect(hosts.choose()).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
  await expect(hosts.choose()).rejects.toThrow(/Modal refuses the token/);
  expect(server.sandboxes()).toHaveLength(0);
}, 150_000);

test('a GPU that Modal does not have, a build that fails and a full account are said, and tried again', async () => {
  const wrong = connect({ gpu: 'Z9000' });
  expect(await problemOf(wrong, /Unknown GPU type/)).toMatch(/refuses these settings \(MODAL_GPU/);
  await wrong.close();
  server.failImages('pip could not find a wheel');
  const hosts = connect({ name: 'another', image: 'registry.example/own:1' });
  expect(await problemOf(hosts, /Building the Modal image/)).toMatch(/pip could not find a wheel/);
  const noRoom = { code: RESOURCE_EXHAUSTED, details: 'No more GPUs in this plan', times: 1_000 };
  server.failNext('SandboxCreate', noRoom);
  server.failImages(null);
  expect(await problemOf(hosts, /has no room at present/)).toMatch(/No more GPUs in this plan/);
}, 150_000);

test('two workers have one sandbox between them, and a Modal that fails for a moment makes no second one', async () => {
  const away = { code: UNAVAILABLE, details: 'try again' };
  server.failNext('SandboxGetFromName', { ...away, times: 2 });
  const hosts = connect();
  const [host, other] = await Promise.all([ready(hosts), ready(connect())]);
  expect(other.id).toBe(host.id);
  server.failNext('SandboxWait', { ...away, times: 8 });
  await until(
    async () => (events.some(({ event }) => event === 'modal_problem') ? true : null),
    'No problem',
  );
  expect(outputOf(await run(host, 'meanwhile', 'print("on")'))).toBe('on\n');
  expect(server.sandboxes()).toHaveLength(1);
}, 150_000);

test('without the package the reason says how to install it', async () => {
  const settings = { ...base, serverUrl: server.url };
  const provider = createModalProvider(settings, {
    ...{ keeps: true, pauseMs: [20, 100] },
    load: async () => Promise.reject(new Error('Cannot find package')),
  });
  const hosts = createSandboxHosts(provider);
  opened.push(hosts);
  const error = await hosts.choose().catch((refused: unknown) => refused);
  expect(error).toBeInstanceOf(TemperaError);
  expect(String(error)).toMatch(/npm ci --include=optional/);
});

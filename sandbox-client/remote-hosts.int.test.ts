/** Hosts by mutual TLS: who is let in, what the others are told, and how a host is chosen, found and emptied. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CertificateFiles, makeCertificates } from '../cli/certificates.ts';
import { isolationOf } from '../core/endpoints.ts';
import { TemperaError } from '../core/errors.ts';
import type { HostTls } from '../core/sandbox-hosts.ts';
import { type ConfiguredHosts, createSandboxHosts } from './hosts.ts';
import { createListedProvider } from './providers/listed.ts';
import { FEW_MODULES, startTestHost, type TestHost } from './testing/host.ts';

let folder: string;
let hosts: TestHost[] = [];
let ours: HostTls;
const opened: ConfiguredHosts[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tempera-tls-'));
  const made = await makeCertificates({ folder: join(folder, 'ours'), hosts: ['127.0.0.1'], days: 1 });
  ours = await clientOf(made);
  const [authority, , host] = made;
  hosts = await Promise.all([1, 2].map(() => startTestHost({ arguments: tlsOf(host, authority) })));
}, 60_000);

afterAll(async () => {
  for (const each of opened) each.close();
  await Promise.all(hosts.map((host) => host.stop()));
  await rm(folder, { recursive: true, force: true });
}, 30_000);

const tlsOf = (host?: CertificateFiles, authority?: CertificateFiles): string[] => [
  ...[...FEW_MODULES, '--listen', '0.0.0.0:0', '--tls-certificate', host?.certificate ?? ''],
  ...['--tls-key', host?.key ?? '', '--tls-client-authority', authority?.certificate ?? ''],
];

async function clientOf([authority, platform]: readonly CertificateFiles[]): Promise<HostTls> {
  const [ca, certificate, key] = await Promise.all(
    [authority?.certificate, platform?.certificate, platform?.key].map((file) => readFile(file ?? '')),
  );
  if (!ca || !certificate || !key) throw new Error('A certificate is missing.');
  return { authority: ca, certificate, key, serverName: null };
}

const places = (): string[] => hosts.map(({ address }) => address.replace('0.0.0.0', '127.0.0.1'));

function connect(tls: HostTls | null, options: { token?: string; addresses?: string[] } = {}) {
  const { token = 'a-token-of-the-tests', addresses = places() } = options;
  const made = createSandboxHosts(createListedProvider({ provider: 'remote', addresses, token, tls }));
  opened.push(made);
  return made;
}

/** Why the first host does not answer this caller. */
async function refusalOf(sandbox: ConfiguredHosts): Promise<string> {
  const [probe] = await sandbox.probe();
  if (!probe || probe.status !== null) throw new Error('The host answered.');
  return probe.problem;
}

test('a platform with its certificate and token is let in, and told the isolation of each host', async () => {
  const statuses = await connect(ours).statuses();
  expect(statuses.map(({ address }) => address)).toEqual(places());
  expect(statuses.every(({ isolation }) => isolation.length > 5)).toBe(true);
}, 30_000);

test('a caller without a certificate is refused and told so', async () => {
  const none = { ...ours, certificate: null, key: null };
  expect(await refusalOf(connect(none))).toMatch(/asks for a certificate and got none/);
});

test('a certificate of another authority is refused and told so', async () => {
  const made = await makeCertificates({ folder: join(folder, 'theirs'), hosts: ['127.0.0.1'], days: 1 });
  const theirs = await clientOf(made);
  expect(await refusalOf(connect({ ...theirs, authority: ours.authority }))).toMatch(
    /refuses our certificate: its --tls-client-authority has not signed/,
  );
  expect(await refusalOf(connect(theirs))).toMatch(/is not signed by the authority in SANDBOX_TLS_AUTHORITY/);
});

test('an expired certificate is refused and told so, whosever it is', async () => {
  const made = await makeCertificates({ folder: join(folder, 'ours'), hosts: ['localhost'], days: -1 });
  const expired = await clientOf(made);
  expect(await refusalOf(connect(expired))).toMatch(/refuses our certificate: it has expired/);
  const [authority, , host] = made;
  const stale = await startTestHost({ arguments: tlsOf(host, authority) });
  try {
    const addresses = [stale.address.replace('0.0.0.0', 'localhost')];
    expect(await refusalOf(connect(ours, { addresses }))).toMatch(/the host’s certificate has expired/);
  } finally {
    await stale.stop();
  }
}, 30_000);

test('a certificate made out to another name is refused, unless that name is expected', async () => {
  const addresses = places().map((address) => address.replace('127.0.0.1', 'localhost'));
  expect(await refusalOf(connect(ours, { addresses }))).toMatch(/made out to another name/);
  const named = { ...ours, serverName: '127.0.0.1' };
  expect(await connect(named, { addresses: places() }).statuses()).toHaveLength(2);
});

test('the wrong token and plain text are refused with what mends them', async () => {
  expect(await refusalOf(connect(ours, { token: 'a-wrong-token-of-some-kind' }))).toMatch(
    /refuses this token: set SANDBOX_TOKEN/,
  );
  expect(await connect(null).statuses()).toEqual([]);
  const open = await startTestHost({ arguments: FEW_MODULES });
  try {
    const problem = await refusalOf(connect(ours, { addresses: [open.address] }));
    expect(problem).toMatch(/speaks plain text/);
  } finally {
    await open.stop();
  }
}, 30_000);

test('nobody there is said for each address, with how to mend it', async () => {
  const sandbox = connect(ours, { addresses: ['127.0.0.1:1'] });
  expect(await refusalOf(sandbox)).toMatch(/127\.0\.0\.1:1: nobody listens there/);
  await expect(sandbox.choose()).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
});

test('a host that is emptied gets no new work, and takes some again when it is told to', async () => {
  const sandbox = connect(ours);
  const first = await sandbox.choose();
  const key = { sessionId: 'emptied', epoch: 1 };
  await first.workspaces.initialize(key, 'x-emptied');
  expect(await sandbox.drain(first.id, true)).toBe(0);
  const second = await sandbox.choose();
  expect(second.id).not.toBe(first.id);
  const refused = await first.workspaces.initialize(key, 'x-emptied').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(TemperaError);
  expect(refused).toMatchObject({ code: 'SANDBOX_UNAVAILABLE', details: { draining: 'true' } });
  await sandbox.drain(second.id, true);
  await expect(sandbox.choose()).rejects.toThrow(/being emptied.*being emptied/);
  for (const host of [first, second]) await sandbox.drain(host.id, false);
  expect((await first.workspaces.initialize(key, 'x-emptied')).at).toBe('');
}, 30_000);

test('an address without a host is passed over, and a host without walls is called weak', async () => {
  const off = await startTestHost({ arguments: [...FEW_MODULES, '--policy', 'off', '--slots', '1'] });
  const sandbox = createSandboxHosts(
    createListedProvider({
      ...{ provider: 'local', tls: null, token: off.token },
      addresses: [off.address, '127.0.0.1:1'],
    }),
  );
  opened.push(sandbox);
  try {
    const [host] = await sandbox.all();
    expect((await sandbox.choose()).id).toBe(host?.id);
    const [probe] = await sandbox.probe();
    const { isolation = [], isolationPolicy = '' } = probe?.status ?? {};
    // a host that lets code run without walls says so, however many walls its machine could give
    expect(isolationOf(sandbox.provider, isolationPolicy, isolation).level).toBe('weak');
  } finally {
    await off.stop();
  }
}, 30_000);

test('a host that was killed is gone at once, and another one is chosen', async () => {
  const sandbox = connect(ours);
  const [one] = await sandbox.all();
  const lost = hosts.find(({ address }) => one?.address.endsWith(address.slice(address.lastIndexOf(':'))));
  await lost?.kill();
  expect(await sandbox.find(one?.id ?? '')).toBeNull();
  const chosen = await sandbox.choose();
  expect(chosen.id).not.toBe(one?.id);
}, 30_000);

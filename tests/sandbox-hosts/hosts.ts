/** Sandbox hosts on machines of their own, called by mutual TLS, for a platform that lists them. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from '../../cli/certificates.ts';
import { startTestHost, type TestHost } from '../../sandbox-client/testing/host.ts';
import { type Machine, makeMachine } from './network.ts';

export interface RemoteHosts {
  /** What tells a platform of them. */
  environment: Record<string, string>;
  /** host:port, as the platform calls it. */
  addresses: string[];
  at(address: string): TestHost;
  /** kill -9 of a host, which is then started again where it was. */
  killAndStart(address: string): Promise<void>;
  /** Texts of their logs. */
  logs(): string[];
  /** Whether each has a network namespace of its own; otherwise they differ by their ports. */
  ownNetworks: boolean;
  stop(): Promise<void>;
}

const TOKEN = 'a-token-of-remote-hosts';

/** Starts `count` hosts. */
export async function startRemoteHosts(count: number): Promise<RemoteHosts> {
  const folder = mkdtempSync(join(tmpdir(), 'tempera-remote-'));
  const machines = Array.from({ length: count }, (_, at) => makeMachine(at + 1));
  const names = machines.map((machine) => machine?.address ?? '127.0.0.1');
  const made = await makeCertificates({ folder, hosts: [...new Set(names)], days: 1 });
  const [authority, platform] = made;
  if (!authority || !platform) throw new Error('The certificates are missing.');
  const logs = names.map((_, at) => join(folder, `host-${at}.log`));
  const start = async (machine: Machine | null, at: number, port = '0'): Promise<[string, TestHost]> => {
    const name = names[at] ?? '';
    const files = made.find(({ of }) => of === name);
    const host = await startTestHost({
      token: TOKEN,
      through: machine?.through ?? [],
      home: join(folder, `home-${at}`),
      log: logs[at] ?? '',
      arguments: [
        ...['--listen', `${name}:${port}`, '--tls-certificate', files?.certificate ?? ''],
        ...['--tls-key', files?.key ?? '', '--tls-client-authority', authority.certificate],
      ],
    });
    return [host.address, host];
  };
  const hosts = new Map(await Promise.all(machines.map((machine, at) => start(machine, at))));
  return {
    environment: {
      SANDBOX_PROVIDER: 'remote',
      SANDBOX_ADDRESS: [...hosts.keys()].join(','),
      SANDBOX_TOKEN: TOKEN,
      SANDBOX_TLS_AUTHORITY: authority.certificate,
      SANDBOX_TLS_CERTIFICATE: platform.certificate,
      SANDBOX_TLS_KEY: platform.key,
    },
    addresses: [...hosts.keys()],
    at(address) {
      const host = hosts.get(address);
      if (!host) throw new Error(`no host is at ${address}`);
      return host;
    },
    async killAndStart(address) {
      const at = [...hosts.keys()].indexOf(address);
      await hosts.get(address)?.kill();
      const [, again] = await start(machines[at] ?? null, at, address.slice(address.lastIndexOf(':') + 1));
      hosts.set(address, again);
    },
    logs: () => logs.map((log) => readFileSync(log, 'utf8')),
    ownNetworks: machines.every((machine) => machine !== null),
    async stop() {
      await Promise.all([...hosts.values()].map((host) => host.stop()));
      for (const machine of machines) machine?.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sandbox hosts on machines of their own, called by mutual TLS, for a platform that lists them. */

import { mkdtempSync, rmSync } from 'node:fs';
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
  /** kill -9 of a host. */
  kill(address: string): Promise<void>;
  /** Starts a host again where it was; does nothing while it runs. */
  start(address: string): Promise<void>;
  /** Files of their logs. */
  logs: string[];
  /** Whether each has a network namespace of its own; otherwise they differ by their ports. */
  ownNetworks: boolean;
  stop(): Promise<void>;
}

const TOKEN = 'a-token-of-remote-hosts';

/** Starts a host for each list of further arguments. */
export async function startRemoteHosts(further: readonly (readonly string[])[]): Promise<RemoteHosts> {
  const folder = mkdtempSync(join(tmpdir(), 'tempera-remote-'));
  const machines = further.map((_, at) => makeMachine(at + 1));
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
        ...(further[at] ?? []),
      ],
    });
    return [host.address, host];
  };
  const hosts = new Map(await Promise.all(machines.map((machine, at) => start(machine, at))));
  const running = new Set(hosts.keys());
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
    async kill(address) {
      await hosts.get(address)?.kill();
      running.delete(address);
    },
    async start(address) {
      if (running.has(address)) return;
      const at = [...hosts.keys()].indexOf(address);
      const [, again] = await start(machines[at] ?? null, at, address.slice(address.lastIndexOf(':') + 1));
      hosts.set(address, again);
      running.add(address);
    },
    logs,
    ownNetworks: machines.every((machine) => machine !== null),
    async stop() {
      await Promise.all([...hosts.values()].map((host) => host.stop()));
      for (const machine of machines) machine?.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

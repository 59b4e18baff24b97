/** The rows of the list of faults on each provider of sandbox hosts that can run here. */

import { randomBytes } from 'node:crypto';
import { createDatabase } from '../../db/index.ts';
import { type ModalHosts, startModalHosts } from '../modal-server/modal-hosts.ts';
import { momentOptions } from '../platform/moments.ts';
import type { TestPlatform } from '../platform/platform.ts';
import { type ScriptedPlatform, type ScriptedStages, startScripted } from '../platform/scripted.ts';
import { LIMITS } from './keeper.ts';
import { type TakenHosts, takeFaultPlatform } from './taken.ts';

/**
 * `local`: the host that the platform starts; `remote`: two elsewhere, by mutual TLS; `modal`: at a local Modal
 * server.
 */
export type Provided = 'local' | 'remote' | 'modal';

/** What the short form shows of hosts elsewhere, by row; the long form shows each row on all of them. */
const SHORT_ROWS = new Map<number, Provided>([
  [3, 'modal'],
  [24, 'remote'],
]);

/** `only`: TEMPERA_TEST_PROVIDER takes one of them. */
export function providersOf(row: number, only = process.env.TEMPERA_TEST_PROVIDER): Provided[] {
  if (only === 'local' || only === 'remote' || only === 'modal') return [only];
  if (momentOptions().long) return ['local', 'remote', 'modal'];
  const elsewhere = SHORT_ROWS.get(row);
  return elsewhere ? ['local', elsewhere] : ['local'];
}

export interface ProvidedPlatform extends ScriptedPlatform {
  /** The key of the model's provider. */
  key: string;
  /** kill -9 of the sandbox host that a session works on. @returns when it is started again, where that is ours */
  killHost(session: string): Promise<void>;
  /** Resolves when a host is there again that the platform starts by itself. */
  hostIsBack(): Promise<void>;
  /** Texts of logs that do not lie in the platform's home. */
  hostLogs(): string[];
  /** By which platform and hosts know each other, where that is not among the platform's own. */
  hostToken: string | null;
}

/** A platform with scripted answers over hosts of that provider, for a file to kill in. */
export async function takeProvided(provider: Provided, stages: ScriptedStages): Promise<ProvidedPlatform> {
  if (provider === 'modal') return startModal(stages);
  const taken = await takeFaultPlatform(provider, stages);
  const { platform, hosts } = taken;
  return {
    ...taken,
    killHost: (session) => (hosts ? killAndStart(platform, hosts, session) : platform.kill('sandbox')),
    hostIsBack: async () => undefined,
    hostLogs: () => hosts?.logs() ?? [],
    hostToken: hosts?.token ?? null,
  };
}

async function startModal(stages: ScriptedStages): Promise<ProvidedPlatform> {
  const key = `sk-ant-planted-${randomBytes(12).toString('hex')}`;
  const hosts: ModalHosts = await startModalHosts();
  const environment = { ...hosts.environment, ...LIMITS, ANTHROPIC_API_KEY: key };
  const scripted = await startScripted(stages, { environment, server: { key } });
  // a platform takes work before Modal has made its sandbox
  await hosts.ready(scripted.platform);
  return {
    ...scripted,
    key,
    // the worker that starts the next one may be held, or killed, until the strike is over
    killHost: async () => hosts.kill(),
    hostIsBack: () => hosts.successor(),
    hostLogs: () => hosts.logs(),
    hostToken: hosts.environment.SANDBOX_TOKEN ?? null,
    async stop() {
      await scripted.stop();
      await hosts.stop();
    },
  };
}

async function killAndStart(platform: TestPlatform, hosts: TakenHosts, session: string): Promise<void> {
  const address = (await leasedAddress(platform, session)) || (hosts.addresses[0] ?? '');
  await hosts.kill(address);
  await hosts.start(address);
}

/** Where a session's workspace lives; empty while it lives nowhere. */
export async function leasedAddress(platform: TestPlatform, session: string): Promise<string> {
  const database = createDatabase({ url: platform.variables().DATABASE_URL ?? '', poolSize: 1 });
  try {
    const [lease] = await database.query<{ address: string }>(
      'select address from leases where session_id = $1',
      [session],
    );
    return lease?.address ?? '';
  } finally {
    await database.close();
  }
}

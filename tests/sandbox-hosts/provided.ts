/** The rows of the list of faults on each provider of sandbox hosts that can run here. */

import { randomBytes } from 'node:crypto';
import { startModalHosts } from '../modal-server/modal-hosts.ts';
import { momentOptions } from '../platform/moments.ts';
import { type ScriptedPlatform, type ScriptedStages, startScripted } from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';
import { startRemoteHosts } from './hosts.ts';

/** `local`: the host that the platform starts; `remote`: one elsewhere, by mutual TLS; `modal`: at a local Modal server. */
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
  /** kill -9 of the sandbox host. @returns when it is started again */
  killHost(): Promise<void>;
  /** Texts of logs that do not lie in the platform's home. */
  hostLogs(): string[];
  /** By which platform and hosts know each other, where that is not among the platform's own. */
  hostToken: string | null;
}

/** A platform with scripted answers over hosts of that provider. */
export async function startProvided(
  provider: Provided,
  stages: ScriptedStages,
  options: Parameters<typeof startScripted>[1] = {},
): Promise<ProvidedPlatform> {
  const hosts = await startHosts(provider);
  const environment = { ...hosts?.environment, ...options.environment };
  const scripted = await startScripted(stages, { ...options, environment });
  // a platform takes work before Modal has made its sandbox
  await hosts?.ready?.(scripted.platform);
  return {
    ...scripted,
    killHost: () => killHost(scripted, hosts),
    hostLogs: () => hosts?.logs() ?? [],
    hostToken: hosts?.environment.SANDBOX_TOKEN ?? null,
    async stop() {
      await scripted.stop();
      await hosts?.stop();
    },
  };
}

/** The same for a file that kills and configures nothing: over local hosts it may share its platform. */
export async function takeProvided(
  provider: Provided,
  stages: ScriptedStages,
): Promise<ProvidedPlatform & { key: string }> {
  if (provider === 'local') {
    const shared = await takeScripted(stages);
    return { ...shared, killHost: () => killHost(shared, null), hostLogs: () => [], hostToken: null };
  }
  const key = `sk-ant-planted-${randomBytes(12).toString('hex')}`;
  const environment = { ANTHROPIC_API_KEY: key };
  return { ...(await startProvided(provider, stages, { environment, server: { key } })), key };
}

async function killHost({ platform }: ScriptedPlatform, hosts: Elsewhere | null): Promise<void> {
  if (hosts) await hosts.killAndStart();
  else await platform.kill('sandbox');
}

/** A host that the platform does not start itself. */
interface Elsewhere {
  ready?(platform: ScriptedPlatform['platform']): Promise<void>;
  environment: Record<string, string>;
  killAndStart(): Promise<void>;
  logs(): string[];
  stop(): Promise<void>;
}

async function startHosts(provider: Provided): Promise<Elsewhere | null> {
  if (provider === 'local') return null;
  if (provider === 'modal') return startModalHosts();
  const hosts = await startRemoteHosts(1);
  return { ...hosts, killAndStart: () => hosts.killAndStart(hosts.addresses[0] ?? '') };
}

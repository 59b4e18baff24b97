/**
 * Keeps a platform for files that kill, with its hosts: in the process that has set the group up, where the files of
 * the group share it, else in the file's own. It is started when it is first asked for, and told what to do by orders
 * in words, since the files that share it may be in another process.
 */

import { type OwnPlatform, startPlatform } from '../platform/platform.ts';
import { ENVIRONMENT } from '../platform/shared.ts';
import { makeGpu, type TestGpu } from './gpu.ts';
import { type RemoteHosts, startRemoteHosts } from './hosts.ts';

/** `local`: the host that the platform starts; `remote`: two elsewhere by mutual TLS, the first of them with a GPU. */
export type Place = 'local' | 'remote';

/** What files that kill ask for; none of it is in another's way. What they reach is low: its height proves nothing. */
export const LIMITS = {
  ...ENVIRONMENT,
  MAX_MEMORY_BYTES: String(1024 * 1024 * 1024),
  MAX_PROCESSES: '64',
  MAX_TEMPORARY_BYTES: '100000000',
  MAX_WORKSPACE_BYTES: '50000000',
  MAX_WORKSPACE_FILES: '2000',
  CONTINUE_AFTER_EVENTS: '150',
};

/** What a keeper answers to every order. */
export interface KeeperState {
  home: string;
  /** Null where the platform starts its own. */
  hosts: KeeperHosts | null;
}

export interface KeeperHosts {
  addresses: string[];
  /** Files of their logs. */
  logs: string[];
  /** By which platform and hosts know each other. */
  token: string;
  /** Folder of the GPU of the first. */
  gpu: string;
}

export interface Keeper {
  /**
   * Does an order: `tell`, `kill-supervisor`, `start-supervisor`, `kill-host ADDRESS`, `start-host ADDRESS`.
   * @returns a `KeeperState` as JSON
   */
  obey(order: string): Promise<string>;
  stop(): Promise<void>;
}

interface Running {
  platform: OwnPlatform;
  elsewhere: { hosts: RemoteHosts; gpu: TestGpu } | null;
}

const ORDERS: Record<string, (running: Running, subject: string) => unknown> = {
  tell: () => undefined,
  'kill-supervisor': ({ platform }) => platform.killSupervisor(),
  'start-supervisor': ({ platform }) => platform.startAgain(),
  'kill-host': ({ elsewhere }, address) => elsewhere?.hosts.kill(address),
  'start-host': ({ elsewhere }, address) => elsewhere?.hosts.start(address),
};

/** @param model what tells the platform of its model */
export function createKeeper(place: Place, model: Record<string, string>): Keeper {
  let begun: Promise<Running> | null = null;
  return {
    async obey(order) {
      begun ??= begin(place, model);
      const running = await begun;
      const [verb = '', subject = ''] = order.split(' ');
      const act = ORDERS[verb];
      if (!act) throw new Error(`no such order: ${order}`);
      await act(running, subject);
      return JSON.stringify(stateOf(running));
    },
    async stop() {
      const running = await begun;
      await running?.platform.stop();
      await endElsewhere(running?.elsewhere ?? null);
    },
  };
}

async function begin(place: Place, model: Record<string, string>): Promise<Running> {
  const elsewhere = place === 'remote' ? await startElsewhere() : null;
  const environment = { ...elsewhere?.hosts.environment, ...LIMITS, ...model };
  const platform = await startPlatform({ environment }).catch(async (error: unknown) => {
    await endElsewhere(elsewhere);
    throw error;
  });
  return { platform, elsewhere };
}

async function startElsewhere(): Promise<NonNullable<Running['elsewhere']>> {
  const gpu = makeGpu();
  return { gpu, hosts: await startRemoteHosts([gpu.arguments, []]) };
}

async function endElsewhere(elsewhere: Running['elsewhere']): Promise<void> {
  await elsewhere?.hosts.stop();
  elsewhere?.gpu.remove();
}

function stateOf({ platform: { home }, elsewhere }: Running): KeeperState {
  if (!elsewhere) return { home, hosts: null };
  const { addresses, logs, environment } = elsewhere.hosts;
  return {
    home,
    hosts: { addresses, logs, token: environment.SANDBOX_TOKEN ?? '', gpu: elsewhere.gpu.folder },
  };
}

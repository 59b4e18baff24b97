/**
 * Takes a platform to kill in: the one that the files of this group share, each having it alone until it stops it, or,
 * in the long form and where nothing has set the group up, one of the file's own. Whoever takes it leaves every part
 * and host as well as it found them.
 */

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type AnthropicServer, startAnthropicServer } from '../anthropic-server/index.ts';
import { momentOptions } from '../platform/moments.ts';
import { type OwnPlatform, platformIn } from '../platform/platform.ts';
import type { Rest } from '../platform/rest.ts';
import { byStage, type ScriptedPlatform, type ScriptedStages } from '../platform/scripted.ts';
import { settle } from '../platform/shared.ts';
import { type Obey, startTurns, takeTurn } from '../platform/turns.ts';
import { until } from '../platform/wait.ts';
import { createKeeper, type Keeper, type KeeperHosts, type KeeperState, type Place } from './keeper.ts';

const VARIABLE = 'TEMPERA_TEST_FAULTS';

/** What reaches the tests of what set the group up. */
interface GroupSettings {
  /** The key of the model's provider. */
  key: string;
  /** Where turns with each platform are asked for. */
  turns: Record<Place, number>;
}

export interface TakenHosts extends Omit<KeeperHosts, 'logs'> {
  kill(address: string): Promise<void>;
  /** Starts it again where it was. */
  start(address: string): Promise<void>;
  /** Texts of their logs. */
  logs(): string[];
}

export interface Taken extends ScriptedPlatform {
  platform: OwnPlatform;
  key: string;
  /** Null where the platform starts its own. */
  hosts: TakenHosts | null;
}

/** Lets files share a platform of each kind; each is started when it is first taken. @returns what stops them */
export async function keepShared(): Promise<() => Promise<void>> {
  const key = newKey();
  const keep = async (place: Place) => {
    const turns = await startTurns((order) => keeper.obey(order));
    const keeper = createKeeper(place, { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: turns.modelUrl });
    return { port: turns.port, stop: () => keeper.stop().finally(() => turns.close()) };
  };
  const [local, remote] = await Promise.all([keep('local'), keep('remote')]);
  const group: GroupSettings = { key, turns: { local: local.port, remote: remote.port } };
  process.env[VARIABLE] = JSON.stringify(group);
  return async () => {
    delete process.env[VARIABLE];
    await Promise.all([local.stop(), remote.stop()]);
  };
}

/** Takes a platform, with this file's scripted model behind it. */
export async function takeFaultPlatform(place: Place, stages: ScriptedStages): Promise<Taken> {
  const group: GroupSettings | null = momentOptions().long
    ? null
    : JSON.parse(process.env[VARIABLE] ?? 'null');
  const key = group?.key ?? newKey();
  const model = await startAnthropicServer({ script: byStage(stages), key });
  let held: Held | null = null;
  try {
    held = group
      ? await takeShared(group.turns[place], model)
      : own(createKeeper(place, { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: model.url }));
    return await take(held, model, key);
  } catch (error) {
    await held?.give(null).catch(() => undefined); // the first error says more
    await model.close(); // what listens would keep the process of the tests
    throw error;
  }
}

async function take(held: Held, model: AnthropicServer, key: string): Promise<Taken> {
  const order = async (what: string): Promise<KeeperState> => JSON.parse(await held.order(what));
  const state = await order('tell');
  const found = platformIn(state.home);
  const count = state.hosts?.addresses.length ?? 0;
  if (count > 0) await until('every host is well', () => areWell(found.rest, count));
  const platform: OwnPlatform = {
    ...found,
    killSupervisor: async () => void (await order('kill-supervisor')),
    startAgain: async () => void (await order('start-supervisor')),
    stop: () => held.give(state).finally(() => model.close()),
  };
  const name = 'anthropic/claude-sonnet-5-5';
  return { platform, model, name, key, hosts: takenHosts(state, order), stop: platform.stop };
}

interface Held {
  order: Obey;
  give(state: KeeperState | null): Promise<void>;
}

const own = (keeper: Keeper): Held => ({ order: keeper.obey, give: () => keeper.stop() });

async function takeShared(port: number, model: AnthropicServer): Promise<Held> {
  const turn = await takeTurn(port, Number(new URL(model.url).port));
  return {
    order: turn.order,
    async give(state) {
      try {
        // a test that failed may have left one dead
        for (const address of state?.hosts?.addresses ?? []) await turn.order(`start-host ${address}`);
        if (state) await settle(platformIn(state.home));
      } finally {
        turn.give();
      }
    },
  };
}

function takenHosts(
  { hosts }: KeeperState,
  order: (what: string) => Promise<KeeperState>,
): TakenHosts | null {
  if (!hosts) return null;
  return {
    ...hosts,
    kill: async (address) => void (await order(`kill-host ${address}`)),
    start: async (address) => void (await order(`start-host ${address}`)),
    logs: () => hosts.logs.map((file) => readFileSync(file, 'utf8')),
  };
}

/** True when so many hosts are listed and all are well. */
async function areWell(rest: Rest, count: number): Promise<boolean> {
  const { endpoints } = await rest.get<{ endpoints: { status: string }[] }>(
    '/api/endpoints?kind=sandbox_host',
  );
  return endpoints.length === count && endpoints.every(({ status }) => status === 'HEALTHY');
}

const newKey = (): string => `sk-ant-planted-${randomBytes(12).toString('hex')}`;

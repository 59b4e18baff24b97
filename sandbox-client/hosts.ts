/**
 * The sandbox hosts of a provider, each by its own id.
 *
 * 1. A host that holds a workspace is asked again before it counts as gone: three questions without an answer, or at
 *    once where nothing listens any more.
 * 2. New workspaces go to the host with the most room; one that is being emptied gets none.
 */

import { status } from '@grpc/grpc-js';
import { TemperaError } from '../core/errors.ts';
import type { SandboxHost, SandboxHosts } from '../core/ports/sandbox.ts';
import type { GetLoadResponse, StatusResponse } from '../proto/generated/tempera/v1/sandbox.ts';
import { type Connection, connectSandbox } from './connection.ts';
import { isServiceError } from './errors.ts';
import { createExecutions } from './executions.ts';
import type { HostPlace, ProviderName, SandboxProvider } from './providers/provider.ts';
import { explainTls } from './tls.ts';
import { createWorkspaces } from './workspaces.ts';

export interface ConfiguredHosts extends SandboxHosts {
  readonly provider: ProviderName;
  /** What each host says of itself; a host that does not answer is left out. */
  statuses(): Promise<HostStatus[]>;
  /** One question to each host: its answer, or why there is none. */
  probe(): Promise<HostProbe[]>;
  /** Every host that answers. */
  all(): Promise<SandboxHost[]>;
  /** Begins or ends the emptying of a host. @returns executions that still run there */
  drain(hostId: string, on: boolean): Promise<number>;
  /** Also waits until the provider has ended what it started. */
  close(): Promise<void>;
}

export type HostStatus = StatusResponse & { address: string };

export type HostProbe =
  | { address: string; status: StatusResponse; problem: null }
  | { address: string; status: null; problem: string; gone: boolean };

/** Milliseconds in which a host must answer. */
const ANSWER_TIMEOUT_MS = 2_000;
/** Questions without an answer after which a host counts as gone. */
const MISSED_ANSWERS = 3;

type Answer = { host: SandboxHost; load: GetLoadResponse };

export function createSandboxHosts(provider: SandboxProvider): ConfiguredHosts {
  const connections = new Map<string, Connection>();
  const addressOf = new Map<string, string>();

  async function places(): Promise<[HostPlace, Connection][]> {
    const there = await provider.places();
    // an address that a provider has given up is dialled no more
    for (const [address, connection] of connections) {
      if (there.some((place) => place.address === address)) continue;
      connection.close();
      connections.delete(address);
    }
    return there.map((place) => {
      const connection = connections.get(place.address) ?? connectSandbox(place);
      connections.set(place.address, connection);
      return [place, connection];
    });
  }

  async function ask(place: HostPlace, connection: Connection): Promise<Answer> {
    const { client } = connection;
    const attempted = `Asking sandbox host [${place.address}]`;
    const load = await connection.unary(client.getLoad, {}, { attempted, timeoutMs: ANSWER_TIMEOUT_MS });
    addressOf.set(load.hostId, place.address);
    return { host: toHost(load, place.address, connection), load };
  }

  async function answers(): Promise<{ answered: Answer[]; problems: string[] }> {
    const asked = (await places()).map(async ([place, connection]) => ask(place, connection));
    const settled = await Promise.allSettled(asked);
    return {
      answered: settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
      problems: settled.flatMap((each) => (each.status === 'rejected' ? [messageOf(each.reason)] : [])),
    };
  }

  /** The host at an address, asked again while it only keeps silent; null when it is gone or another one by now. */
  async function atAddress(hostId: string, address: string): Promise<SandboxHost | null> {
    const place = (await places()).find(([each]) => each.address === address);
    for (let missed = 0; place !== undefined && missed < MISSED_ANSWERS; missed += 1) {
      try {
        const { host } = await ask(...place);
        return host.id === hostId ? host : null;
      } catch (error) {
        if (!isSilence(error)) return null;
      }
    }
    return null;
  }

  async function find(hostId: string): Promise<SandboxHost | null> {
    const known = addressOf.get(hostId);
    const there = known === undefined ? null : await atAddress(hostId, known);
    return there ?? (await answers()).answered.find(({ host }) => host.id === hostId)?.host ?? null;
  }

  async function probeOne([place, connection]: [HostPlace, Connection]): Promise<HostProbe> {
    const { address } = place;
    try {
      const asked = { attempted: `Asking sandbox host [${address}]`, timeoutMs: ANSWER_TIMEOUT_MS };
      const answer = await connection.unary(connection.client.status, {}, asked);
      addressOf.set(answer.hostId, address);
      return { address, status: answer, problem: null };
    } catch (error) {
      const why = place.tls === null ? null : await explainTls(address, place.tls);
      return { address, status: null, problem: why ?? messageOf(error), gone: !isSilence(error) };
    }
  }

  async function probe(): Promise<HostProbe[]> {
    const there = await Promise.all((await places()).map(probeOne));
    const problem = provider.problem?.() ?? null;
    // what a provider has yet to start, or lost, is shown all the same
    return there.length > 0 || problem === null
      ? there
      : [{ address: provider.name, status: null, problem, gone: true }];
  }

  return {
    provider: provider.name,
    find,
    probe,
    async choose({ gpu } = { gpu: false }) {
      const { answered: all, problems } = await answers();
      const answered = gpu ? all.filter(({ load }) => load.gpus > 0) : all;
      if (answered.length === 0 && all.length > 0 && problems.length === 0) throw noGpu();
      const open = answered.filter(({ load }) => !load.draining);
      // where all refuse agents' code, one of them says so with its reason
      const able = open.filter(({ load }) => !load.refusesAgentCode);
      const busy = gpu ? gpuFullness : fullness;
      const [best] = (able.length > 0 ? able : open).sort((a, b) => busy(a.load) - busy(b.load));
      if (best) return best.host;
      const emptied = answered.map(({ host }) => `${host.address} is being emptied`);
      const why = [...problems, ...emptied].join('; ') || (provider.problem?.() ?? 'none is configured');
      throw new TemperaError('SANDBOX_UNAVAILABLE', `No sandbox host takes new work: ${why}`, {
        retryAfter: 2,
      });
    },
    async all() {
      return (await answers()).answered.map(({ host }) => host);
    },
    async statuses() {
      return (await probe()).flatMap((each) =>
        each.status === null ? [] : [{ ...each.status, address: each.address }],
      );
    },
    async drain(hostId, on) {
      const host = await find(hostId);
      const connection = host && connections.get(host.address);
      if (!connection) throw new TemperaError('NOT_FOUND', `No sandbox host [${hostId}] answers.`);
      const { running } = await connection.unary(
        connection.client.drain,
        { on },
        { attempted: `Emptying host [${hostId}]` },
      );
      return running;
    },
    async close() {
      for (const connection of connections.values()) connection.close();
      await provider.close();
    },
  };
}

/** Work of a host for each slot it has; of equally full ones the one with fewer workspaces comes first. */
function fullness({ running, queued, slots, sessions }: GetLoadResponse): number {
  return (running + queued) / Math.max(1, slots) + sessions / 1_000_000;
}

const gpuFullness = ({ gpus, gpusQueued }: GetLoadResponse): number => gpusQueued / Math.max(1, gpus);

const noGpu = (): TemperaError =>
  new TemperaError(
    'NO_GPU',
    'No sandbox host has a GPU that can be used. Run it without one, or add a host with a ' +
      'GPU (docs/sandbox.md); `tempera gpu status` lists them.',
  );

/** Whether a host may only be slow or cut off: a refused connection is the word of its machine that it is gone. */
function isSilence(error: unknown): boolean {
  const cause = error instanceof TemperaError ? error.cause : error;
  return isServiceError(cause) && cause.code === status.DEADLINE_EXCEEDED;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function toHost(load: GetLoadResponse, address: string, connection: Connection): SandboxHost {
  const { hostId: id, gpus } = load;
  return {
    id,
    address,
    gpus,
    workspaces: createWorkspaces(connection),
    executions: createExecutions(connection),
  };
}

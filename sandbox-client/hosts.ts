/** The sandbox hosts that are configured, each by its own id. */

import { TemperaError } from '../core/errors.ts';
import type { SandboxHost, SandboxHosts } from '../core/ports/sandbox.ts';
import { type Connection, connectSandbox } from './connection.ts';
import { createExecutions } from './executions.ts';
import { createWorkspaces } from './workspaces.ts';

export interface ConfiguredHosts extends SandboxHosts {
  /** What each host says of itself; a host that does not answer is left out. */
  statuses(): Promise<HostStatus[]>;
  close(): void;
}

export interface HostStatus {
  hostId: string;
  address: string;
  sessions: number;
  running: number;
  queued: number;
  slots: number;
  zygoteReady: boolean;
  isolation: { name: string; level: string; detail: string }[];
  isolationPolicy: string;
  runsAgentCode: boolean;
}

/** Milliseconds in which a host must answer a ping to be chosen. */
const PING_TIMEOUT_MS = 2_000;

/** @param addresses host:port of each host; `token` is what they all ask for */
export function createSandboxHosts(addresses: string[], token: string): ConfiguredHosts {
  const connections = new Map(addresses.map((address) => [address, connectSandbox({ address, token })]));

  async function answering(): Promise<SandboxHost[]> {
    const asked = [...connections].map(async ([address, connection]) => {
      const { hostId } = await connection.unary(
        connection.client.ping,
        {},
        `Pinging sandbox host [${address}]`,
        PING_TIMEOUT_MS,
      );
      return toHost(hostId, address, connection);
    });
    const answers = await Promise.allSettled(asked);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  }

  return {
    async find(hostId) {
      return (await answering()).find((host) => host.id === hostId) ?? null;
    },
    async choose() {
      const [host] = await answering();
      if (!host)
        throw new TemperaError(
          'SANDBOX_UNAVAILABLE',
          `No sandbox host answers (tried: ${addresses.join(', ') || 'none'}).`,
          { retryAfter: 2 },
        );
      return host;
    },
    async statuses() {
      const asked = [...connections].map(async ([address, connection]) => {
        const status = await connection.unary(
          connection.client.status,
          {},
          `Asking sandbox host [${address}]`,
          PING_TIMEOUT_MS,
        );
        return { ...status, address };
      });
      const answers = await Promise.allSettled(asked);
      return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    },
    close() {
      for (const connection of connections.values()) connection.close();
    },
  };
}

function toHost(id: string, address: string, connection: Connection): SandboxHost {
  return { id, address, workspaces: createWorkspaces(connection), executions: createExecutions(connection) };
}

/**
 * The heartbeats of sandbox hosts: each listed host is asked again and again, and what it says is kept for api, CLI and
 * people. Where a session's work goes is not decided here: an activity dials its lease's host itself.
 */

import type { Isolation } from '../core/endpoints.ts';
import { type HostSeen, type HostState, hostStateAfter, isolationOf } from '../core/endpoints.ts';
import { type Database, forgetHostsBut, keepHostSight } from '../db/index.ts';
import type { ConfiguredHosts, HostProbe } from '../sandbox-client/hosts.ts';

type Lease = Parameters<typeof keepHostSight>[2][number];

interface Known extends HostState {
  id: string;
  isolation: Isolation | null;
}

/** A watch over the hosts of one provider; `beat` is one heartbeat. */
export function createHostWatch(hosts: ConfiguredHosts, database: Database): { beat(): Promise<void> } {
  const known = new Map<string, Known>();

  async function record(probe: HostProbe): Promise<void> {
    const { address } = probe;
    const before = known.get(address) ?? {
      id: address,
      status: 'PENDING',
      reason: null,
      missed: 0,
      isolation: null,
    };
    const { status } = probe;
    const state = hostStateAfter(before, seenOf(probe));
    const isolation =
      status === null
        ? before.isolation
        : isolationOf(hosts.provider, status.isolationPolicy, status.isolation);
    const now = { ...state, id: status?.hostId ?? before.id, isolation };
    known.set(address, now);
    const sight = {
      id: now.id,
      address,
      provider: hosts.provider,
      status: state.status,
      reason: state.reason,
      answered: status !== null,
      isolation: { ...isolation },
    };
    await database.transaction((tx) => keepHostSight(tx, sight, leasesOf(probe)));
  }

  return {
    async beat() {
      const probes = await hosts.probe();
      for (const probe of probes) await record(probe);
      await forgetHostsBut(
        database,
        probes.map(({ address }) => address),
      );
    },
  };
}

function seenOf(probe: HostProbe): HostSeen {
  if (probe.status === null) return { answered: false, problem: probe.problem, gone: probe.gone };
  const { draining, zygoteReady, runsAgentCode } = probe.status;
  return { answered: true, draining, ready: zygoteReady, runsAgentCode };
}

function leasesOf({ status }: HostProbe): Lease[] {
  if (status === null) return [];
  const slots = status.slotList.map(
    ({ slot, epoch, executionId, sessionId }): Lease => ({
      kind: 'slot',
      slot,
      epoch,
      execution: executionId || null,
      session_id: sessionId || null,
      device: null,
    }),
  );
  const gpus = status.gpus.map(
    ({
      index,
      uuid,
      name,
      memoryTotalBytes,
      memoryUsedBytes,
      utilisationPercent,
      lease,
      problem,
    }): Lease => ({
      kind: 'gpu',
      slot: index,
      epoch: lease?.epoch ?? 0,
      execution: lease?.executionId || null,
      session_id: lease?.sessionId || null,
      device: {
        index,
        uuid,
        name,
        memory_total_bytes: memoryTotalBytes,
        memory_used_bytes: memoryUsedBytes,
        utilisation_percent: utilisationPercent,
        problem,
      },
    }),
  );
  return [...slots, ...gpus];
}

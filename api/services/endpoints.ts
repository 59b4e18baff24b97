/** What the platform runs work on, from what workers have seen and told: hosts, slots, GPUs, providers, workers. */

import {
  type Endpoint,
  GpuSchema,
  IsolationSchema,
  type ProcessStatusName,
  ProcessStatusSchema,
} from '../../core/endpoints.ts';
import type { Principal } from '../../core/principal.ts';
import {
  listSeenHosts,
  listSlotLeases,
  listWorkers,
  type SeenHost,
  type SlotLease,
  type WorkerSign,
} from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { configuredProviders } from './sessions.ts';

/** Seconds without a worker's look after which a host's word is too old to go by. */
const STALE_SECONDS = 10;
/** Workers that were silent for longer are not listed. */
const FORGOTTEN_SECONDS = 600;

const startedAt = new Date().toISOString();
const NOTHING = {
  address: null,
  last_heartbeat: null,
  reason: null,
  holder: null,
  gpu: null,
  isolation: null,
};

/** What workers have told, as it lies in the database. */
export interface EndpointRows {
  hosts: SeenHost[];
  leases: SlotLease[];
  workers: WorkerSign[];
}

export async function readEndpointRows({ db }: Pick<ApiDependencies, 'db'>): Promise<EndpointRows> {
  const [hosts, leases, workers] = await Promise.all([
    listSeenHosts(db),
    listSlotLeases(db),
    listWorkers(db, FORGOTTEN_SECONDS),
  ]);
  return { hosts, leases, workers };
}

/** Every endpoint, hosts first, each with its slots and GPUs after it. */
export async function listEndpoints(
  dependencies: Pick<ApiDependencies, 'db' | 'settings'>,
  principal: Principal,
): Promise<Endpoint[]> {
  return endpointsFor(dependencies, await readEndpointRows(dependencies), principal);
}

/** The endpoints of these rows, with what the principal may know of them. */
export function endpointsFor(
  { settings }: Pick<ApiDependencies, 'settings'>,
  { hosts, leases, workers }: EndpointRows,
  principal: Principal,
): Endpoint[] {
  const places = hosts.flatMap((host) => {
    const endpoint = hostEndpoint(host);
    const own = leases.filter((lease) => lease.host === host.id);
    return [endpoint, ...own.map((lease) => leaseEndpoint(lease, endpoint, principal))];
  });
  return [
    ...places,
    ...configuredProviders(settings).map(providerEndpoint),
    ...workers.map((worker) => workerEndpoint(worker, settings.workerLostSeconds)),
  ];
}

function hostEndpoint(host: SeenHost): Endpoint {
  const stale = host.unseen_seconds > STALE_SECONDS;
  const isolation = IsolationSchema.safeParse(host.isolation);
  return {
    ...NOTHING,
    id: host.id,
    kind: 'sandbox_host',
    name: `${host.provider} host at ${host.address}`,
    address: host.address,
    status: stale ? 'UNHEALTHY' : ProcessStatusSchema.catch('UNSPECIFIED').parse(host.status),
    since: iso(host.since),
    last_heartbeat: host.heartbeat_at && iso(host.heartbeat_at),
    reason: stale
      ? `No worker has looked at it for ${Math.round(host.unseen_seconds)} s: start one.`
      : host.reason,
    isolation: isolation.success ? isolation.data : null,
  };
}

/** A slot or a GPU is as well as its host, unless the GPU itself has a problem. */
function leaseEndpoint(lease: SlotLease, host: Endpoint, principal: Principal): Endpoint {
  const { kind, slot, epoch, device } = lease;
  // who works where is an operator's to know; others learn that somebody does
  const isAdmin = principal.role === 'admin';
  const execution = lease.execution === null || isAdmin ? lease.execution : '';
  const session_id = isAdmin ? lease.session_id : '';
  const gpu = GpuSchema.safeParse(device);
  const problem = typeof device?.problem === 'string' && device.problem !== '' ? device.problem : null;
  const status: ProcessStatusName = host.status === 'HEALTHY' && problem !== null ? 'FAILED' : host.status;
  return {
    ...NOTHING,
    id: `${lease.host}/${kind}/${slot}`,
    kind,
    name: gpu.success ? gpu.data.name : `slot ${slot}`,
    address: host.address,
    status,
    since: iso(lease.since),
    last_heartbeat: host.last_heartbeat,
    reason: problem ?? host.reason,
    holder: execution === null ? null : { execution_id: execution, session_id: session_id ?? '', epoch },
    gpu: gpu.success ? gpu.data : null,
  };
}

/** A provider that has its key can be called; how its calls end is told by the sessions that make them. */
function providerEndpoint(name: string): Endpoint {
  return {
    ...NOTHING,
    id: `model/${name}`,
    kind: 'model_provider',
    name,
    status: 'HEALTHY',
    since: startedAt,
  };
}

function workerEndpoint(worker: WorkerSign, lostSeconds: number): Endpoint {
  const lost = worker.silent_seconds > lostSeconds;
  return {
    ...NOTHING,
    id: `worker/${worker.identity}`,
    kind: 'worker',
    name: worker.identity,
    status: lost ? 'FAILED' : 'HEALTHY',
    since: iso(lost ? worker.heartbeat_at : worker.started_at),
    last_heartbeat: iso(worker.heartbeat_at),
    reason: lost ? `It has not told for ${Math.round(worker.silent_seconds)} s that it lives.` : null,
  };
}

const iso = (time: string): string => new Date(time).toISOString();

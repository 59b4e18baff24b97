/** Where workspaces live (leases), and which sandbox hosts and workers are alive. Time is the database's. */

import { TemperaError } from '../core/errors.ts';
import type { Queryable, Transaction } from './database.ts';
import { toJson } from './sql.ts';

export interface Lease {
  session_id: string;
  /** Host id. */
  host: string;
  address: string;
  /** The outer user id of the session's processes; null where the host does not separate users. */
  uid: number | null;
  epoch: number;
  updated_at: string;
}

export async function getLease(q: Queryable, session: string): Promise<Lease | null> {
  const rows = await q.query<Lease>(
    'select session_id, host, address, uid, epoch, updated_at from leases where session_id = $1',
    [session],
  );
  return rows[0] ?? null;
}

/**
 * Writes the session's lease.
 * @throws TemperaError SUPERSEDED when the present one has a higher epoch.
 */
export async function upsertLease(tx: Transaction, lease: Omit<Lease, 'updated_at'>): Promise<Lease> {
  const rows = await tx.query<Lease>(
    `insert into leases as l (session_id, host, address, uid, epoch) values ($1, $2, $3, $4, $5)
     on conflict (session_id) do update set host = excluded.host, address = excluded.address, uid = excluded.uid,
       epoch = excluded.epoch, updated_at = clock_timestamp()
     where l.epoch <= excluded.epoch
     returning session_id, host, address, uid, epoch, updated_at`,
    [lease.session_id, lease.host, lease.address, lease.uid, lease.epoch],
  );
  const [row] = rows;
  if (row !== undefined) return row;
  const message = `The workspace of session ${lease.session_id} was leased by an attempt after epoch ${lease.epoch}.`;
  throw new TemperaError('SUPERSEDED', message);
}

export async function deleteLease(tx: Transaction, session: string): Promise<void> {
  await tx.query('delete from leases where session_id = $1', [session]);
}

/** What a look at a host found. `id` is its address as long as it has never answered. */
export interface HostSight {
  id: string;
  address: string;
  provider: string;
  status: string;
  reason: string | null;
  answered: boolean;
  isolation: Record<string, unknown>;
}

/** A slot or a GPU of a host and who holds it. */
export interface SlotLease {
  host: string;
  kind: 'slot' | 'gpu';
  slot: number;
  epoch: number;
  execution: string | null;
  session_id: string | null;
  since: string;
  device: Record<string, unknown> | null;
}

/** A host as workers have seen it last. */
export interface SeenHost {
  id: string;
  address: string;
  provider: string;
  status: string;
  reason: string | null;
  isolation: Record<string, unknown>;
  since: string;
  heartbeat_at: string | null;
  /** Seconds since a worker has looked at it. */
  unseen_seconds: number;
}

/**
 * Keeps what a look at a host found, and the leases of its slots. A lease with a lower epoch than the one that stands
 * changes nothing: another worker has looked later. A host that did not answer keeps neither slots nor leases.
 */
export async function keepHostSight(
  tx: Transaction,
  sight: HostSight,
  leases: readonly Omit<SlotLease, 'host' | 'since'>[],
): Promise<void> {
  const { id, address, provider, status, reason, answered, isolation } = sight;
  // another id at the same address: what was there before is gone
  await tx.query('delete from sandbox_hosts where address = $1 and id <> $2', [address, id]);
  await tx.query(
    `insert into sandbox_hosts as h (id, address, provider, status, reason, isolation, heartbeat_at)
     values ($1, $2, $3, $4, $5, $6, case when $7 then clock_timestamp() end)
     on conflict (id) do update set address = excluded.address, provider = excluded.provider,
       reason = excluded.reason, checked_at = clock_timestamp(),
       since = case when h.status = excluded.status then h.since else clock_timestamp() end,
       status = excluded.status,
       isolation = case when $7 then excluded.isolation else h.isolation end,
       heartbeat_at = coalesce(excluded.heartbeat_at, h.heartbeat_at)`,
    [id, address, provider, status, reason, toJson(isolation), answered],
  );
  const lost = !answered && (status === 'FAILED' || status === 'UNHEALTHY');
  if (lost) await tx.query('delete from slot_leases where host = $1', [id]);
  if (!answered) return;
  await tx.query(
    `insert into slot_leases as l (host, kind, slot, epoch, execution, session_id, device)
     select $1, kind, slot, epoch, execution, session_id, device from jsonb_to_recordset($2::jsonb)
       as new (kind text, slot int, epoch bigint, execution text, session_id text, device jsonb)
     on conflict (host, kind, slot) do update set epoch = excluded.epoch, execution = excluded.execution,
       session_id = excluded.session_id, device = excluded.device,
       since = case when l.execution is not distinct from excluded.execution then l.since else clock_timestamp() end
     where l.epoch <= excluded.epoch`,
    [id, toJson(leases)],
  );
  await tx.query(
    `delete from slot_leases l where host = $1 and not exists (
       select from jsonb_to_recordset($2::jsonb) as new (kind text, slot int)
       where (new.kind, new.slot) = (l.kind, l.slot))`,
    [id, toJson(leases)],
  );
}

/** Forgets hosts that are listed no more. */
export async function forgetHostsBut(q: Queryable, addresses: readonly string[]): Promise<void> {
  await q.query('delete from sandbox_hosts where address <> all ($1)', [addresses]);
}

export function listSeenHosts(q: Queryable): Promise<SeenHost[]> {
  return q.query<SeenHost>(
    `select id, address, provider, status, reason, isolation, since, heartbeat_at,
       extract(epoch from clock_timestamp() - checked_at)::float8 as unseen_seconds
     from sandbox_hosts order by address`,
  );
}

export function listSlotLeases(q: Queryable): Promise<SlotLease[]> {
  return q.query<SlotLease>(
    `select host, kind, slot, epoch, execution, session_id, since, device from slot_leases
     order by host, kind desc, slot`,
  );
}

/** Whether a host that answers has a GPU, free or not. */
export async function hasGpuSlot(q: Queryable): Promise<boolean> {
  const rows = await q.query("select from slot_leases where kind = 'gpu' limit 1");
  return rows.length > 0;
}

export interface WorkerSign {
  identity: string;
  build: string;
  started_at: string;
  heartbeat_at: string;
  silent_seconds: number;
}

/** Workers that gave a sign of life within `seconds`. */
export function listWorkers(q: Queryable, seconds: number): Promise<WorkerSign[]> {
  return q.query<WorkerSign>(
    `select identity, build, started_at, heartbeat_at,
       extract(epoch from clock_timestamp() - heartbeat_at)::float8 as silent_seconds
     from worker_heartbeats where heartbeat_at > clock_timestamp() - make_interval(secs => $1) order by started_at`,
    [seconds],
  );
}

/** Says that the worker `identity` of release `build` is alive. */
export async function heartbeatWorker(q: Queryable, identity: string, build: string): Promise<void> {
  await q.query(
    `insert into worker_heartbeats (identity, build) values ($1, $2)
     on conflict (identity) do update set build = excluded.build, heartbeat_at = clock_timestamp()`,
    [identity, build],
  );
}

/** Takes away the sign of a worker that ended as it was asked to. */
export async function forgetWorker(q: Queryable, identity: string): Promise<void> {
  await q.query('delete from worker_heartbeats where identity = $1', [identity]);
}

/** How many workers have given a sign of life within `seconds`. */
export async function freshWorkers(q: Queryable, seconds: number): Promise<number> {
  const rows = await q.query<{ count: number }>(
    `select count(*) as count from worker_heartbeats
     where heartbeat_at > clock_timestamp() - make_interval(secs => $1)`,
    [seconds],
  );
  return rows[0]?.count ?? 0;
}

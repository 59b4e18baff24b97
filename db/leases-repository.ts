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

export interface SandboxHost {
  id: string;
  address: string;
  token_sha256: string;
  /** What the host can hold: limits and namespaces, as it reports them. */
  isolation: Record<string, unknown>;
  heartbeat_at: string;
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

/** Registers a host, or renews what is known of it. */
export async function upsertHost(tx: Queryable, host: Omit<SandboxHost, 'heartbeat_at'>): Promise<void> {
  await tx.query(
    `insert into sandbox_hosts (id, address, token_sha256, isolation) values ($1, $2, $3, $4)
     on conflict (id) do update set address = excluded.address, token_sha256 = excluded.token_sha256,
       isolation = excluded.isolation, heartbeat_at = clock_timestamp()`,
    [host.id, host.address, host.token_sha256, toJson(host.isolation)],
  );
}

/** The hosts whose heartbeat is younger than `freshSeconds`; all of them without it. */
export function listHosts(q: Queryable, freshSeconds?: number): Promise<SandboxHost[]> {
  return q.query<SandboxHost>(
    `select id, address, token_sha256, isolation, heartbeat_at from sandbox_hosts
     where $1::float8 is null or heartbeat_at > clock_timestamp() - make_interval(secs => $1) order by id`,
    [freshSeconds ?? null],
  );
}

/** Renews a host's heartbeat; false when the host is not registered. */
export async function heartbeatHost(q: Queryable, id: string): Promise<boolean> {
  const rows = await q.query(
    'update sandbox_hosts set heartbeat_at = clock_timestamp() where id = $1 returning id',
    [id],
  );
  return rows.length > 0;
}

export async function removeHost(q: Queryable, id: string): Promise<void> {
  await q.query('delete from sandbox_hosts where id = $1', [id]);
}

/** Says that the worker `identity` of release `build` is alive. */
export async function heartbeatWorker(q: Queryable, identity: string, build: string): Promise<void> {
  await q.query(
    `insert into worker_heartbeats (identity, build) values ($1, $2)
     on conflict (identity) do update set build = excluded.build, heartbeat_at = clock_timestamp()`,
    [identity, build],
  );
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

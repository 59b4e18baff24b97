/** Data connections. Sealed credentials leave here by `sealedConnection` alone, which no route calls. */

import type { DataConnection, LastProbe } from '../../core/connections.ts';
import type { Principal } from '../../core/principal.ts';
import type { Queryable, Transaction } from '../database.ts';
import { ownerFilter, toJson } from '../sql.ts';
import { seenBy } from './seen-by.ts';

/** As it is stored; whether it is the settings' is not the database's to know. */
export type StoredConnection = Omit<DataConnection, 'configured'>;

export type NewStoredConnection = Pick<StoredConnection, 'id' | 'name' | 'scope' | 'type' | 'address'> & {
  sealed_credentials: string;
};

const COLUMNS = 'id, name, owner, scope, type, address, created_at, last_probe';

/** Null when there is one of that name already, whoever's it is. */
export async function insertConnection(
  tx: Transaction,
  principal: Principal,
  { id, name, scope, type, address, sealed_credentials }: NewStoredConnection,
): Promise<StoredConnection | null> {
  const rows = await tx.query<StoredConnection>(
    `insert into data_connections (id, name, owner, scope, type, address, sealed_credentials)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (name) do nothing returning ${COLUMNS}`,
    [id, name, principal.id, scope, type, address, sealed_credentials],
  );
  return rows[0] ?? null;
}

/** By name. */
export function listConnections(q: Queryable, principal: Principal): Promise<StoredConnection[]> {
  return q.query<StoredConnection>(
    `select ${COLUMNS} from data_connections c where ${seenBy('c', '$1')} order by name limit 1000`,
    [ownerFilter(principal)],
  );
}

export async function getConnection(
  q: Queryable,
  principal: Principal,
  name: string,
): Promise<StoredConnection | null> {
  const rows = await q.query<StoredConnection>(
    `select ${COLUMNS} from data_connections c where c.name = $1 and ${seenBy('c', '$2')}`,
    [name, ownerFilter(principal)],
  );
  return rows[0] ?? null;
}

/** False when it is absent or not the principal's. */
export async function deleteConnection(
  tx: Transaction,
  principal: Principal,
  name: string,
): Promise<boolean> {
  const rows = await tx.query(
    'delete from data_connections where name = $1 and ($2::text is null or owner = $2) returning id',
    [name, ownerFilter(principal)],
  );
  return rows.length > 0;
}

/** Sources that are read by a connection. */
export async function countSourcesOf(q: Queryable, connection: string): Promise<number> {
  const rows = await q.query<{ count: number }>(
    'select count(*) as count from data_sources where connection = $1',
    [connection],
  );
  return rows[0]?.count ?? 0;
}

/** What came of a test, for as long as the connection is the one that was tested. */
export async function saveProbe(q: Queryable, id: string, probe: LastProbe): Promise<void> {
  await q.query('update data_connections set last_probe = $2::jsonb where id = $1', [id, toJson(probe)]);
}

/** For who opens it; null when there is none by that name. */
export async function sealedConnection(
  q: Queryable,
  name: string,
): Promise<Pick<NewStoredConnection, 'id' | 'name' | 'type' | 'address' | 'sealed_credentials'> | null> {
  const rows = await q.query<NewStoredConnection>(
    'select id, name, type, address, sealed_credentials from data_connections where name = $1',
    [name],
  );
  return rows[0] ?? null;
}

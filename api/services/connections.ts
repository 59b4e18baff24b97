/**
 * Data connections: those of the settings, which are an admin's to see, and those in rows. Credentials come in and go
 * to the server that they are for, nowhere else.
 */

import {
  checkedAddress,
  checkedCredentials,
  type DataConnection,
  type LastProbe,
  type NewConnection,
  sourceOfConnection,
} from '../../core/connections.ts';
import { TemperaError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { OpenedConnection } from '../../core/ports/connections.ts';
import type { Principal } from '../../core/principal.ts';
import {
  countSourcesOf,
  deleteConnection,
  getConnection,
  insertConnection,
  listConnections,
  noKey,
  type StoredConnection,
  saveProbe,
  type Transaction,
} from '../../db/index.ts';
import type { ConnectionParts } from '../connection-parts.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { requestHash } from '../http/idempotency.ts';
import { createOnce } from './once.ts';
import { type TablesPage, tablesPage } from './table-pages.ts';

/** Whose those of the settings are. */
const SETTINGS = 'settings';

/** By name. */
export async function connectionList(
  { db, connections }: ApiDependencies,
  principal: Principal,
): Promise<{ items: DataConnection[]; problems: ConnectionParts['problems'] }> {
  const stored = (await listConnections(db, principal)).map(fromRow);
  if (principal.role !== 'admin') return { items: stored, problems: [] };
  const configured = connections.configured.map((each) => fromSettings(connections, each));
  const names = new Set(configured.map(({ name }) => name));
  const items = [...configured, ...stored.filter(({ name }) => !names.has(name))];
  return {
    items: items.sort((one, other) => (one.name < other.name ? -1 : 1)),
    problems: connections.problems,
  };
}

/** @throws TemperaError NOT_FOUND, also for another's */
export async function requireConnection(
  { db, connections }: ApiDependencies,
  principal: Principal,
  name: string,
): Promise<DataConnection> {
  const configured = connections.configured.find((each) => each.name === name);
  if (configured !== undefined && principal.role === 'admin') return fromSettings(connections, configured);
  const row = await getConnection(db, principal, name);
  if (row === null || configured !== undefined)
    throw new TemperaError('NOT_FOUND', `There is no connection [${name}].`);
  return fromRow(row);
}

/** @throws TemperaError FORBIDDEN, INVALID_INPUT, CONFLICT */
export async function createConnection(
  dependencies: ApiDependencies,
  principal: Principal,
  { body, key }: { body: NewConnection; key: string | null },
): Promise<DataConnection> {
  const { db, connections } = dependencies;
  const { name, type, scope } = body;
  const address = checkedAddress(type, body.address);
  await connections.reach(new URL(address).hostname);
  const credentials = checkedCredentials(type, body.credentials);
  if (connections.seal === null) throw noKey();
  if (connections.configured.some((each) => each.name === name)) throw taken(name);
  const row = { id: newId(), name, scope, type, address };
  const sealed_credentials = connections.seal.seal(credentials, row);
  const insert = async (tx: Transaction) => {
    if ((await insertConnection(tx, principal, { ...row, sealed_credentials })) === null) throw taken(name);
    return row.id;
  };
  const asked = [name, type, scope, address, connections.seal.fingerprint(credentials)];
  await createOnce(db, principal, { key, hash: requestHash('connection', asked), insert });
  return await requireConnection(dependencies, principal, name);
}

/** @throws TemperaError NOT_FOUND, FORBIDDEN, CONFLICT while a data source is read by it */
export async function removeConnection(
  dependencies: ApiDependencies,
  principal: Principal,
  name: string,
): Promise<void> {
  const { configured } = await requireConnection(dependencies, principal, name);
  if (configured)
    throw new TemperaError(
      'CONFLICT',
      `The connection [${name}] is of the settings: take it out of TEMPERA_CONNECTIONS.`,
    );
  await dependencies.db.transaction(async (tx) => {
    await deleteConnection(tx, principal, name);
    const sources = await countSourcesOf(tx, name);
    if (sources > 0)
      throw new TemperaError(
        'CONFLICT',
        `${sources} data sources are read by the connection [${name}]. Remove them first.`,
      );
  });
}

/** Tries it, and remembers what came of it. @throws TemperaError NOT_FOUND, FORBIDDEN */
export async function testConnection(
  dependencies: ApiDependencies,
  principal: Principal,
  name: string,
): Promise<LastProbe> {
  const connection = await requireConnection(dependencies, principal, name);
  const probe = await probed(dependencies, connection);
  if (connection.configured) dependencies.connections.probes.set(name, probe);
  else await saveProbe(dependencies.db, connection.id, probe);
  return probe;
}

/** Tries those of the settings at once, and tells of what is wrong. Never fails. */
export async function probeConfigured(
  dependencies: Pick<ApiDependencies, 'columnSources' | 'connections'>,
  tell: (event: object) => void,
): Promise<void> {
  const { configured, problems, probes } = dependencies.connections;
  for (const { name, message } of problems) tell({ level: 'warn', what: 'connection', name, message });
  const tries = configured.map(async (connection) => {
    const probe = await probed(dependencies, connection);
    probes.set(connection.name, probe);
    const { ok, message } = probe;
    if (!ok) tell({ level: 'warn', what: 'connection', name: connection.name, message });
  });
  await Promise.all(tries);
}

export const countConfigured = ({ configured, problems, probes }: ConnectionParts) => ({
  configured: configured.length + problems.length,
  failed: problems.length + [...probes.values()].filter(({ ok }) => !ok).length,
});

async function probed(
  { columnSources }: Pick<ApiDependencies, 'columnSources'>,
  connection: Parameters<typeof sourceOfConnection>[0],
): Promise<LastProbe> {
  const probe = await columnSources.probe(sourceOfConnection(connection));
  return { ...probe, at: new Date().toISOString() };
}

/** What can be read by it now. @throws TemperaError NOT_FOUND, and an outage's code */
export async function connectionTables(
  dependencies: ApiDependencies,
  principal: Principal,
  { name, ...page }: { name: string; limit: number; cursor?: string | undefined },
): Promise<TablesPage> {
  const connection = await requireConnection(dependencies, principal, name);
  return await tablesPage(dependencies.columnSources, sourceOfConnection(connection), page);
}

const fromRow = (row: StoredConnection): DataConnection => ({ ...row, configured: false });

function fromSettings(
  { probes }: ConnectionParts,
  { id, name, type, address }: OpenedConnection,
): DataConnection {
  return {
    ...{ id, name, type, address, owner: SETTINGS, scope: 'private', configured: true, created_at: null },
    last_probe: probes.get(name) ?? null,
  };
}

const taken = (name: string): TemperaError =>
  new TemperaError(
    'CONFLICT',
    `There is a connection [${name}] already. Remove it first, or choose another name.`,
  );

/**
 * The data connections that the settings name, as `sales=postgres://user:password@host/db`, separated by commas.
 * One that is wrong is left out and told of; it never keeps the platform from starting.
 */

import { CONNECTION_TYPES, type ConnectionType, CREDENTIAL_FIELDS } from '../core/connection-forms.ts';
import { CONNECTION_NAME, checkedAddress, isConnectionAddress } from '../core/connections.ts';
import { TemperaError } from '../core/errors.ts';
import type { OpenedConnection } from '../core/ports/connections.ts';
import { areKeysRequired } from './api-keys.ts';
import type { Config } from './schema.ts';

export interface ConfiguredConnections {
  connections: OpenedConnection[];
  /** What is wrong with the others, by name, in sentences without a credential. */
  problems: { name: string; message: string }[];
}

export function configuredConnections({ sources }: Pick<Config, 'sources'>): ConfiguredConnections {
  const found: ConfiguredConnections = { connections: [], problems: [] };
  const parts = (sources.connections ?? '').split(',').flatMap((part) => part.trim() || []);
  for (const [at, part] of parts.entries()) {
    const name = /^([^=]*)=/.exec(part)?.[1]?.trim() ?? '';
    // what has no name may be a password with a comma in it: it is not shown
    const shown = CONNECTION_NAME.test(name) ? name : `number ${at + 1}`;
    try {
      if (found.connections.some((connection) => connection.name === name))
        throw new TemperaError('INVALID_INPUT', 'Its name is another one’s, too.');
      found.connections.push(connectionOf(name, part.slice(part.indexOf('=') + 1).trim()));
    } catch (error) {
      const message = error instanceof TemperaError ? error.message : 'It cannot be read.';
      found.problems.push({ name: shown, message: `${message} (TEMPERA_CONNECTIONS)` });
    }
  }
  return found;
}

function connectionOf(name: string, address: string): OpenedConnection {
  if (!CONNECTION_NAME.test(name) || !URL.canParse(address))
    throw new TemperaError(
      'INVALID_INPUT',
      'It is not of the form name=URL; in a user and password , / @ : and % are written as %2C %2F %40 %3A %25.',
    );
  const url = new URL(address);
  const type = CONNECTION_TYPES.find((each) => isConnectionAddress(each, url));
  if (type === undefined)
    throw new TemperaError(
      'INVALID_INPUT',
      'It begins with none of postgres://, https://, http://, hive2://.',
    );
  const credentials = credentialsOf(type, url);
  url.username = '';
  url.password = '';
  return { id: `settings/${name}`, name, type, address: checkedAddress(type, url.toString()), credentials };
}

function credentialsOf(type: ConnectionType, url: URL): Record<string, string> {
  const [user, password] = CREDENTIAL_FIELDS[type];
  const given = { [user]: decoded(url.username), [password]: decoded(url.password) };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
}

/** As it stands where a per cent sign was not meant as one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Hosts inside that a stored connection may reach: those of the settings and, on a platform that this machine alone
 * reaches, this machine's own, which everybody who asks here reaches without us.
 */
export const connectionHosts = (config: Pick<Config, 'access' | 'host' | 'outbound'>): string[] => [
  ...config.outbound.allowedHosts,
  ...(areKeysRequired(config) ? [] : ['localhost', '127.0.0.1', '::1']),
];

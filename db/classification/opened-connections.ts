/** Connections as adapters open them: those of the settings, and those whose credentials are sealed in rows. */

import { TemperaError } from '../../core/errors.ts';
import type { Connections, OpenedConnection } from '../../core/ports/connections.ts';
import type { CredentialSeal } from '../../core/sealed-credentials.ts';
import type { Queryable } from '../database.ts';
import { sealedConnection } from './connections-repository.ts';

export interface ConnectionSources {
  /** Of the settings, which come first. */
  configured: readonly OpenedConnection[];
  /** Null where there is no key: nothing sealed opens. */
  seal: CredentialSeal | null;
  /** The address by which a host is reached that a person has named; those of the settings are the operator's own. */
  reach: (host: string) => Promise<string>;
}

export function openConnections(q: Queryable, { configured, seal, reach }: ConnectionSources): Connections {
  return {
    async open(name) {
      const found = configured.find((connection) => connection.name === name);
      if (found !== undefined) return found;
      const row = await sealedConnection(q, name);
      if (row === null)
        throw new TemperaError(
          'NOT_FOUND',
          `There is no connection [${name}]. tempera connections list shows them.`,
        );
      const { sealed_credentials, ...connection } = row;
      if (seal === null) throw noKey();
      const reachedBy = await reach(new URL(connection.address).hostname);
      return { ...connection, credentials: seal.open(sealed_credentials, connection), reachedBy };
    },
  };
}

/** Why nothing can be sealed or opened. */
export const noKey = (): TemperaError =>
  new TemperaError(
    'INVALID_INPUT',
    'Credentials cannot be stored here: TEMPERA_CREDENTIALS_KEY is not set. Where the platform is not started by ' +
      '`npm start`, give api and worker the same key.',
  );

/** The port to data connections: what an adapter needs to open one. */

import type { ConnectionType } from '../connection-forms.ts';
import type { Credentials } from '../connections.ts';

/** With its credentials, which go nowhere but to the server that it names. */
export interface OpenedConnection {
  /** Changes with what the connection is. */
  id: string;
  name: string;
  type: ConnectionType;
  /** Without credentials. */
  address: string;
  credentials: Credentials;
  /** The address that its host's name was found to stand for; left out of the operator's own, dialled by name. */
  reachedBy?: string | null;
}

export interface Connections {
  /** @throws TemperaError NOT_FOUND when there is none by that name, INVALID_INPUT when it cannot be opened */
  open(name: string): Promise<OpenedConnection>;
}

/** Hosts whose addresses are configured: on this machine (`local`), or on others by mutual TLS (`remote`). */

import { TemperaError } from '../../core/errors.ts';
import type { HostTls } from '../../core/sandbox-hosts.ts';
import type { ProviderName, SandboxProvider } from './provider.ts';

export interface ListedHosts {
  provider: ProviderName;
  addresses: readonly string[];
  /** What all of them ask for. */
  token: string;
  tls: HostTls | null;
}

/** @throws TemperaError INVALID_INPUT for a provider that lists no hosts */
export function createListedProvider({ provider, addresses, token, tls }: ListedHosts): SandboxProvider {
  if (provider === 'modal') {
    throw new TemperaError('INVALID_INPUT', 'The provider modal lists no hosts; it starts its own.');
  }
  const places = addresses.map((address) => ({ address, token, tls }));
  return { name: provider, places: async () => places, close: async () => undefined };
}

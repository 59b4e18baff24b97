/** Where sandbox hosts come from. Everything above asks a provider for places and speaks the same gRPC to each. */

import type { HostTls } from '../../core/sandbox-hosts.ts';

export const PROVIDER_NAMES = ['local', 'remote', 'modal'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** A sandbox host that may be called. */
export interface HostPlace {
  /** host:port */
  address: string;
  token: string;
  /** Null: plain text, for loopback only. */
  tls: HostTls | null;
}

export interface SandboxProvider {
  readonly name: ProviderName;
  /** The hosts there are at present; one that does not answer is among them. */
  places(): Promise<readonly HostPlace[]>;
  /** Why there is no host at present, where the provider knows; null when there is one. */
  problem?(): string | null;
  /** Ends what the provider itself started. */
  close(): Promise<void>;
}

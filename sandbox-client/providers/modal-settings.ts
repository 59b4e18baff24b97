/** What the provider `modal` needs to know. config checks and fills it. */

import type { HostTls } from '../tls.ts';

export interface ModalSettings {
  tokenId: string;
  tokenSecret: string;
  /** URL of Modal's API. */
  serverUrl: string;
  /** Null: the account's default one. */
  environment: string | null;
  app: string;
  /** Of the sandbox: at most one of this name runs. */
  name: string;
  /** An image in a registry that holds the host; null: one is built from `sourceFolder`. */
  image: string | null;
  /** Keeps the host's files over the sandbox's end; null: they end with it. */
  volume: string | null;
  /** A kind with how many, such as `H100:2`. */
  gpu: string | null;
  cpu: number;
  memoryMebibytes: number;
  timeoutSeconds: number;
  /** Whether the sandbox may open connections to the internet. */
  outbound: boolean;
  /** Whether closing the provider that keeps the sandbox ends it. */
  endOnStop: boolean;
  sourceFolder: string;
  host: ModalHost;
}

/** How the sandbox host in there is started and called. */
export interface ModalHost {
  token: string;
  policy: string;
  /** Executions at a time; 0: one a core. */
  slots: number;
  detachedGraceSeconds: number;
  /** PEM: the host's own. */
  certificate: Buffer;
  key: Buffer;
  /** By which it is called; `serverName` is the name in its certificate. */
  tls: HostTls;
}

/** Every secret in the settings, as text that no log and no error may hold. */
export function secretsOf({ tokenSecret, host }: ModalSettings): string[] {
  return [tokenSecret, host.token, host.key.toString().trim()].filter((secret) => secret !== '');
}

/** `text` without the secrets. */
export const redacted = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((kept, secret) => kept.replaceAll(secret, '[secret]'), text);

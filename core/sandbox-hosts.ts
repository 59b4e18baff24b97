/** How sandbox hosts are reached, and what the provider `modal` is given: checked by config, used by sandbox-client. */

export interface HostTls {
  /** PEM: signed the hosts' certificates. */
  authority: Buffer;
  /** PEM: ours, which the host's client authority has signed; null shows none. */
  certificate: Buffer | null;
  key: Buffer | null;
  /** Name to expect in the hosts' certificates in place of their address. */
  serverName: string | null;
}

/** The provider `modal`: its account, the sandbox that is asked for, and the host in it. */
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

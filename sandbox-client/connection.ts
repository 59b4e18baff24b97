/** One channel to a sandbox host: token, deadlines, and the translation of its errors. */

import { type CallOptions, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { HostTls } from '../core/sandbox-hosts.ts';
import { SandboxClient } from '../proto/generated/tempera/v1/sandbox.ts';
import { toSandboxError } from './errors.ts';
import { channelSecurity } from './tls.ts';

export interface ConnectionOptions {
  /** host:port */
  address: string;
  token: string;
  /** None: plain text, for loopback only. */
  tls?: HostTls | null;
  /** Milliseconds of a unary call. Default 30,000. */
  unaryTimeoutMs?: number;
  /** Milliseconds between the pings that find a dead host under a silent stream. Default 10,000. */
  keepaliveMs?: number;
}

type Callback<R> = (error: ServiceError | null, response: R) => void;
/** A method of a generated client. */
type Unary<Q, R> = (
  ...parts: [request: Q, metadata: Metadata, options: Partial<CallOptions>, callback: Callback<R>]
) => unknown;

export interface UnaryOptions {
  /** What is tried, as its error says it. */
  attempted: string;
  /** Default: the connection's unaryTimeoutMs. */
  timeoutMs?: number;
}

export interface Connection {
  readonly client: SandboxClient;
  metadata(): Metadata;
  unary<Q, R>(call: Unary<Q, R>, request: Q, options: UnaryOptions): Promise<R>;
  close(): void;
}

const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Connects lazily; a host that comes back is found again within a second. */
export function connectSandbox(options: ConnectionOptions): Connection {
  const [credentials, security] = channelSecurity(options.tls ?? null);
  const client = new SandboxClient(options.address, credentials, {
    ...security,
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    // a new host at an address is tried at once, whatever became of the last one there
    'grpc.use_local_subchannel_pool': 1,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    'grpc.keepalive_time_ms': options.keepaliveMs ?? 10_000,
    'grpc.keepalive_timeout_ms': 5_000,
  });
  function metadata(): Metadata {
    const data = new Metadata();
    data.set('authorization', `Bearer ${options.token}`);
    return data;
  }
  return {
    client,
    metadata,
    unary: (call, request, { attempted, timeoutMs = options.unaryTimeoutMs ?? 30_000 }) =>
      new Promise((resolve, reject) => {
        call.call(client, request, metadata(), { deadline: Date.now() + timeoutMs }, (error, response) => {
          if (error) reject(toSandboxError(error, attempted));
          else resolve(response);
        });
      }),
    close: () => client.close(),
  };
}

/**
 * The port to servers that somebody else has named: webhooks, datasets by URL, data connections. What it does not let
 * through is INVALID_INPUT, with the setting that would let it.
 */

import type { Readable } from 'node:stream';

export interface OutboundRequest {
  method?: 'GET' | 'POST' | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  body?: string | undefined;
  /** Silence, or no end of the answer's head, after which it is given up. */
  timeoutMs: number;
  /** Redirects that are followed, each checked as the first address was. Default 0: the answer is the redirect. */
  redirects?: number | undefined;
}

export interface OutboundAnswer {
  status: number;
  /** Read it or destroy it. */
  body: Readable;
  /** Of the body, where the server says. */
  length: number | null;
}

export interface Outbound {
  /** The one address by which a host is reached from now on. @throws TemperaError INVALID_INPUT */
  resolve(host: string): Promise<string>;
  /** @throws TemperaError INVALID_INPUT for a URL that is not taken */
  check(url: string): Promise<void>;
  /** @throws TemperaError INVALID_INPUT for what is not let through; other errors are of the network */
  request(url: string, request: OutboundRequest): Promise<OutboundAnswer>;
}

/** Buckets that sources lie in: the platform's own, and others by their connections. */

import { pathOf, withoutCredentials } from '../core/connections.ts';
import { TemperaError } from '../core/errors.ts';
import type { Connections, OpenedConnection } from '../core/ports/connections.ts';

/** What is read of an object store; each call is repeated inside when an outage is short. */
export interface ObjectReader {
  list(
    prefix: string,
    options: { after: string | null; limit: number },
  ): Promise<{ items: { key: string; size: number }[]; next_cursor: string | null }>;
  head(key: string): Promise<{ size: number } | null>;
  get(key: string): Promise<{ body: AsyncIterable<Uint8Array> }>;
  close(): void;
}

export interface Bucket extends ObjectReader {
  name: string;
  /** The error to throw in the place of one of the store's. */
  explain(error: unknown): unknown;
}

/** Opens the bucket of a connection; null: the platform's own. */
export type OpenBucket = (connection: string | null) => Promise<Bucket>;

export interface StoreAddress {
  endpoint: string;
  region: string;
  bucket: string;
  accessKey: string;
  secretKey: string;
  /** The address that the endpoint's name stands for; null: as the machine resolves it. */
  reachedBy: string | null;
}

export interface BucketParts {
  own: { name: string; store: ObjectReader };
  connections: Connections;
  makeStore(address: StoreAddress): ObjectReader;
}

export function bucketOpener({ own, connections, makeStore }: BucketParts): OpenBucket {
  return async (name) => {
    if (name === null)
      return bucketOver(own.store, { name: own.name, explain: (error) => error, close: () => undefined });
    const connection = await connections.open(name);
    const address = storeAddress(connection);
    const store = makeStore(address);
    const explain = (error: unknown) => explained(error, connection);
    return bucketOver(store, { name: address.bucket, explain, close: () => store.close() });
  };
}

function bucketOver(store: ObjectReader, own: Pick<Bucket, 'name' | 'explain' | 'close'>): Bucket {
  return {
    ...own,
    list: (prefix, options) => store.list(prefix, options),
    head: (key) => store.head(key),
    get: (key) => store.get(key),
  };
}

/** @throws TemperaError INVALID_INPUT for a connection of another type */
export function storeAddress({
  name,
  type,
  address,
  credentials,
  reachedBy = null,
}: OpenedConnection): StoreAddress {
  if (type !== 's3')
    throw new TemperaError('INVALID_INPUT', `The connection [${name}] is one to ${type}, not to S3.`);
  const url = new URL(address);
  return {
    endpoint: url.origin,
    region: url.searchParams.get('region') ?? 'us-east-1',
    bucket: pathOf(url),
    accessKey: credentials.access_key ?? '',
    secretKey: credentials.secret_key ?? '',
    reachedBy,
  };
}

/** What a store refuses is no outage: trying again would not help. */
function explained(error: unknown, { name, credentials }: OpenedConnection): unknown {
  if (!(error instanceof TemperaError)) return error;
  const status = statusOf(error.cause);
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    const why = `refuses (HTTP ${status}): check its address and its credentials.`;
    return new TemperaError('INVALID_INPUT', `The bucket of the connection [${name}] ${why}`);
  }
  if (error.code !== 'STORAGE_UNAVAILABLE') return error;
  const why = withoutCredentials(error.message, credentials);
  const message = `The bucket of the connection [${name}] does not answer: ${why}`;
  return new TemperaError('STORAGE_UNAVAILABLE', message, { retryAfter: 5 });
}

function statusOf(cause: unknown): number {
  if (typeof cause !== 'object' || cause === null || !('$metadata' in cause)) return 0;
  const { $metadata: metadata } = cause;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return 0;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : 0;
}

/** One question to each kind of server that only a working one answers. Each rejects where it does not. */

import { get } from 'node:http';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import pg from 'pg';

export type Probe = () => Promise<void>;

const ANSWER_MILLISECONDS = 2_000;
const IDLE_MILLISECONDS = 60_000;

/** HTTP answers with a status that `accepts`; by default any at all. */
export function httpProbe(url: string, accepts: (status: number) => boolean = () => true): Probe {
  return () =>
    new Promise((resolve, reject) => {
      const request = get(url, { timeout: ANSWER_MILLISECONDS }, (response) => {
        response.resume();
        const { statusCode = 0 } = response;
        accepts(statusCode) ? resolve() : reject(new Error(`${url} answers ${statusCode}`));
      });
      request.once('timeout', () => request.destroy(new Error(`no answer from ${url}`)));
      request.once('error', reject);
    });
}

/**
 * Postgres answers a query. The connection is kept from one question to the next, for making one costs both sides far
 * more than the answer; it keeps no process alive.
 */
export function postgresProbe(url: string): Probe {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: ANSWER_MILLISECONDS,
    query_timeout: ANSWER_MILLISECONDS,
    idleTimeoutMillis: IDLE_MILLISECONDS,
    allowExitOnIdle: true,
  });
  pool.on('error', () => undefined); // the next question rejects as well
  return async () => {
    await pool.query('select 1');
  };
}

export interface GrpcQuestion {
  /** The encoded message. */
  request?: Buffer;
  /** Judges the encoded answer. */
  accepts?: (answer: Buffer) => boolean;
}

/** A unary gRPC method answers. */
export function grpcProbe(
  address: string,
  method: string,
  { request = Buffer.alloc(0), accepts = () => true }: GrpcQuestion = {},
): Probe {
  const same = (bytes: Buffer) => bytes;
  return async () => {
    const client = new Client(address, credentials.createInsecure());
    const deadline = Date.now() + ANSWER_MILLISECONDS;
    try {
      const answer = await new Promise<Buffer>((resolve, reject) => {
        client.makeUnaryRequest(method, same, same, request, new Metadata(), { deadline }, (error, value) =>
          value ? resolve(value) : reject(error ?? new Error(`${method} answers nothing`)),
        );
      });
      if (!accepts(answer)) {
        throw new Error(`${method} at ${address} says that it is not serving`);
      }
    } finally {
      client.close();
    }
  };
}

/** grpc.health.v1 says SERVING for `service`. */
export function healthProbe(address: string, service: string): Probe {
  const name = Buffer.from(service);
  // message HealthCheckRequest { string service = 1; }, and the answer { ServingStatus status = 1; } with SERVING = 1
  const request = Buffer.concat([Buffer.from([0x0a, name.length]), name]);
  const accepts = (answer: Buffer) => answer.equals(Buffer.from([0x08, 0x01]));
  return grpcProbe(address, '/grpc.health.v1.Health/Check', { request, accepts });
}

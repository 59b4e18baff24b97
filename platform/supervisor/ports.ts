/**
 * Ports of the embedded servers. They are kept from start to start, so that what holds an address
 * (a worker, a `temporal` command) finds the server again after any restart.
 */

import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { z } from 'zod';
import { writeAtomic } from '../setup/digest.mjs';

export const PORT_NAMES = [
  'postgres',
  'temporal',
  'temporalMetrics',
  's3',
  'sandbox',
  'api',
  'grpc',
] as const;
export type PortName = (typeof PORT_NAMES)[number];
export type Ports = Record<PortName, number>;

/** Ports that a person would try first. */
const PREFERRED: Partial<Ports> = { temporal: 7233 };
/** Below the range that Linux gives to outgoing connections, so that none of those takes the port meanwhile. */
const RANGE = { first: 20_000, last: 32_000 };

/** A home that an earlier release has made may keep ports of parts that are no more. */
const PortsSchema = z
  .record(z.string(), z.number().int())
  .transform(
    (saved): Partial<Ports> =>
      Object.fromEntries(
        PORT_NAMES.flatMap((name) => (saved[name] === undefined ? [] : [[name, saved[name]]])),
      ),
  );

export interface PortChoice {
  /** Whether Temporal gets the ports that the `temporal` command looks at by itself. Default true. */
  preferred?: boolean;
  isFree?: (port: number) => Promise<boolean>;
  random?: () => number;
}

/** The ports kept in `file` where they are free, else preferred ones, else any; written back. */
export async function choosePorts(file: string, choice: PortChoice = {}): Promise<Ports> {
  const { preferred = true, isFree = isPortFree, random = Math.random } = choice;
  const wished = preferred ? PREFERRED : {};
  const saved = existsSync(file) ? PortsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  const chosen: Partial<Ports> = {};
  for (const name of PORT_NAMES) {
    const wishes = [saved[name], wished[name]].filter((port) => port !== undefined);
    const taken = () => Object.values(chosen);
    chosen[name] = await firstFree(
      wishes,
      (port) => (taken().includes(port) ? Promise.resolve(false) : isFree(port)),
      random,
    );
  }
  const ports = z.record(z.enum(PORT_NAMES), z.number()).parse(chosen);
  writeAtomic(file, JSON.stringify(ports));
  return ports;
}

async function firstFree(
  wishes: readonly number[],
  isFree: (port: number) => Promise<boolean>,
  random: () => number,
): Promise<number> {
  for (const port of wishes) {
    if (await isFree(port)) {
      return port;
    }
  }
  for (;;) {
    const port = RANGE.first + Math.floor(random() * (RANGE.last - RANGE.first));
    if (await isFree(port)) {
      return port;
    }
  }
}

/** Whether nobody listens on a loopback port. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

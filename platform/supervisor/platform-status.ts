/** What is said about a running platform in its home: run.json, for commands, tests and people. No secret is in it. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ProcessStatusSchema } from '../../core/endpoints.ts';
import { writeAtomic } from '../setup/digest.mjs';
import { isAlive } from '../setup/process.mjs';

const ProcessSchema = z.object({
  name: z.string(),
  status: ProcessStatusSchema,
  address: z.string().nullable(),
  pid: z.number().nullable(),
  startTime: z.string().nullable(),
  since: z.string(),
  restarts: z.number(),
  reason: z.string().nullable(),
});

const PlatformStatusSchema = z.object({
  /** Of the supervisor. */
  pid: z.number(),
  startTime: z.string(),
  state: z.enum(['starting', 'ready', 'stopping']),
  startedAt: z.string(),
  home: z.string(),
  addresses: z.object({
    /** UI and REST. */
    api: z.string(),
    /** host:port of the platform's gRPC service. */
    grpc: z.string().optional(),
    temporal: z.string().nullable(),
    temporalUi: z.string().nullable(),
    s3: z.string().nullable(),
    sandbox: z.string().nullable(),
    /** host:port, without the password. */
    postgres: z.string().nullable(),
  }),
  processes: z.array(ProcessSchema),
});

/** run.json: addresses, processes with pid, start time and status. */
export type PlatformStatus = z.infer<typeof PlatformStatusSchema>;

export const statusFile = (home: string): string => join(home, 'run.json');

export function writePlatformStatus(home: string, status: PlatformStatus): void {
  writeAtomic(statusFile(home), `${JSON.stringify(status, null, 2)}\n`);
}

/** The platform that runs in a home, or null where none does (a file left by a dead supervisor counts as none). */
export function readPlatformStatus(home: string): PlatformStatus | null {
  const file = statusFile(home);
  if (!existsSync(file)) {
    return null;
  }
  const status = PlatformStatusSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return isAlive(status) ? status : null;
}

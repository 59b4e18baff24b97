/** A server behind its guard: spawned, told to end, and never outliving the guard. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Environment } from '../../config/index.ts';
import { endRecorded, readPidFile } from './leftovers.ts';

export interface SpawnRequest {
  name: string;
  command: string;
  arguments: readonly string[];
  cwd: string;
  environment: Environment;
  /** File that takes the server's output. */
  log: string;
  /** File that names the server while it lives. */
  pidFile: string;
  /** Asks the server to end: SIGINT is Postgres's fast shutdown, SIGTERM everybody else's. */
  endSignal: 'SIGINT' | 'SIGTERM';
  /** Milliseconds it has to end before it is killed. */
  graceMilliseconds: number;
}

export interface ServerEnd {
  code: number | null;
  signal: string | null;
  reason?: string | undefined;
}

export interface GuardedChild {
  /** The server's pid; rejects when it could not be started. */
  started: Promise<number>;
  /** Resolves when the server and its whole group are gone. */
  ended: Promise<ServerEnd>;
  /** Asks it to end; `ended` tells when it has. */
  end(): void;
}

const FactSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('started'), pid: z.number() }),
  z.object({
    event: z.literal('ended'),
    code: z.number().nullable(),
    signal: z.string().nullable(),
    reason: z.string().optional(),
  }),
]);

/** Starts a server behind `guardFile`. */
export function spawnGuarded(request: SpawnRequest, guardFile: string): GuardedChild {
  const { environment, ...rest } = request;
  const guard = spawn(process.execPath, [guardFile, JSON.stringify(rest)], {
    env: { ...environment },
    // a session of its own: Ctrl-C in a terminal is for the supervisor, which ends its servers in order
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  guard.stdin.on('error', () => undefined); // a guard that is gone needs no request to end
  const facts = createInterface({ input: guard.stdout });
  let end: ServerEnd | undefined;
  const started = new Promise<number>((resolve, reject) => {
    facts.on('line', (line) => {
      const fact = FactSchema.parse(JSON.parse(line));
      if (fact.event === 'started') {
        resolve(fact.pid);
      } else {
        end = fact;
      }
    });
    guard.once('close', () => reject(new Error(`${request.name} was not started`)));
  });
  started.catch(() => undefined); // whoever waits for the end need not wait for the start
  const ended = new Promise<ServerEnd>((resolve, reject) => {
    guard.once('error', (error) => resolve({ code: null, signal: null, reason: error.message }));
    guard.once('close', (_code, signal) => void finish(request, end, signal).then(resolve, reject));
  });
  return { started, ended, end: () => void guard.stdin.end() };
}

/** A guard that was killed leaves its server behind: end it, so that the next start finds the way free. */
async function finish(
  request: SpawnRequest,
  end: ServerEnd | undefined,
  signal: string | null,
): Promise<ServerEnd> {
  if (end) {
    return end;
  }
  const left = readPidFile(request.pidFile);
  if (left) {
    await endRecorded(left, request.pidFile, request.graceMilliseconds);
  }
  return { code: null, signal, reason: 'its guard ended first' };
}

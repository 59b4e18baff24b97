/**
 * A process that makes every streaming call against a host that refuses, or is gone, at each of its messages, and
 * prints what became of the calls and which errors nobody heard.
 *
 *   node refused-calls.mjs
 */

import { setTimeout as delay } from 'node:timers/promises';
import { Server, ServerCredentials, type ServiceError, status } from '@grpc/grpc-js';
import type { ExecutionRequest } from '../../core/ports/sandbox.ts';
import { type SandboxServer, SandboxService } from '../../proto/generated/tempera/v1/sandbox.ts';
import { type Connection, connectSandbox } from '../connection.ts';
import { createExecutions } from '../executions.ts';
import { createStreamedTools } from '../streamed-tools.ts';
import { createWorkspaces } from '../workspaces.ts';

type Definition = typeof SandboxService;
type Streaming = {
  [Method in keyof Definition]: Definition[Method] extends { requestStream: false; responseStream: false }
    ? never
    : Method;
}[keyof Definition];
/** Without a caller in the product: tests of the host have their own. */
type Unused = 'writeFile' | 'listFiles' | 'watchStatus';
type Called = Exclude<Streaming, Unused>;

/** How a host stops in the middle of a call. */
type Refusal = 'refuses' | 'is gone';
/** How far a caller goes: to the end of what it sends or reads, or it falls silent, fails or leaves after a message. */
type Manner = 'goes on' | 'falls silent' | 'fails' | 'leaves';

export interface Outcome {
  call: Called;
  refusal: Refusal;
  /** Messages after which the host stopped. */
  after: number;
  manner: Manner;
  /** The error's code; null where the caller got none. */
  code: string | null;
}

const AFTER = [0, 1, 2, 3];
/** After which a call counts as one that hangs. */
const LONGEST_MS = 2_000;
const KEY = { sessionId: 's', epoch: 1 };
const SPOOL = { executionId: 'e/1', epoch: 1, fromOffset: 0 };

const CALLS: Record<Called, (connection: Connection, manner: Manner) => Promise<unknown>> = {
  writeDataset: (connection, manner) =>
    createWorkspaces(connection).writeDataset('x', { path: 'a.csv', sha256: '', size: 0 }, body(manner)),
  restore: (connection, manner) =>
    createWorkspaces(connection).restore(KEY, { id: 'c', entries: ['a', 'b'].map(entry) }, () =>
      body(manner),
    ),
  checkpoint: (connection) => createWorkspaces(connection).scan(KEY),
  readFile: (connection, manner) => read(createWorkspaces(connection).readFile('s', entry('a')), manner),
  executeStream: (connection, manner) =>
    read(createExecutions(connection).start(execution(), new AbortController().signal), manner),
  attach: (connection, manner) =>
    read(createExecutions(connection).attach(SPOOL, new AbortController().signal), manner),
  streamTool: (connection, manner) =>
    read(createStreamedTools(connection).call({ sessionId: 's', tool: 't', parameters: {} }), manner),
};
const SENDING: readonly Called[] = ['writeDataset', 'restore'];

async function* body(manner: Manner): AsyncGenerator<Uint8Array> {
  yield Buffer.from('first');
  yield Buffer.from('second');
  if (manner === 'falls silent') await new Promise<never>(() => undefined);
  if (manner === 'fails') throw Object.assign(new Error('the store is away'), { code: 'SOURCE' });
  yield Buffer.from('third');
}

async function read(messages: AsyncIterable<unknown>, manner: Manner): Promise<void> {
  for await (const _ of messages) if (manner === 'leaves') return;
}

const entry = (path: string) =>
  ({ path, kind: 'file', size: 16, sha256: '', mode: 0o644, target: '' }) as const;

function execution(): ExecutionRequest {
  const limits = { memoryBytes: 1, workspaceBytes: 1, workspaceFiles: 1, processes: 1 };
  return {
    ...{ ...KEY, executionId: 'e/1', base: '', code: '', scriptPath: 'a.py', timeoutMs: 1_000 },
    ...{ environment: {}, limits: { ...limits, outputBytes: 1, tmpBytes: 1 }, traceContext: '' },
  };
}

const REFUSED: Partial<ServiceError> = { code: status.FAILED_PRECONDITION, details: 'Not now.' };

/** A server whose every streaming method stops after as many messages. */
async function startHost(refusal: Refusal, after: number): Promise<{ address: string; stop(): void }> {
  const server = new Server();
  const methods: Record<string, (call: Stream, done?: (error: Partial<ServiceError>) => void) => void> = {};
  for (const [name, { requestStream, responseStream, responseDeserialize }] of Object.entries(
    SandboxService,
  )) {
    if (!requestStream && !responseStream) continue;
    methods[name] = (call, done) => {
      const stop = () => {
        if (refusal === 'is gone') server.forceShutdown();
        else if (done) done(REFUSED);
        else call.emit('error', REFUSED);
      };
      call.on('error', () => undefined);
      if (requestStream) stopAfter(call, after, stop);
      else {
        for (let message = 0; message < after; message += 1) call.write(responseDeserialize(Buffer.alloc(0)));
        // what was written is on its way before the end is told
        setImmediate(stop);
      }
    };
  }
  // the methods that no case calls are left out
  server.addService(SandboxService, methods as unknown as SandboxServer);
  const port = await new Promise<number>((resolve, reject) => {
    const bound = (error: Error | null, at: number) => (error ? reject(error) : resolve(at));
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), bound);
  });
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

interface Stream {
  on(event: 'data' | 'error', listener: () => void): void;
  emit(event: 'error', error: Partial<ServiceError>): void;
  write(message: object): void;
}

function stopAfter(call: Stream, after: number, stop: () => void): void {
  let seen = 0;
  if (after === 0) stop();
  call.on('data', () => {
    seen += 1;
    if (seen === after) stop();
  });
}

async function outcomeOf({ call, refusal, after, manner }: Omit<Outcome, 'code'>): Promise<Outcome> {
  const host = await startHost(refusal, after);
  const connection = connectSandbox({ address: host.address, token: 't' });
  const done = CALLS[call](connection, manner).then(
    () => null,
    (error: unknown) => String(Reflect.get(Object(error), 'code')),
  );
  const code = await Promise.race([done, delay(LONGEST_MS, 'NO ANSWER')]);
  connection.close();
  host.stop();
  return { call, refusal, after, manner, code };
}

async function main(): Promise<void> {
  const unheard: string[] = [];
  for (const event of ['unhandledRejection', 'uncaughtException'] as const)
    process.on(event, (error: unknown) => unheard.push(`${event}: ${String(error)}`));
  const outcomes: Outcome[] = [];
  for (const call of Object.keys(CALLS) as Called[]) {
    const manners: Manner[] = SENDING.includes(call)
      ? ['goes on', 'falls silent', 'fails']
      : ['goes on', 'leaves'];
    for (const refusal of ['refuses', 'is gone'] as const)
      for (const after of AFTER)
        for (const manner of manners) outcomes.push(await outcomeOf({ call, refusal, after, manner }));
  }
  // a call whose reader never begins
  createExecutions(connectSandbox({ address: '127.0.0.1:1', token: 't' })).attach(
    SPOOL,
    new AbortController().signal,
  );
  // errors of connections that were closed come a moment later
  await delay(200);
  process.stdout.write(JSON.stringify({ outcomes, unheard }), () => process.exit());
}

await main();

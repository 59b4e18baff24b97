/**
 * A message that cannot be read is a bug, and told as one: waiting does not mend it, so that it must not look like
 * an outage.
 */

import { promisify } from 'node:util';
import {
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { TemperaError } from '../core/errors.ts';
import { ExecutionChunk, SandboxService } from '../proto/generated/tempera/v1/sandbox.ts';
import { connectSandbox } from './connection.ts';
import { createExecutions } from './executions.ts';

type Answer = Buffer | { code: status; details: string };

let server: Server;
let address: string;
let answer: Answer = Buffer.alloc(0);

beforeAll(async () => {
  server = new Server();
  const raw = (value: Buffer) => value;
  const { attach, execute } = SandboxService;
  server.addService(
    { attach: { ...attach, responseSerialize: raw }, execute: { ...execute, responseSerialize: raw } },
    {
      attach: (call: ServerWritableStream<unknown, Buffer>) => {
        if (Buffer.isBuffer(answer)) call.write(answer, () => call.end());
        else call.emit('error', answer);
      },
      execute: (_: unknown, done: sendUnaryData<Buffer>) => {
        if (Buffer.isBuffer(answer)) done(null, answer);
        else done(answer);
      },
    },
  );
  const bind = promisify(server.bindAsync.bind(server));
  address = `127.0.0.1:${await bind('127.0.0.1:0', ServerCredentials.createInsecure())}`;
});
afterAll(() => server?.forceShutdown());

/** The code of the error with which each kind of call ends. */
async function codes(given: Answer): Promise<string[]> {
  answer = given;
  const connection = connectSandbox({ address, token: 't' });
  const executions = createExecutions(connection);
  const { signal } = new AbortController();
  const stream = async () => {
    for await (const _ of executions.attach({ executionId: 'x/1', epoch: 1, fromOffset: 0 }, signal));
    return {};
  };
  const request = { sessionId: '', experimentId: 'x', tool: 'read_file', parameters: {} };
  const codeOf = (error: unknown) => (error instanceof TemperaError ? error.code : String(error));
  const found = await Promise.all(
    [stream, () => executions.runTool(request)].map((call) => call().then(() => 'fine', codeOf)),
  );
  connection.close();
  return found;
}

const beyond = () => {
  const chunk = ExecutionChunk.fromPartial({
    offset: 1,
    payload: { $case: 'metrics', value: { items: [{ step: 7, name: 'a', value: 1, runTag: '' }] } },
  });
  const bytes = Buffer.from(ExecutionChunk.encode(chunk).finish());
  // the step's varint becomes 2^60
  const at = bytes.indexOf(Buffer.from([0x08, 7]), 2);
  const step = Buffer.from([0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]);
  const item = Buffer.concat([step, bytes.subarray(at + 2)]);
  const batch = Buffer.concat([Buffer.from([0x0a, item.length]), item]);
  return Buffer.concat([bytes.subarray(0, 2), Buffer.from([bytes[2] ?? 0, batch.length]), batch]);
};

test.each<[string, () => Buffer]>([
  ['bytes that are no message', () => Buffer.from([0xff, 0xff, 0xff, 0xff])],
  ['a message that is cut off', () => Buffer.from([0x0a, 0x7f, 0x01])],
])('%s are a bug', async (_, bytes) => {
  expect(await codes(bytes())).toEqual(['INTERNAL', 'INTERNAL']);
});

test('a number that no number here can hold is a bug', async () => {
  expect((await codes(beyond()))[0]).toBe('INTERNAL');
});

test('a stream that broke is an outage', async () => {
  expect(await codes({ code: status.UNAVAILABLE, details: 'gone' })).toEqual([
    'SANDBOX_UNAVAILABLE',
    'SANDBOX_UNAVAILABLE',
  ]);
  expect(await codes({ code: status.INTERNAL, details: 'Received RST_STREAM with code 2' })).toEqual([
    'SANDBOX_UNAVAILABLE',
    'SANDBOX_UNAVAILABLE',
  ]);
});

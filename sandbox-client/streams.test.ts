/** A stream's messages against a host that takes them: what was sent is not held any longer. */

import { Server, ServerCredentials, type ServerReadableStream } from '@grpc/grpc-js';
import { SandboxService } from '../proto/generated/tempera/v1/sandbox.ts';
import { connectSandbox } from './connection.ts';
import { createWorkspaces } from './workspaces.ts';

const MIB = 1024 * 1024;
const PIECES = 260;
/** Bytes that may be on their way, or wait to be collected. */
const MOST_HELD = 200 * MIB;

let server: Server;
let address: string;
beforeAll(async () => {
  server = new Server();
  const writeDataset = (
    call: ServerReadableStream<unknown, unknown>,
    done: (error: null, answer: object) => void,
  ) => call.on('data', () => undefined).on('end', () => done(null, {}));
  server.addService({ writeDataset: SandboxService.writeDataset }, { writeDataset });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, at) =>
      error ? reject(error) : resolve(at),
    ),
  );
  address = `127.0.0.1:${port}`;
});
afterAll(() => server.forceShutdown());

test('a file of any size goes through a memory that stays flat', async () => {
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let piece = 0; piece < PIECES; piece += 1) {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      yield Buffer.alloc(MIB, piece);
    }
  }
  const connection = connectSandbox({ address, token: 't' });
  const file = { path: 'a.csv', sha256: '', size: PIECES * MIB };
  await createWorkspaces(connection).writeDataset('x', file, pieces());
  connection.close();
  expect(most).toBeLessThan(MOST_HELD);
});

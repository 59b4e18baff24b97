/** The channel to a real host. */

import { connectSandbox } from './connection.ts';
import { createExecutions } from './executions.ts';
import { startTestHost, type TestHost } from './testing/host.ts';

let host: TestHost;

beforeAll(async () => {
  host = await startTestHost();
}, 60_000);

afterAll(() => host.stop());

test('a reader that pings through a long silence keeps its stream', async () => {
  const connection = connectSandbox({ address: host.address, token: host.token, keepaliveMs: 100 });
  const epoch = 1;
  const session = { sessionId: 'silent', epoch, experimentId: 'x-silent', limits: undefined };
  await connection.unary(connection.client.initializeSession, session, 'Opening the session');
  const stop = new AbortController();
  const request = {
    executionId: 'silent-step/1',
    sessionId: session.sessionId,
    epoch,
    base: '',
    code: 'import time\ntime.sleep(2)\nprint("done")',
    scriptPath: 'eda/scripts/step_01_silent.py',
    timeoutMs: 60_000,
    environment: {},
    limits: {
      memoryBytes: 2 ** 30,
      workspaceBytes: 2 ** 30,
      workspaceFiles: 1_000,
      processes: 100,
      outputBytes: 2 ** 20,
      tmpBytes: 2 ** 26,
    },
    traceContext: '',
  };
  const silence = createExecutions(connection).start(request, stop.signal);
  const kinds: string[] = [];
  for await (const chunk of silence) kinds.push(chunk.kind === 'exit' ? chunk.exit.status : chunk.kind);
  connection.close();
  expect(kinds).toEqual(['started', 'output', 'ok']);
}, 120_000);

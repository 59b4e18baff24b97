/**
 * What a caller does with a real host: a reader of a silent stream, cells of a living kernel, a session's own
 * tools.
 */

import type { ExecutionChunk, ExecutionRequest } from '../core/ports/sandbox.ts';
import { type Connection, connectSandbox } from './connection.ts';
import { createExecutions } from './executions.ts';
import { createStreamedTools } from './streamed-tools.ts';
import { FEW_MODULES, startTestHost, type TestHost } from './testing/host.ts';
import type { ToolAnswer } from './tool-chunks.ts';
import { createWorkspaces } from './workspaces.ts';

let host: TestHost;
let connection: Connection;

beforeAll(async () => {
  host = await startTestHost({ arguments: FEW_MODULES });
  connection = connectSandbox(host);
}, 60_000);

afterAll(async () => {
  connection?.close();
  await host?.stop();
});

test('a reader that pings through a long silence keeps its stream', async () => {
  const pinging = connectSandbox({ address: host.address, token: host.token, keepaliveMs: 100 });
  const epoch = 1;
  const session = { sessionId: 'silent', epoch, experimentId: 'x-silent', limits: undefined };
  await pinging.unary(pinging.client.initializeSession, session, { attempted: 'Opening the session' });
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
  const silence = createExecutions(pinging).start(request, stop.signal);
  const kinds: string[] = [];
  for await (const chunk of silence) kinds.push(chunk.kind === 'exit' ? chunk.exit.status : chunk.kind);
  pinging.close();
  expect(kinds).toEqual(['started', 'output', 'ok']);
}, 120_000);

describe('a living kernel', () => {
  const key = { sessionId: 'with-kernel', epoch: 1 };
  let count = 0;
  beforeAll(() => createWorkspaces(connection).initialize(key, 'x-with-kernel'));

  async function cell(code: string, kernel: ExecutionRequest['kernel']): Promise<ExecutionChunk[]> {
    const executions = createExecutions(connection);
    count += 1;
    const id = `cell-${count}/1`;
    const request = {
      ...{
        ...key,
        executionId: id,
        base: count === 1 ? '' : `after-${count - 1}`,
        code,
        scriptPath: '',
        kernel,
      },
      ...{ timeoutMs: 60_000, environment: {}, traceContext: '' },
      limits: {
        ...{ memoryBytes: 2 ** 30, workspaceBytes: 2 ** 30, workspaceFiles: 1_000, processes: 100 },
        ...{ outputBytes: 2 ** 20, tmpBytes: 2 ** 26 },
      },
    };
    const chunks: ExecutionChunk[] = [];
    for await (const chunk of executions.start(request, new AbortController().signal)) chunks.push(chunk);
    await executions.acknowledge(id, key.epoch, `after-${count}`);
    return chunks;
  }

  test('cells share their kernel, and one that builds on a lost generation is refused', async () => {
    const [first] = await cell('x = 6', { name: 'main' });
    const generation = first?.kind === 'started' ? (first.kernel?.generation ?? '') : '';
    expect(first).toMatchObject({ kind: 'started', kernel: { isNew: true, lost: '' } });
    const second = await cell('x * 7', { name: 'main', generation });
    expect(second[0]).toMatchObject({ kernel: { generation, isNew: false } });
    expect(second[1]).toMatchObject({ kind: 'output', data: Buffer.from('42\n') });
    const last = (await cell('import os; os._exit(0)', { name: 'main' })).at(-1);
    expect(last).toMatchObject({ kind: 'exit', exit: { status: 'ok', kernelLost: 'exited' } });
    await expect(cell('x', { name: 'main', generation })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { kernel: 'main', generation, reason: 'exited' },
    });
  }, 60_000);
});

const SOURCE = `
from tempera import progress, tool

@tool
def count(to: int):
    "Counts."
    for step in range(1, to + 1):
        yield progress(step, to)

@tool
def forever():
    while True:
        yield 'on'
`;

describe('tools of a session’s own', () => {
  const key = { sessionId: 'with-tools', epoch: 1 };
  let tools: ReturnType<typeof createStreamedTools>;
  beforeAll(async () => {
    tools = createStreamedTools(connection);
    await createWorkspaces(connection).initialize(key, 'x-with-tools');
    await tools.register(key, 'mine', SOURCE);
  }, 60_000);

  async function all(stream: AsyncIterable<ToolAnswer>): Promise<ToolAnswer[]> {
    const answers: ToolAnswer[] = [];
    for await (const answer of stream) answers.push(answer);
    return answers;
  }

  test('a tool’s progress arrives decoded, its end with the number of chunks', async () => {
    const { sessionId } = key;
    expect(await all(tools.call({ sessionId, tool: 'count', parameters: { to: 2 } }))).toEqual([
      { step: 1, total: 2, message: '', progress: 50, is_final: false, _metadata: {} },
      { step: 2, total: 2, message: '', progress: 100, is_final: false, _metadata: {} },
      { chunks_sent: 2, is_final: true, _metadata: {} },
    ]);
  }, 60_000);

  test('a wrong parameter is refused by its name', async () => {
    const call = tools.call({ sessionId: key.sessionId, tool: 'count', parameters: { to: 'two' } });
    await expect(all(call)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { key: 'to', reason: 'must be of type integer, not string' },
    });
  });

  test('a reader that leaves ends the call', async () => {
    for await (const answer of tools.call({ sessionId: key.sessionId, tool: 'forever', parameters: {} })) {
      expect(answer).toEqual({ text: 'on', is_final: false, _metadata: {} });
      break;
    }
    const names = (await tools.list(key.sessionId)).map((tool) => tool.name);
    expect(names).toEqual(expect.arrayContaining(['query_sql', 'count', 'forever']));
  }, 60_000);
});

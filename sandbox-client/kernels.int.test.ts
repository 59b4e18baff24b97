/** Cells of a living kernel on a real host. */

import type { ExecutionChunk, ExecutionRequest } from '../core/ports/sandbox.ts';
import { type Connection, connectSandbox } from './connection.ts';
import { createExecutions } from './executions.ts';
import { startTestHost, type TestHost } from './testing/host.ts';
import { createWorkspaces } from './workspaces.ts';

const key = { sessionId: 'with-kernel', epoch: 1 };
let host: TestHost;
let connection: Connection;
let count = 0;

beforeAll(async () => {
  host = await startTestHost();
  connection = connectSandbox(host);
  await createWorkspaces(connection).initialize(key, 'x-with-kernel');
}, 60_000);

afterAll(async () => {
  connection?.close();
  await host?.stop();
});

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

/** A session's own tools on a real host. */

import { type Connection, connectSandbox } from './connection.ts';
import { createStreamedTools, type StreamedTools } from './streamed-tools.ts';
import { startTestHost, type TestHost } from './testing/host.ts';
import type { ToolAnswer } from './tool-chunks.ts';
import { createWorkspaces } from './workspaces.ts';

const key = { sessionId: 'with-tools', epoch: 1 };
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

let host: TestHost;
let connection: Connection;
let tools: StreamedTools;

beforeAll(async () => {
  host = await startTestHost();
  connection = connectSandbox(host);
  tools = createStreamedTools(connection);
  await createWorkspaces(connection).initialize(key, 'x-with-tools');
  await tools.register(key, 'mine', SOURCE);
}, 60_000);

afterAll(async () => {
  connection?.close();
  await host?.stop();
});

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

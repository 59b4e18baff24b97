import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageModel, ModelRequest } from '../../core/ports/model.ts';
import { createAnthropic } from '../../models/anthropic/index.ts';
import { actAs } from './act-as.ts';
import { startAnthropicServer } from './index.ts';
import { startServerProcess } from './server-process.ts';

const request: ModelRequest = {
  model: 'claude-test',
  system: 'Be brief.',
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'Hello.' }] },
    { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'look', input: { at: 1 } }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'seen', is_error: true }] },
  ],
  tools: [{ name: 'look', description: 'Looks.', input_schema: { type: 'object' } }],
  maxTokens: 100,
};
const options = { signal: new AbortController().signal, onText: () => undefined };

test('a server that acts as another model asks it what it was asked, and answers what it answers', async () => {
  const asked: ModelRequest[] = [];
  const other: LanguageModel = {
    complete: async (given) => {
      asked.push(given);
      const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
      return {
        content: [{ type: 'text', text: `Answer ${asked.length}.` }],
        stopReason: 'end_turn',
        usage,
        cost: 0,
      };
    },
    list: async () => [],
  };
  const server = await startAnthropicServer({ script: actAs(other, { thinkEvery: 1 }) });
  try {
    const model = createAnthropic({ apiKey: 'test-key', baseUrl: server.url });
    const answer = await model.complete(request, options);
    expect(asked).toEqual([request]);
    expect(answer.content).toEqual([
      { type: 'thinking', thinking: expect.any(String), signature: expect.any(String) },
      { type: 'text', text: 'Answer 1.' },
    ]);
    const next = await model.complete(
      {
        ...request,
        messages: [
          ...request.messages,
          { role: 'assistant', content: answer.content },
          ...request.messages.slice(0, 1),
        ],
      },
      options,
    );
    expect(next.content.at(-1)).toEqual({ type: 'text', text: 'Answer 2.' });
  } finally {
    await server.close();
  }
});

test('as a process it keeps its counts over a kill, and takes orders', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'anthropic-server-'));
  const args = ['--counts', join(folder, 'counts.json')];
  try {
    const first = await startServerProcess({ root: process.cwd(), args });
    await first.order({ failures: [529] });
    const model = createAnthropic({ apiKey: 'test-key', baseUrl: first.url });
    await expect(model.complete(request, options)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    first.child.kill('SIGKILL');
    const second = await startServerProcess({ root: process.cwd(), args });
    expect(await second.counts()).toMatchObject({ calls: 1, failed: 1, completed: 0 });
    await second.stop();
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 30_000);

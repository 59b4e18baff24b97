/** The same penguins with provider anthropic: the real SDK against a server that refuses what the real API refuses. */

import { join } from 'node:path';
import { createAutopilot } from '../../models/autopilot/index.ts';
import { actAs } from '../anthropic-server/act-as.ts';
import { type AnthropicServer, startAnthropicServer } from '../anthropic-server/index.ts';
import { blocksOf } from '../anthropic-server/wire.ts';
import { startPlatform, type TestPlatform } from '../platform/platform.ts';
import { expectBar, expectComplete, runPipeline } from './pipeline.ts';

describe('penguins by way of the Messages API', () => {
  let server: AnthropicServer;
  let platform: TestPlatform;
  beforeAll(async () => {
    const playbooksFolder = join(process.cwd(), 'sandbox', 'playbooks');
    server = await startAnthropicServer({
      script: actAs(createAutopilot({ playbooksFolder }), { thinkEvery: 2 }),
    });
    platform = await startPlatform({
      environment: { ANTHROPIC_API_KEY: 'test-key', ANTHROPIC_BASE_URL: server.url },
    });
  }, 120_000);
  afterAll(async () => {
    await platform?.stop();
    await server?.close();
  }, 60_000);

  test('the session ends train_done, and each model step cost one call', async () => {
    const finished = await runPipeline(platform, 'examples/penguins.csv', {
      fields: { target: 'species' },
      model: 'anthropic/claude-sonnet-5-5',
    });
    await expectComplete(platform, finished);
    expectBar(finished, 'accuracy', 0.97);
    const steps = await platform.rest.steps(finished.session.id);
    const calls = steps.filter((step) => step.kind === 'model').length;
    expect(server.counts()).toEqual({
      calls,
      completed: calls,
      repeated: 0,
      refused: 0,
      failed: 0,
      broken: 0,
    });
    const usage = await platform.rest.usage(finished.session.id);
    expect(usage).toMatchObject({ model_calls: calls, requests: calls });
    expect(usage.tokens).toBeGreaterThan(0);
    expect(usage.cost).toBeGreaterThan(0);
    // thinking was kept and sent back unchanged, or the server would have refused it
    const sentBack = server.requests.flatMap(({ messages }) => messages.flatMap(blocksOf));
    expect(sentBack.some((block) => block.type === 'thinking')).toBe(true);
    expect(server.requests.every((request) => request.model === 'claude-sonnet-5-5')).toBe(true);
  }, 240_000);
});

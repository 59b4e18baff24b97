/** The same penguins with provider anthropic: the real SDK against a server that refuses what the real API refuses. */

import { join } from 'node:path';
import { createAutopilot } from '../../models/autopilot/index.ts';
import { actAs } from '../anthropic-server/act-as.ts';
import { blocksOf } from '../anthropic-server/wire.ts';
import type { ScriptedPlatform } from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';
import { expectBar, expectComplete, runPipeline } from './pipeline.ts';

describe('penguins by way of the Messages API', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    const playbooksFolder = join(process.cwd(), 'sandbox', 'playbooks');
    scripted = await takeScripted({});
    scripted.model.setScript(actAs(createAutopilot({ playbooksFolder }), { thinkEvery: 2 }));
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test('the session ends train_done, and each model step cost one call', async () => {
    const { platform, model: server } = scripted;
    const finished = await runPipeline(platform, 'examples/penguins.csv', {
      fields: { target: 'species' },
      model: scripted.name,
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

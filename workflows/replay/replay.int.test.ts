/** Every recorded history replays with the workflows as they are now: a change that breaks running sessions fails here. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';

const folder = join(process.cwd(), 'workflows', 'replay', 'session');
const histories = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe('recorded histories of sessions', () => {
  let workflowBundle: WorkflowBundle;

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const logger = new DefaultLogger('ERROR');
    workflowBundle = await bundleWorkflowCode({
      workflowsPath: join(process.cwd(), 'workflows', 'index.ts'),
      logger,
    });
  }, 60_000);

  test('there is one for each branch that waits for a person', () => {
    expect(histories).toEqual(
      expect.arrayContaining([
        'auto.json',
        'cancelled.json',
        'follow-up.json',
        'fork.json',
        'question.json',
        'limit.json',
      ]),
    );
  });

  test.each(histories)(
    '%s replays',
    async (name) => {
      const history: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      await expect(
        Worker.runReplayHistory({ workflowBundle }, history, 'session/replay'),
      ).resolves.toBeUndefined();
    },
    60_000,
  );
});

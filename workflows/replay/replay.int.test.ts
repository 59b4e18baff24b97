/**
 * Every recorded history replays with the workflows as they are now: a change that breaks running sessions fails
 * here.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';

const folder = join(process.cwd(), 'workflows', 'replay', 'session');
const histories = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe('recorded histories of sessions', () => {
  // built of the workflows as they are now, as every run of the tests begins
  const workflowBundle = { codePath: join(process.cwd(), 'build', 'workflow-bundle.js') };

  beforeAll(() => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
  });

  test('there is one for each branch that waits for a person', () => {
    expect(histories).toEqual(
      expect.arrayContaining([
        'auto.json',
        'cancelled.json',
        'follow-up.json',
        'fork.json',
        'question.json',
        'limit.json',
        'provider.json',
        'repeated.json',
        'loop.json',
        'context.json',
        'decided-queued.json',
        'decided-rerun.json',
        'decided-undo.json',
        'decided-fork.json',
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

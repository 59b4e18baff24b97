/**
 * Every recorded history replays with the workflows as they are now: a change that breaks running sessions fails
 * here.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';

const FOLDER = join(process.cwd(), 'workflows', 'replay');
/** As `folder/name`. */
const histories = ['session', 'classification'].flatMap((folder) =>
  readdirSync(join(FOLDER, folder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => `${folder}/${name}`),
);

describe('recorded histories', () => {
  // built of the workflows as they are now, as every run of the tests begins
  const workflowBundle = { codePath: join(process.cwd(), 'build', 'workflow-bundle.js') };

  beforeAll(() => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
  });

  test('there is one for each branch', () => {
    expect(histories).toEqual(
      expect.arrayContaining([
        'session/auto.json',
        'session/cancelled.json',
        'session/follow-up.json',
        'session/fork.json',
        'session/question.json',
        'session/limit.json',
        'session/provider.json',
        'session/repeated.json',
        'session/loop.json',
        'session/context.json',
        'session/decided-queued.json',
        'session/decided-rerun.json',
        'session/decided-undo.json',
        'session/decided-fork.json',
        'classification/plain.json',
        'classification/learned.json',
        'classification/swept.json',
        'classification/cancelled.json',
      ]),
    );
  });

  test.each(histories)(
    '%s replays',
    async (name) => {
      const history: unknown = JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
      await expect(
        Worker.runReplayHistory({ workflowBundle }, history, name.replace(/\.json$/, '')),
      ).resolves.toBeUndefined();
    },
    60_000,
  );
});

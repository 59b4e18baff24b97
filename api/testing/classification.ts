/** A worker that classifies for the API of a test, over tables that stand in it. */

import { resolve } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createClassificationActivities } from '../../activities/classification/index.ts';
import { TEST_SETTINGS } from '../../activities/testing/settings.ts';
import { readKnowledge } from '../../classification/knowledge.ts';
import { createRunWork } from '../../classification/runs/run-work.ts';
import type { ColumnSources } from '../../core/ports/column-sources.ts';
import { heartbeatWorker } from '../../db/index.ts';
import { createSandboxHosts } from '../../sandbox-client/hosts.ts';
import { createListedProvider } from '../../sandbox-client/providers/listed.ts';
import * as storage from '../../storage/index.ts';
import { TASK_QUEUES } from '../../workflows/contract/ids.ts';
import type { TestApi } from './api-server.ts';

const HEARTBEAT_MILLISECONDS = 2_000;

/** Works until it is stopped. @returns what stops it */
export async function startClassificationWorker(
  environment: TestWorkflowEnvironment,
  { db, store, dependencies }: TestApi,
  columnSources: ColumnSources,
): Promise<() => Promise<void>> {
  const activities = createClassificationActivities({
    ...{ database: db, events: dependencies.hub, objects: store, keys: storage, columnSources },
    classifier: createRunWork(readKnowledge('classification')),
    // nothing learns here, and no model is asked
    models: new Map(),
    sandbox: createSandboxHosts(
      createListedProvider({ provider: 'local', addresses: [], token: 'none', tls: null }),
    ),
    settings: TEST_SETTINGS,
  });
  const { nativeConnection: connection } = environment;
  const workers = await Promise.all([
    Worker.create({
      ...{ connection, activities, taskQueue: TASK_QUEUES.workflows },
      workflowBundle: { codePath: resolve('build', 'workflow-bundle.js') },
    }),
    Worker.create({ connection, activities, taskQueue: TASK_QUEUES.classification }),
  ]);
  const working = workers.map((worker) => worker.run());
  await heartbeatWorker(db, 'test', 'test');
  const heartbeat = setInterval(() => void heartbeatWorker(db, 'test', 'test'), HEARTBEAT_MILLISECONDS);
  return async () => {
    clearInterval(heartbeat);
    for (const worker of workers) worker.shutdown();
    await Promise.all(working);
  };
}

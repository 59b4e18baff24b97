/** The API with a real Temporal server, and a worker that classifies for it over tables that stand in a test. */

import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
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
import { until } from '../../tests/platform/wait.ts';
import { TASK_QUEUES } from '../../workflows/contract/ids.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/contract/search-attributes.ts';
import { startTestApi, type TestApi } from './api-server.ts';

const HEARTBEAT_MILLISECONDS = 2_000;

export interface ClassifyingApi {
  api: TestApi;
  /** Starts a worker, which works until all is closed. */
  work(): Promise<void>;
  close(): Promise<void>;
}

export async function startClassifyingApi(columnSources: ColumnSources): Promise<ClassifyingApi> {
  const path = process.env.TEMPERA_TEMPORAL ?? join(homedir(), '.cache/tempera/bin/temporal');
  const server = {
    executable: { type: 'existing-path' as const, path },
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
  };
  // the library gives its server five seconds, which a busy machine may need more of
  const environment = await until('Temporal runs', () => TestWorkflowEnvironment.createLocal({ server }));
  const api = await startTestApi({ temporalAddress: environment.address, columnSources });
  let stop: (() => Promise<void>) | undefined;
  return {
    api,
    async work() {
      stop = await startWorker(environment, api, columnSources);
    },
    async close() {
      await stop?.();
      await api.close();
      await environment.teardown();
    },
  };
}

/** Works until it is stopped. @returns what stops it */
async function startWorker(
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
    temporaryFolder: tmpdir(),
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

/** A Temporal server, a database, a store and a worker that runs classifications, for tests. */

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { z } from 'zod';
import { createClassificationActivities } from '../../activities/classification/index.ts';
import { TEST_SETTINGS } from '../../activities/testing/settings.ts';
import { startTestApi, type TestApi } from '../../api/testing/api-server.ts';
import { readKnowledge } from '../../classification/knowledge.ts';
import type { ThreadedRunWork } from '../../classification/runs/in-thread.ts';
import { createRunWork } from '../../classification/runs/run-work.ts';
import { classificationStream, classificationWorkflowId } from '../../core/classification/names.ts';
import type { ClassificationRun } from '../../core/classification/records.ts';
import { ClassificationSettingsSchema } from '../../core/classification/settings.ts';
import { newId } from '../../core/ids.ts';
import type { ColumnSources } from '../../core/ports/column-sources.ts';
import type { LanguageModels } from '../../core/ports/model.ts';
import type { SandboxHosts } from '../../core/ports/sandbox.ts';
import type { Principal } from '../../core/principal.ts';
import * as db from '../../db/index.ts';
import { createSandboxHosts } from '../../sandbox-client/hosts.ts';
import { createListedProvider } from '../../sandbox-client/providers/listed.ts';
import * as storage from '../../storage/index.ts';
import { CLASSIFICATION_WORKFLOW } from '../../workflows/contract/classification.ts';
import { TASK_QUEUES } from '../../workflows/contract/ids.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/contract/search-attributes.ts';
import { until } from '../platform/wait.ts';

export const OWNER: Principal = { id: 'owner', role: 'user' };

/** The bundled vocabulary, as a run reads it. */
export const VOCABULARY_TEXT = readFileSync(resolve('classification', 'vocabulary', 'tempera.csv'), 'utf8');

export interface WorkOptions {
  settings?: Partial<typeof TEST_SETTINGS>;
  /** Default: none answers. */
  sandbox?: SandboxHosts;
  /** Default: none. */
  models?: LanguageModels;
}

/** No host can be had. */
const NO_SANDBOX = createSandboxHosts(
  createListedProvider({ provider: 'local', addresses: [], token: 'none', tls: null }),
);

export interface Classifying {
  api: TestApi;
  temporal: TestWorkflowEnvironment;
  /** A source of OWNER's over the bundled vocabulary. */
  addSource(): Promise<string>;
  /** Starts a worker over these sources; what it returns ends it. */
  work(sources: ColumnSources, more?: WorkOptions): Promise<() => Promise<void>>;
  /** @param vocabularyId default: the bundled one */
  start(
    sourceId: string,
    settings?: z.input<typeof ClassificationSettingsSchema>,
    vocabularyId?: string,
  ): Promise<ClassificationRun>;
  /** The run's row alone. */
  write: Classifying['start'];
  /** Starts the workflow of a run that has none, as a worker does when it starts. */
  resume(runId: string): Promise<void>;
  /** The run when it has ended. */
  end(runId: string): Promise<ClassificationRun>;
  /** Ends every worker that still works. */
  rest(): Promise<void>;
  close(): Promise<void>;
}

/** The classifier in this process: tests of what it says need no thread. */
export function directRunWork(): ThreadedRunWork {
  return createRunWork(readKnowledge(resolve('classification')));
}

export async function startClassifying(): Promise<Classifying> {
  const path = process.env.TEMPERA_TEMPORAL ?? join(homedir(), '.cache/tempera/bin/temporal');
  const server = {
    executable: { type: 'existing-path' as const, path },
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
  };
  const temporal = await until('Temporal runs', () => TestWorkflowEnvironment.createLocal({ server }));
  const api = await startTestApi({ temporalAddress: temporal.address });
  const classifier = directRunWork();
  await api.db.transaction((tx) =>
    db.putVocabulary(tx, OWNER, { vocabulary: BUNDLED, text: VOCABULARY_TEXT }),
  );

  const working = new Set<() => Promise<void>>();
  const rest = async () => void (await Promise.all([...working].map((stop) => stop())));

  async function resume(id: string): Promise<void> {
    await temporal.client.workflow.start(CLASSIFICATION_WORKFLOW, {
      workflowId: classificationWorkflowId(id),
      taskQueue: TASK_QUEUES.workflows,
      args: [{ runId: id, owner: OWNER.id }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    });
  }

  async function write(
    sourceId: string,
    given: z.input<typeof ClassificationSettingsSchema> = {},
    vocabularyId = BUNDLED.id,
  ): Promise<ClassificationRun> {
    const id = newId();
    const settings = ClassificationSettingsSchema.parse(given);
    const vocabulary = await db.getVocabulary(api.db, OWNER, vocabularyId);
    if (vocabulary === null) throw new Error('The bundled vocabulary is not there.');
    const run = await api.db.transaction(async (tx) => {
      const { name, sha256 } = vocabulary;
      const written = await db.insertRun(tx, OWNER, {
        ...{ id, scope: 'private', source_id: sourceId, settings },
        vocabulary: { id: vocabularyId, name, sha256 },
      });
      await db.createStream(tx, OWNER, classificationStream(id));
      return written;
    });
    return run;
  }

  return {
    api,
    temporal,
    async addSource() {
      const id = newId();
      await api.db.transaction((tx) =>
        db.insertDataSource(tx, OWNER, {
          ...{
            id,
            scope: 'private',
            source_type: 'files',
            source_uri: 'fixed',
            display_name: 'fixed tables',
          },
          ...{ vocabulary_mode: 'tree', vocabulary_id: BUNDLED.id, connection: null, files: [] },
        }),
      );
      return id;
    },
    async work(columnSources, { settings = {}, sandbox, models } = {}) {
      const activities = createClassificationActivities({
        ...{ database: api.db, events: api.dependencies.hub, objects: api.store, keys: storage },
        ...{ sandbox: sandbox ?? NO_SANDBOX, models: models ?? new Map() },
        ...{
          temporaryFolder: tmpdir(),
          columnSources,
          classifier,
          settings: { ...TEST_SETTINGS, ...settings },
        },
      });
      const { nativeConnection: connection } = temporal;
      const identity = randomUUID();
      const workflowBundle = { codePath: resolve('build', 'workflow-bundle.js') };
      const workers = [
        await Worker.create({
          connection,
          identity,
          taskQueue: TASK_QUEUES.workflows,
          workflowBundle,
          activities,
        }),
        await Worker.create({ connection, identity, taskQueue: TASK_QUEUES.classification, activities }),
        await Worker.create({ connection, identity, taskQueue: TASK_QUEUES.models, activities }),
      ];
      const running = workers.map((worker) => worker.run());
      const stop = async () => {
        if (!working.delete(stop)) return;
        for (const worker of workers) worker.shutdown();
        await Promise.all(running);
      };
      working.add(stop);
      return stop;
    },
    async start(...asked) {
      const run = await write(...asked);
      await resume(run.id);
      return run;
    },
    write,
    resume,
    async end(runId) {
      await temporal.client.workflow.getHandle(classificationWorkflowId(runId)).result();
      const run = await db.getRun(api.db, OWNER, runId);
      if (run === null) throw new Error(`The run ${runId} is gone.`);
      return run;
    },
    rest,
    async close() {
      await rest();
      await api.close();
      await temporal.teardown();
    },
  };
}

const BUNDLED: db.NewVocabulary = {
  ...{ id: 'tempera', scope: 'shared', name: 'Tempera', form: 'tree', terms: 184, leaves: 160, findings: [] },
};

/**
 * A worker process: five workers (workflows and their local activities, model calls, tool calls, tool calls on a
 * GPU, classifications), a heartbeat row by which the api knows that somebody works, and the chores of a platform
 * (missing workflows, unused blobs, old Idempotency-Keys).
 */

import { join } from 'node:path';
import { Client } from '@temporalio/client';
import {
  type ActivityInterceptorsFactory,
  NativeConnection,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import { createClassificationActivities } from '../activities/classification/index.ts';
import { createActivities } from '../activities/index.ts';
import { withTraceContext } from '../activities/trace-context.ts';
import { createWebhookActivities } from '../activities/webhooks/index.ts';
import { type Config, connectedParts, temporalTls } from '../config/index.ts';
import {
  deleteOldDeliveries,
  forgetRateWindows,
  forgetSignIns,
  forgetWorker,
  heartbeatWorker,
  migrate,
} from '../db/index.ts';
import { TASK_QUEUES } from '../workflows/contract/ids.ts';
import { collectBlobs } from './blob-collection.ts';
import { repeatEvery, untilDone } from './chores.ts';
import { createHostWatch } from './host-watch.ts';
import { forgetOldAudit } from './old-audit.ts';
import { forgetOldKeys } from './old-keys.ts';
import { createPorts } from './ports.ts';
import { startMissingRuns, startMissingWorkflows } from './reconciler.ts';
import { openTemporaryFolder } from './temporary-files.ts';
import { startDeliveries } from './webhooks.ts';

/** Fast cancellation: with the defaults an interrupt took 20 s to arrive. */
const HEARTBEAT_THROTTLE = '500 ms';
const TIDY_INTERVAL_SECONDS = 3_600;
const MISSING_RUNS_INTERVAL_SECONDS = 60;
const DELIVERIES_INTERVAL_SECONDS = 1;
/** For which a message that has ended can be looked up and sent again. */
const DELIVERY_DAYS = 30;
/** Three without an answer make a sandbox host unhealthy. */
const HOST_HEARTBEAT_SECONDS = 2;

/** Works until SIGTERM or SIGINT; what runs then is handed on. */
export async function runWorker(config: Config): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  const parts = connectedParts(config);
  const ports = createPorts(config);
  const { database, objects } = ports.activities;
  await openTemporaryFolder(config.home);
  await untilDone('migrating the database', stop.signal, () =>
    migrate(parts.databaseUrl, join(config.root, 'db', 'migrations')),
  );
  await untilDone('making the bucket', stop.signal, () => objects.ensureBucket());
  const connection = await untilDone('connecting to Temporal', stop.signal, () =>
    connect(config, parts.temporalAddress),
  );
  try {
    const client = new Client({ connection, namespace: config.temporal.namespace });
    const workers = await createWorkers(config, connection, {
      ...createActivities(ports.activities),
      ...createClassificationActivities(ports.classification),
      ...createWebhookActivities(ports.webhooks),
    });
    const identity = workers[0]?.options.identity ?? `${process.pid}@worker`;
    const hostWatch = createHostWatch(ports.hosts, database);
    // all at once, from now on: the end of one must not end the process while the workers still run
    const chores = Promise.allSettled([
      repeatEvery(config.timing.workerHeartbeatSeconds, stop.signal, () =>
        heartbeatWorker(database, identity, 'unversioned'),
      ),
      untilDone('starting missing workflows', stop.signal, async () => {
        await startMissingWorkflows(client, database);
        await startMissingRuns(client, database);
        await startDeliveries(client, database, { all: true });
      }),
      // also one that was written and whose start had no answer: it would hold its source up
      repeatEvery(MISSING_RUNS_INTERVAL_SECONDS, stop.signal, () => startMissingRuns(client, database)),
      repeatEvery(DELIVERIES_INTERVAL_SECONDS, stop.signal, () => startDeliveries(client, database)),
      repeatEvery(TIDY_INTERVAL_SECONDS, stop.signal, () => deleteOldDeliveries(database, DELIVERY_DAYS)),
      repeatEvery(HOST_HEARTBEAT_SECONDS, stop.signal, () => hostWatch.beat()),
      repeatEvery(TIDY_INTERVAL_SECONDS, stop.signal, () =>
        collectBlobs(ports.activities, config.timing.blobKeepHours),
      ),
      repeatEvery(TIDY_INTERVAL_SECONDS, stop.signal, () =>
        forgetOldKeys(database, config.timing.keyKeepHours),
      ),
      repeatEvery(TIDY_INTERVAL_SECONDS, stop.signal, () => forgetRateWindows(database)),
      repeatEvery(TIDY_INTERVAL_SECONDS, stop.signal, () => forgetSignIns(database)),
      repeatEvery(TIDY_INTERVAL_SECONDS, stop.signal, () =>
        forgetOldAudit(database, config.timing.auditKeepDays),
      ),
    ]);
    console.log(JSON.stringify({ event: 'working', pid: process.pid }));
    await runUntil(workers, stop);
    await chores;
    // one that ended as asked is not one that failed; with the database gone it will be taken for that
    await forgetWorker(database, identity).catch(() => undefined);
  } finally {
    await connection.close();
    await ports.close();
  }
}

async function connect(config: Config, address: string): Promise<NativeConnection> {
  const { apiKey } = config.temporal;
  const tls = await temporalTls(config);
  return NativeConnection.connect({
    address,
    ...(apiKey === null ? {} : { apiKey }),
    ...(tls === null ? {} : { tls }),
  });
}

async function createWorkers(
  config: Config,
  connection: NativeConnection,
  activities: object,
): Promise<Worker[]> {
  const shared = {
    connection,
    namespace: config.temporal.namespace,
    activities,
    interceptors: { activity: [tracing] },
    shutdownGraceTime: '2 s',
    shutdownForceTime: '8 s',
  };
  const remote = {
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
    defaultHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
  } as const;
  const options: WorkerOptions[] = [
    {
      ...shared,
      taskQueue: TASK_QUEUES.workflows,
      workflowBundle: { codePath: join(config.root, 'build', 'workflow-bundle.js') },
      // what waits for a worker by name is anybody's as soon as that one counts as gone
      stickyQueueScheduleToStartTimeout: config.timing.workerLostSeconds * 1_000,
    },
    {
      ...shared,
      ...remote,
      taskQueue: TASK_QUEUES.models,
      maxConcurrentActivityTaskExecutions: config.worker.modelCalls,
    },
    {
      ...shared,
      ...remote,
      taskQueue: TASK_QUEUES.sandbox,
      maxConcurrentActivityTaskExecutions: config.worker.toolCalls,
    },
    {
      ...shared,
      ...remote,
      taskQueue: TASK_QUEUES.sandboxGpu,
      maxConcurrentActivityTaskExecutions: config.worker.toolCalls,
    },
    {
      ...shared,
      ...remote,
      taskQueue: TASK_QUEUES.classification,
      maxConcurrentActivityTaskExecutions: config.worker.classifications,
    },
  ];
  return Promise.all(options.map((each) => Worker.create(each)));
}

/** Runs each activity under the trace context that its workflow passed on. */
const tracing: ActivityInterceptorsFactory = () => ({
  inbound: { execute: (input, next) => withTraceContext(input.headers, () => next(input)) },
});

/** Runs all workers; when one ends, by a signal or a failure, the others end too and are awaited. */
async function runUntil(workers: Worker[], stop: AbortController): Promise<void> {
  const stopped = new Promise<void>((resolve) =>
    stop.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  const runs = workers.map((worker) =>
    worker.runUntil(stopped).catch((error: unknown) => {
      stop.abort();
      throw error;
    }),
  );
  const ended = await Promise.allSettled(runs);
  for (const run of ended) if (run.status === 'rejected') throw run.reason;
}

/**
 * The only place that talks to Temporal's client. Every command is one update-with-start.
 *
 * 1. Nothing is sent unless a worker has shown itself lately and the server answers: then WORKFLOW_UNAVAILABLE
 *    truly means that nothing was started.
 * 2. Once sent, no answer in time is TIMEOUT with the key: the command may still run, and the same key (and so the
 *    same update id) returns its result.
 * 3. A refusal by the workflow arrives as the TemperaError that it was there.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Client,
  Connection,
  isGrpcServiceError,
  WithStartWorkflowOperation,
  type WorkflowClientInterceptor,
} from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import type { TemporalTls } from '../config/index.ts';
import { classificationWorkflowId } from '../core/classification/names.ts';
import { derivedId } from '../core/ids.ts';
import type { Principal } from '../core/principal.ts';
import { sessionWorkflowId } from '../core/session-names.ts';
import {
  CLASSIFICATION_WORKFLOW,
  type ClassificationInput,
  cancelClassificationUpdate,
} from '../workflows/contract/classification.ts';
import { SESSION_WORKFLOW, TASK_QUEUES } from '../workflows/contract/ids.ts';
import type { Command, SessionInput } from '../workflows/contract/messages.ts';
import { TRACE_HEADER } from '../workflows/contract/trace.ts';
import { createLanes } from './lanes.ts';
import { toCommandError, unavailable, wasDropped } from './temporal-errors.ts';

/** Who asks for what to be done in which session. */
export interface CommandRequest<Fields> {
  session: { id: string; owner: string };
  principal: Principal;
  /** The caller's Idempotency-Key, or one made for this request. */
  key: string;
  fields: Fields;
  /** W3C trace context to carry on. */
  traceparent: string | undefined;
}

/** A run by its row. */
export interface ClassificationOf {
  id: string;
  owner: string;
}

export interface TemporalGateway {
  /**
   * Commands of one kind to one session go in the order of these calls, one at a time: `work` looks at what it needs
   * and sends. @throws TemperaError LIMIT_REACHED when too many wait, or the turn does not come; nothing was done then
   */
  inTurn<T>(sessionId: string, update: { name: string }, work: () => Promise<T>): Promise<T>;
  /** @throws TemperaError WORKFLOW_UNAVAILABLE, TIMEOUT, or what the workflow refused with */
  send<Result, Input extends Command>(
    update: UpdateDefinition<Result, [Input]>,
    request: CommandRequest<Omit<Input, keyof Command>>,
  ): Promise<Result>;
  /** @throws TemperaError WORKFLOW_UNAVAILABLE unless a worker has shown itself lately and the server answers */
  ready(): Promise<void>;
  /**
   * Starts a classification's workflow; one that runs is left as it is.
   * @throws TemperaError WORKFLOW_UNAVAILABLE, TIMEOUT: it may run
   */
  startClassification(run: ClassificationOf, traceparent?: string): Promise<void>;
  /** Returns when it has ended. @throws TemperaError WORKFLOW_UNAVAILABLE, TIMEOUT */
  cancelClassification(run: ClassificationOf, key: string): Promise<{ state: string }>;
  /**
   * Deletes every run of the workflow, and of those whose ids go on behind it with a slash, with their histories; one
   * that is open ends with it. @returns how many there were still. @throws TemperaError WORKFLOW_UNAVAILABLE
   */
  deleteWorkflows(workflowId: string): Promise<number>;
  /** @throws TemperaError WORKFLOW_UNAVAILABLE when the server does not answer */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface GatewayOptions {
  address: string;
  namespace: string;
  apiKey: string | null;
  /** Null speaks plain gRPC, unless there is a key. */
  tls?: TemporalTls | null;
  /** Seconds that a command's answer is waited for. */
  commandTimeoutSeconds: number;
  /** Commands of one kind that may wait for their turn in one session. */
  waitingCommands: number;
  /** Workers that have shown themselves lately. */
  freshWorkers: () => Promise<number>;
}

const PING_TIMEOUT_MILLISECONDS = 1_500;
/** gRPC's status. */
const GRPC_NOT_FOUND = 5;
/** A command that the server dropped is sent again; its id keeps it one command. */
const DROPPED_RETRIES = 5;
const DROPPED_PAUSE_MILLISECONDS = 200;

/** Connects on first use, so that the API serves reads while Temporal is away. */
export function createTemporalGateway(options: GatewayOptions): TemporalGateway {
  const traces = new AsyncLocalStorage<string | undefined>();
  const longestMs = options.commandTimeoutSeconds * 1000;
  const lanes = createLanes({ waiting: options.waitingCommands, waitMs: longestMs });
  const connection = Connection.lazy({
    address: options.address,
    ...(options.apiKey && { apiKey: options.apiKey, tls: true }),
    ...(options.tls && { tls: options.tls }),
    // reconnect soon after an outage; the default backs off to two minutes
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 1_000 },
  });
  const client = new Client({
    connection,
    namespace: options.namespace,
    interceptors: { workflow: [traceInterceptor(traces)] },
  });

  // the client's own retries would run on into a closed channel
  const inFlight = new Set<Promise<unknown>>();
  async function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
    const running = connection.withDeadline(Date.now() + milliseconds, work);
    inFlight.add(running);
    return await running.finally(() => inFlight.delete(running));
  }

  async function ping(): Promise<void> {
    try {
      await within(PING_TIMEOUT_MILLISECONDS, () => connection.workflowService.getSystemInfo({}));
    } catch (error) {
      throw unavailable('Temporal does not answer', error);
    }
  }

  async function ready(): Promise<void> {
    if ((await options.freshWorkers()) === 0) throw unavailable('No worker has shown itself lately');
    await ping();
  }

  return {
    inTurn: (sessionId, update, work) => lanes.inTurn(`${sessionId}/${update.name}`, work),
    async send(update, request) {
      await ready();
      const attempt = () =>
        traces.run(request.traceparent, () =>
          client.workflow.executeUpdateWithStart(update, compose(update, request)),
        );
      return await within(longestMs, () => sendOpen(attempt, request.key));
    },
    ready,
    async startClassification(run, traceparent) {
      await ready();
      const start = () => client.workflow.start(CLASSIFICATION_WORKFLOW, classificationOptions(run));
      await within(longestMs, () => sendOpen(() => traces.run(traceparent, start), run.id));
    },
    async cancelClassification(run, key) {
      await ready();
      const startWorkflowOperation = new WithStartWorkflowOperation(
        CLASSIFICATION_WORKFLOW,
        classificationOptions(run),
      );
      const order = { args: [{ key }] as [{ key: string }], updateId: key, startWorkflowOperation };
      const attempt = () => client.workflow.executeUpdateWithStart(cancelClassificationUpdate, order);
      return await within(longestMs, () => sendOpen(attempt, key));
    },
    async deleteWorkflows(workflowId) {
      await ping();
      return await within(longestMs, () => deleteRuns(client, workflowId));
    },
    ping,
    async close() {
      await Promise.allSettled(inFlight);
      await connection.close();
    },
  };
}

function compose<Result, Input extends Command>(
  update: UpdateDefinition<Result, [Input]>,
  { session, principal, key, fields }: CommandRequest<Omit<Input, keyof Command>>,
) {
  const input: SessionInput = { sessionId: session.id, owner: session.owner };
  // one boundary cast: Input is Command plus the order's fields, which TypeScript cannot add up for a generic
  const command = { ...fields, key, principal } as unknown as Input;
  const args: [Input] = [command];
  return {
    args,
    updateId: derivedId(update.name, principal.id, key, JSON.stringify(fields)),
    startWorkflowOperation: new WithStartWorkflowOperation(SESSION_WORKFLOW, {
      workflowId: sessionWorkflowId(session.id),
      taskQueue: TASK_QUEUES.workflows,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    }),
  };
}

const classificationOptions = ({ id, owner }: ClassificationOf) => ({
  workflowId: classificationWorkflowId(id),
  taskQueue: TASK_QUEUES.workflows,
  args: [{ runId: id, owner } satisfies ClassificationInput] as [ClassificationInput],
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
  staticSummary: `Classification ${id}`,
});

async function deleteRuns({ workflow, workflowService, options }: Client, id: string): Promise<number> {
  const { namespace } = options;
  let found = 0;
  for await (const run of workflow.list({
    query: `WorkflowId = "${id}" or WorkflowId starts_with "${id}/"`,
  })) {
    found += 1;
    const workflowExecution = { workflowId: run.workflowId, runId: run.runId };
    await workflowService
      .deleteWorkflowExecution({ namespace, workflowExecution })
      .catch((error: unknown) => {
        // listed for a moment longer than it is there
        if (!isGrpcServiceError(error) || error.code !== GRPC_NOT_FOUND) throw error;
      });
  }
  return found;
}

async function sendOpen<Result>(attempt: () => Promise<Result>, key: string): Promise<Result> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!wasDropped(error) || retries === DROPPED_RETRIES) throw toCommandError(error, key);
      await delay(DROPPED_PAUSE_MILLISECONDS);
    }
  }
}

function traceInterceptor(traces: AsyncLocalStorage<string | undefined>): WorkflowClientInterceptor {
  return {
    startUpdateWithStart(input, next) {
      const trace = traces.getStore();
      if (trace === undefined) return next(input);
      const header = { [TRACE_HEADER]: defaultPayloadConverter.toPayload(trace) };
      return next({
        ...input,
        workflowStartHeaders: { ...input.workflowStartHeaders, ...header },
        updateHeaders: { ...input.updateHeaders, ...header },
      });
    },
    start(input, next) {
      const trace = traces.getStore();
      if (trace === undefined) return next(input);
      const header = { [TRACE_HEADER]: defaultPayloadConverter.toPayload(trace) };
      return next({ ...input, headers: { ...input.headers, ...header } });
    },
  };
}

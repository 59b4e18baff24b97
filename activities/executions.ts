/** Runs a step's code as a named execution: attached again while its host knows it, else run again from its base. */

import { Context } from '@temporalio/activity';
import { TemperaError } from '../core/errors.ts';
import { ledgerFile } from '../core/ledger-file.ts';
import { DIRTY, type ExecutionChunk, type SandboxHost } from '../core/ports/sandbox.ts';
import { memoryRetry } from '../core/step-output.ts';
import { deleteDecisionsOf, deleteMetricsOf, inSession, updateStep } from '../db/index.ts';
import { cancelRequests } from './cancellation.ts';
import { boundKeys } from './decision-records.ts';
import type { EndedExecution, ExecutionPlan } from './execution-plan.ts';
import { ExecutionRecorder } from './execution-recorder.ts';
import { limitsOf, memoryRetryOf, retryNote, wantsMoreMemory } from './memory-retry.ts';
import type { ActivityPorts } from './ports.ts';
import { SlotWait } from './slot-wait.ts';
import { traceContext } from './trace-context.ts';
import { restoreBase } from './workspaces.ts';

/** How often in a row an execution that was killed from outside is run again before the agent is told. */
const MOST_LOST = 5;

export const executionId = (step: string, execution: number): string => `${step}/${execution}`;

/** @throws TemperaError CANCELLED when this worker shuts down: the execution goes on without a reader */
export async function runExecution(
  ports: ActivityPorts,
  plan: ExecutionPlan,
  signal: AbortSignal,
): Promise<EndedExecution> {
  const watch = watchCancellation(ports, plan, signal);
  try {
    const attached = plan.step.execution > 0 ? await attach(ports, plan, watch) : null;
    const ended = attached ?? (await start(ports, plan, watch));
    const last = await unlessLost(ports, plan, { ended, watch });
    return await withMoreMemory(ports, plan, { ended: last, watch });
  } finally {
    watch.end();
  }
}

/**
 * The execution itself, or the one that follows it where it was killed from outside: the code had no part in that. Not
 * without an end, since what kills it may be that it runs.
 */
async function unlessLost(
  ports: ActivityPorts,
  plan: ExecutionPlan,
  { ended: first, watch }: { ended: EndedExecution; watch: Watch },
): Promise<EndedExecution> {
  const { workspace, step, epoch } = plan;
  let ended = first;
  for (let lost = 0; lost < MOST_LOST && isLost(ended) && !watch.detach.aborted; lost += 1) {
    workspace.at = DIRTY;
    const { execution } = ended;
    ended = await start(ports, { ...plan, step: { ...step, execution } }, watch);
    await workspace.host.executions.acknowledge(executionId(step.id, execution), epoch, '');
  }
  return ended;
}

/** A cell of a living kernel is not run again: its variables are gone. */
const isLost = ({ exit }: EndedExecution): boolean => exit.status === 'lost' && !exit.kernelLost;

/** The execution itself, or the one that follows it on a larger limit when it ran out of memory. */
async function withMoreMemory(
  ports: ActivityPorts,
  plan: ExecutionPlan,
  { ended, watch }: { ended: EndedExecution; watch: Watch },
): Promise<EndedExecution> {
  const { workspace, epoch } = plan;
  if (watch.isCancelRequested() || !wantsMoreMemory(ports.settings, plan.step, ended)) return ended;
  const output = memoryRetryOf(ports.settings, ended);
  workspace.at = DIRTY;
  const again = await start(
    ports,
    { ...plan, step: { ...plan.step, execution: ended.execution, output } },
    watch,
  );
  await workspace.host.executions.acknowledge(executionId(plan.step.id, ended.execution), epoch, '');
  return again;
}

/** Follows the current execution; null when the host does not know it any more. */
async function attach(
  ports: ActivityPorts,
  plan: ExecutionPlan,
  watch: Watch,
): Promise<EndedExecution | null> {
  const { execution } = plan.step;
  const id = executionId(plan.step.id, execution);
  watch.follow(id);
  try {
    // from the start, because the whole output is needed at the end; what is written already is only read
    const place = { executionId: id, epoch: plan.epoch, fromOffset: 0 };
    const chunks = plan.workspace.host.executions.attach(place, watch.detach);
    return await record(ports, plan, { execution, writtenOffset: plan.step.output_offset, chunks });
  } catch (error) {
    if (error instanceof TemperaError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

async function start(ports: ActivityPorts, plan: ExecutionPlan, watch: Watch): Promise<EndedExecution> {
  const { call, workspace, epoch } = plan;
  const execution = plan.step.execution + 1;
  await restoreBase(ports, workspace, call.base);
  await raiseExecution(ports, plan, execution);
  const id = executionId(plan.step.id, execution);
  watch.follow(id);
  const trace = traceContext();
  const environment = {
    TEMPERA_STAGE: call.stage,
    TEMPERA_SESSION: call.sessionId,
    TEMPERA_EXPERIMENT: workspace.experiment.id,
    ...(trace === '' ? {} : { TRACEPARENT: trace }),
  };
  const request = {
    sessionId: call.sessionId,
    epoch,
    executionId: id,
    base: call.base ?? '',
    code: plan.code,
    scriptPath: plan.scriptPath,
    timeoutMs: ports.settings.executionSeconds * 1000,
    environment,
    limits: limitsOf(ports.settings, plan.step),
    traceContext: trace,
    gpus: plan.gpus,
    decisions: ledgerFile(plan.ledger),
  };
  const chunks = workspace.host.executions.start(request, watch.detach);
  return record(ports, plan, { execution, writtenOffset: 0, chunks });
}

/** The former execution is lost: its metrics and decisions go, and everybody is told that another begins. */
async function raiseExecution(ports: ActivityPorts, plan: ExecutionPlan, execution: number): Promise<void> {
  const { step, epoch, call } = plan;
  const { sessionId, stage, run } = call;
  const attempt = { step: step.id, epoch };
  await inSession(ports, { sessionId, attempt }, async (tx, tell) => {
    if (execution > 1) {
      await deleteMetricsOf(tx, step.id, execution - 1);
      await deleteDecisionsOf(tx, step.id, execution - 1);
    }
    const output = memoryRetry(step);
    await updateStep(tx, attempt, {
      execution,
      output_offset: 0,
      metrics_offset: 0,
      output,
    });
    const data = { step_id: step.id, execution, epoch, ...(output ?? {}) };
    await tell({ key: `${step.id}/${execution}/attempt`, type: 'attempt_started', stage, run, data });
  });
}

interface Reading {
  execution: number;
  /** Chunks below this offset are written already. */
  writtenOffset: number;
  chunks: AsyncIterable<ExecutionChunk>;
}

async function record(
  ports: ActivityPorts,
  plan: ExecutionPlan,
  { execution, writtenOffset, chunks }: Reading,
): Promise<EndedExecution> {
  const recorder = new ExecutionRecorder(ports, plan.call, {
    id: plan.step.id,
    execution,
    epoch: plan.epoch,
    writtenOffset,
    bound: boundKeys(plan.ledger, plan.call.stage),
    isOurs: plan.isOurs,
  });
  const wait = new SlotWait(ports, plan, execution);
  try {
    for await (const chunk of chunks) {
      await wait.end();
      await recorder.add(chunk);
    }
  } finally {
    await wait.end();
  }
  await recorder.end();
  const { exit, output } = recorder;
  if (!exit)
    throw new TemperaError(
      'SANDBOX_UNAVAILABLE',
      `The host ended the stream of execution [${executionId(plan.step.id, execution)}] without its exit.`,
    );
  exit.message = `${retryNote(plan.step)}${exit.message}`;
  return { execution, exit, ...output };
}

/** Tells a cancellation by people (interrupt, then read to the end) from the loss of this worker (detach). */
interface Watch {
  /** Aborted when this worker must let go. */
  detach: AbortSignal;
  isCancelRequested(): boolean;
  follow(executionId: string): void;
  end(): void;
}

function watchCancellation({ settings }: ActivityPorts, plan: ExecutionPlan, signal: AbortSignal): Watch {
  const context = Context.current();
  const isCancelRequested = cancelRequests();
  const detach = new AbortController();
  const host: SandboxHost = plan.workspace.host;
  let following: string | null = null;
  let interrupted: string | null = null;
  function interrupt(): void {
    if (!signal.aborted) return;
    if (!isCancelRequested()) {
      detach.abort();
      return;
    }
    if (following === null || interrupted === following) return;
    interrupted = following;
    host.executions.interrupt(following, plan.epoch, settings.killAfterMs).catch((error: unknown) => {
      // it ended by itself meanwhile, or the host is gone: the stream tells
      context.log.warn('interrupt failed', { error });
    });
  }
  signal.addEventListener('abort', interrupt);
  return {
    detach: detach.signal,
    isCancelRequested,
    follow(id) {
      following = id;
      interrupt();
    },
    end: () => signal.removeEventListener('abort', interrupt),
  };
}

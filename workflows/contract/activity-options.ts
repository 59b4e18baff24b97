/** One constant per class of activity, each with the reason for its timeouts. */

import type { RetryPolicy } from '@temporalio/common';
import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import { TASK_QUEUES } from './ids.ts';

/**
 * Failure types that no retry mends: refusals and broken requests. Everything else is retried for as long as it
 * takes.
 */
export const NOT_RETRYABLE: readonly string[] = [
  'INVALID_INPUT',
  'INVALID_PATH',
  'INVALID_SQL',
  'INVALID_DATASET',
  'UNKNOWN_TARGET',
  'FORBIDDEN',
  'NOT_FOUND',
  'STAGE_NOT_READY',
  'NOT_CANCELLABLE',
  'NOT_WAITING',
  'CONFLICT',
  'IDEMPOTENCY_MISMATCH',
  'LIMIT_REACHED',
  'CANCELLED',
  'MODEL_REFUSED',
  'MODEL_AUTHENTICATION',
  'MODEL_REQUEST',
  // the workflow waits for these by durable timers of its own, so that the wait is seen
  'MODEL_QUOTA',
  'MODEL_UNAVAILABLE',
  'SANDBOX_ISOLATION',
  'NO_GPU',
  'VALIDATION_FAILED',
  'STAGE_IMPOSSIBLE',
];

const retry: RetryPolicy = {
  initialInterval: '200 ms',
  backoffCoefficient: 2,
  // short, so that work goes on soon after an outage of minutes
  maximumInterval: '5 s',
  nonRetryableErrorTypes: [...NOT_RETRYABLE],
};

/** Rows and events: a few milliseconds; ten seconds only when the database is ill, and then again. */
export const RECORDS: LocalActivityOptions = { startToCloseTimeout: '10 s', retry };

/** One answer of a model: long thinking is allowed, a silent worker is found in ten seconds. */
export function modelOptions(heartbeatSeconds: number): ActivityOptions {
  return {
    taskQueue: TASK_QUEUES.models,
    startToCloseTimeout: '30 minutes',
    heartbeatTimeout: heartbeatSeconds * 1000,
    // what was running ends and commits before the session is cancelled
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry,
  };
}

/**
 * One tool call. The execution has its own clock in the host (600 s by default), which does not run while it
 * queues for a slot; this timeout only ends what hangs beyond any queue.
 */
export function sandboxOptions(
  heartbeatSeconds: number,
  taskQueue: string = TASK_QUEUES.sandbox,
): ActivityOptions {
  return {
    taskQueue,
    startToCloseTimeout: '12 hours',
    heartbeatTimeout: heartbeatSeconds * 1000,
    // what was running ends and commits before the session is cancelled
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry,
  };
}

/** One constant per class of activity, each with the reason for its timeouts. */

import type { RetryPolicy } from '@temporalio/common';
import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import { codesRetried } from '../../core/errors.ts';
import { TASK_QUEUES } from './ids.ts';

const retry: RetryPolicy = {
  initialInterval: '200 ms',
  backoffCoefficient: 2,
  // short, so that work goes on soon after an outage of minutes
  maximumInterval: '5 s',
  // everything else is retried for as long as it takes, but for bugs, which activities/failures.ts counts
  nonRetryableErrorTypes: codesRetried('never', 'by workflow'),
};

/** Rows and events: a few milliseconds; ten seconds only when the database is ill, and then again. */
export const RECORDS: LocalActivityOptions = { startToCloseTimeout: '10 s', retry };

/** One message to a webhook: fifteen seconds for its answer; what is refused is the workflow's to send again. */
export const WEBHOOK_ATTEMPT: ActivityOptions = { startToCloseTimeout: '1 minute', retry };

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

/**
 * One piece of a classification: tables sampled, or about 500 columns. Its queue is its own, so that no session waits
 * behind it, and owners take turns in it.
 */
export function classificationOptions(heartbeatSeconds: number, owner: string): ActivityOptions {
  return {
    taskQueue: TASK_QUEUES.classification,
    startToCloseTimeout: '2 hours',
    heartbeatTimeout: heartbeatSeconds * 1000,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry,
    priority: { fairnessKey: owner.slice(0, 64) },
  };
}

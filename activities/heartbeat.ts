/** Runs work that takes long: heartbeats while it goes on, and aborts it when the activity is cancelled. */

import { Context } from '@temporalio/activity';
import { TemperaError } from '../core/errors.ts';

/** Milliseconds between heartbeats; the worker throttles them further. */
export const HEARTBEAT_INTERVAL_MS = 500;

/**
 * @param work gets a signal that is aborted when the activity is cancelled or its worker shuts down
 * @param details what the heartbeats say, e.g. that the call waits for a slot
 */
export async function whileHeartbeating<T>(
  work: (signal: AbortSignal) => Promise<T>,
  details: () => unknown = () => undefined,
): Promise<T> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(details()), HEARTBEAT_INTERVAL_MS);
  context.heartbeat(details());
  try {
    return await work(context.cancellationSignal);
  } catch (error) {
    // whatever the aborted call threw, the reason is the cancellation
    if (context.cancellationSignal.aborted)
      throw new TemperaError('CANCELLED', 'The activity was cancelled.', { cause: error });
    throw error;
  } finally {
    clearInterval(timer);
  }
}

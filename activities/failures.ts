/** The one place where a TemperaError becomes a failure that Temporal understands. */

import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { TemperaError } from '../core/errors.ts';
import { NOT_RETRYABLE } from '../workflows/contract/activity-options.ts';

/** The ApplicationFailure of an expected failure; a bug or a cancellation passes unchanged. */
export function toFailure(error: unknown): unknown {
  if (!(error instanceof TemperaError)) return error;
  if (error.code === 'CANCELLED') return new CancelledFailure(error.message);
  return ApplicationFailure.create({
    message: error.message,
    type: error.code,
    nonRetryable: NOT_RETRYABLE.includes(error.code),
    details: [
      { ...error.details, ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }) },
    ],
    cause: error,
  });
}

/** Wraps every activity so that its expected failures leave it as ApplicationFailures. */
export function withFailures<T extends Record<string, (input: never) => Promise<unknown>>>(activities: T): T {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (input: never) => {
      try {
        return await activity(input);
      } catch (error) {
        throw toFailure(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}

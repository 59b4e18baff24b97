/**
 * The one place where an error becomes a failure that Temporal understands.
 *
 * refusal     a TemperaError that no retry mends: fails at once
 * outage      a TemperaError that time mends, or a lost connection: retried for as long as it takes
 * bug         anything else: retried with growing pauses, then failed with its name
 */

import { ApplicationFailure, CancelledFailure, TemporalFailure } from '@temporalio/common';
import { TemperaError } from '../core/errors.ts';

/** Which attempt this is and how many are made at what fails for a bug. */
export interface Attempts {
  /** The activity. */
  name: string;
  /** 1, 2, 3 … */
  attempt: number;
  /** Null: no attempt is the last. */
  most: number | null;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 60_000;

/** The failure with which an activity ends; a cancellation passes unchanged. */
export function toFailure(error: unknown, attempts: Attempts): unknown {
  if (error instanceof TemporalFailure) return error;
  if (isBug(error)) return bugFailure(error, attempts);
  if (!(error instanceof TemperaError)) return error;
  if (error.code === 'CANCELLED') return new CancelledFailure(error.message);
  return ApplicationFailure.create({
    message: error.message,
    type: error.code,
    nonRetryable: error.kind.retry !== 'endlessly',
    details: [
      { ...error.details, ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }) },
    ],
    cause: error,
  });
}

const LOST_CONNECTIONS = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'],
  ...[
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ERR_STREAM_PREMATURE_CLOSE',
    'UND_ERR_SOCKET',
    'UND_ERR_CONNECT_TIMEOUT',
  ],
]);

/** True for what no waiting mends: neither expected nor a connection that was lost. */
function isBug(error: unknown): boolean {
  if (error instanceof TemperaError) return error.kind.retry === 'some times';
  for (let cause = error; typeof cause === 'object' && cause !== null; cause = Reflect.get(cause, 'cause')) {
    if (LOST_CONNECTIONS.has(String(Reflect.get(cause, 'code')))) return false;
  }
  return true;
}

function bugFailure(error: unknown, { name, attempt, most }: Attempts): ApplicationFailure {
  const description = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const last = most !== null && attempt >= most;
  return ApplicationFailure.create({
    message: last
      ? `Something in the platform failed ${attempt} times in ${name}: ${description}`
      : description,
    type: 'INTERNAL',
    nonRetryable: last,
    nextRetryDelay: Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)),
    ...(error instanceof Error && { cause: error }),
  });
}

export interface FailureOptions<Name> {
  /** Attempts at an activity that fails for a bug. */
  bugAttempts: number;
  /** Activities that are tried without end: nothing else would tell of their failure. */
  endless: readonly Name[];
  /** The number of the present attempt. */
  attempt: () => number;
}

/** Wraps every activity so that its failures leave it as ones that Temporal understands. */
export function withFailures<T extends Record<string, (input: never) => Promise<unknown>>>(
  activities: T,
  { bugAttempts, endless, attempt }: FailureOptions<keyof T & string>,
): T {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (input: never) => {
      try {
        return await activity(input);
      } catch (error) {
        const most = endless.includes(name) ? null : bugAttempts;
        throw toFailure(error, { name, attempt: attempt(), most });
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}

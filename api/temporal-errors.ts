/** What Temporal's errors are to a caller: whether nothing was started, it may run, or the workflow has refused. */

import {
  isGrpcServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { isErrorCode, TemperaError } from '../core/errors.ts';

const GRPC = {
  FAILED_PRECONDITION: 9,
  CANCELLED: 1,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  RESOURCE_EXHAUSTED: 8,
  ABORTED: 10,
  UNAVAILABLE: 14,
};

/** It was sent; what became of it is not known. */
const LATE: ReadonlySet<number> = new Set([
  ...[GRPC.CANCELLED, GRPC.DEADLINE_EXCEEDED, GRPC.UNAVAILABLE],
  ...[GRPC.NOT_FOUND, GRPC.ABORTED, GRPC.FAILED_PRECONDITION],
]);
/** How the server says so: the workflow was closing, or its worker failed in that moment. */
const DROPPED: ReadonlySet<number> = new Set([GRPC.NOT_FOUND, GRPC.ABORTED, GRPC.FAILED_PRECONDITION]);

/** The server dropped a command, which may be sent again. */
export const wasDropped = (error: unknown): boolean => DROPPED.has(grpcCode(error) ?? 0);

/** What a failed command is to the caller; the one place that classifies Temporal's errors. */
export function toCommandError(error: unknown, key: string): TemperaError {
  if (error instanceof WorkflowUpdateFailedError) return refusedByWorkflow(error);
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return timedOut(key, error);
  const code = grpcCode(error);
  if (code === GRPC.RESOURCE_EXHAUSTED) return unavailable('Temporal is overloaded', error);
  if (code === GRPC.UNAVAILABLE && neverConnected(error))
    return unavailable('Temporal does not answer', error);
  if (code !== null && LATE.has(code)) return timedOut(key, error);
  return new TemperaError('INTERNAL', 'The command failed.', { cause: error });
}

function refusedByWorkflow(error: WorkflowUpdateFailedError): TemperaError {
  const { cause } = error;
  const type = cause instanceof ApplicationFailure ? (cause.type ?? '') : '';
  if (cause instanceof ApplicationFailure && isErrorCode(type)) {
    return new TemperaError(type, cause.message, { cause: error, details: asRecord(cause.details?.[0]) });
  }
  return new TemperaError('INTERNAL', 'The workflow failed the command.', { cause: error });
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function timedOut(key: string, cause: unknown): TemperaError {
  const message = `No answer in time. Repeat the request with Idempotency-Key ${key} to get its result.`;
  return new TemperaError('TIMEOUT', message, { cause, details: { idempotency_key: key } });
}

export function unavailable(reason: string, cause?: unknown): TemperaError {
  return new TemperaError('WORKFLOW_UNAVAILABLE', `${reason}; nothing was started.`, {
    cause,
    retryAfter: 5,
  });
}

function grpcCode(error: unknown): number | null {
  const service = error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : error;
  return isGrpcServiceError(service) ? service.code : null;
}

function neverConnected(error: unknown): boolean {
  const text = error instanceof Error ? `${error.message} ${String(error.cause)}` : '';
  return /ECONNREFUSED|No connection established|ENOTFOUND/.test(text);
}

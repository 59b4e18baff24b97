/** The one place where a gRPC status of a sandbox host becomes a TemperaError. */

import { type Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { type ErrorCode, isErrorCode, TemperaError } from '../core/errors.ts';
import { type ErrorInfo, errorInfoOf } from './status-details.ts';

const BY_STATUS: Partial<Record<status, ErrorCode>> = {
  [status.INVALID_ARGUMENT]: 'INVALID_INPUT',
  [status.NOT_FOUND]: 'NOT_FOUND',
  [status.ABORTED]: 'SUPERSEDED',
  [status.RESOURCE_EXHAUSTED]: 'LIMIT_REACHED',
  [status.DEADLINE_EXCEEDED]: 'SANDBOX_TIMEOUT',
  [status.UNAVAILABLE]: 'SANDBOX_UNAVAILABLE',
  [status.FAILED_PRECONDITION]: 'CONFLICT',
};

/** Reasons of the built-in tools that have another name here. A tool that crashed is a bug, not an outage. */
const BY_REASON: Readonly<Record<string, ErrorCode>> = {
  INVALID_ARGUMENT: 'INVALID_INPUT',
  UNKNOWN_TABLE: 'NOT_FOUND',
  TOOL_FAILED: 'INTERNAL',
  // an execution that its caller ended while it waited
  NEVER_STARTED: 'CANCELLED',
};

/**
 * What grpc-js says of a message that it cannot read or write: waiting mends neither, so that it is a bug and never an
 * outage. Its other INTERNAL errors are streams that broke.
 */
const UNREADABLE =
  /^(?:Response message parsing error|Request message serialization failure|Received message larger)/;

export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error;
}

/** @param attempted what was tried, with its ids in brackets */
export function toSandboxError(error: unknown, attempted: string): unknown {
  if (!isServiceError(error)) return error;
  const info = errorInfo(error.metadata);
  const reason = info?.reason ?? '';
  // a quota of ours carries its reason; a bare one is the transport giving up on the connection
  const lost = error.code === status.RESOURCE_EXHAUSTED && reason === '';
  const unreadable = reason === '' && UNREADABLE.test(error.details);
  const named = unreadable
    ? 'INTERNAL'
    : isErrorCode(reason)
      ? reason
      : lost
        ? 'SANDBOX_UNAVAILABLE'
        : BY_REASON[reason];
  const code: ErrorCode = named ?? BY_STATUS[error.code] ?? 'SANDBOX_UNAVAILABLE';
  const message =
    code === 'SANDBOX_UNAVAILABLE' || code === 'SUPERSEDED' || unreadable
      ? `${attempted}: ${error.details}`
      : error.details;
  return new TemperaError(code, message, { cause: error, details: { ...(info?.metadata ?? {}) } });
}

/** The google.rpc.ErrorInfo among the status's details, where the host sent one. */
function errorInfo(metadata: Metadata): ErrorInfo | null {
  const [bytes] = metadata.get('grpc-status-details-bin');
  return bytes instanceof Buffer ? errorInfoOf(bytes) : null;
}

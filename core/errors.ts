/**
 * The one table of error codes: what each is over REST (HTTP status), over gRPC and in workflows.
 *
 * TemperaError            expected refusals and failures; its code is stable and documented in docs/errors.md
 *   └ anything else       a bug: answered as INTERNAL without its message
 */

/**
 * Whether work of a session that fails so is tried again by itself:
 *
 * never         trying the same thing again cannot help
 * endlessly     time mends it, or a newer attempt: for as long as it takes
 * some times    it may be a bug: `worker.bugAttempts` times, then it fails by its name
 * by workflow   time mends it, and the workflow waits by durable timers of its own, so that the wait is seen
 */
export type Retry = 'never' | 'endlessly' | 'some times' | 'by workflow';

export interface ErrorKind {
  /** HTTP status of the problem document. */
  http: number;
  /** Number of the gRPC status code. */
  grpc: number;
  /** One sentence: what it means. */
  title: string;
  /** Decided here and nowhere else. */
  retry: Retry;
}

const kind = (
  [http, grpc]: [http: number, grpc: number],
  title: string,
  retry: Retry = 'never',
): ErrorKind => ({
  http,
  grpc,
  title,
  retry,
});

export const ERROR_CODES = {
  INVALID_INPUT: kind([400, 3], 'A field of the request is wrong.'),
  INVALID_PATH: kind([400, 3], 'The path is not inside the tree that may be read.'),
  INVALID_SQL: kind([400, 3], 'The statement is not a single read-only query over the session’s tables.'),
  INVALID_DATASET: kind([422, 3], 'The uploaded file cannot be used as a table.'),
  UNKNOWN_TARGET: kind([422, 3], 'The target column is not in the table.'),
  INVALID_DECISION: kind([422, 3], 'The decision is not one that this session and its table allow.'),
  UNAUTHENTICATED: kind([401, 16], 'The request carries no key that is known here.'),
  FORBIDDEN: kind([403, 7], 'The caller may not do this.'),
  WRONG_HOST: kind([421, 7], 'The Host header is not one that this server serves.'),
  WRONG_ORIGIN: kind([403, 7], 'The Origin header is not one that this server trusts.'),
  NOT_FOUND: kind([404, 5], 'There is nothing by this id that the caller may see.'),
  STAGE_NOT_READY: kind([409, 9], 'The stage cannot start in the present state.'),
  NOT_CANCELLABLE: kind([409, 9], 'It cannot be cancelled in the present state.'),
  NOT_WAITING: kind([409, 9], 'Nothing is waiting for this answer.'),
  CONFLICT: kind([409, 10], 'The request collides with another one.'),
  ALREADY_RUNNING: kind([409, 6], 'One of it runs already.'),
  IDEMPOTENCY_MISMATCH: kind([409, 10], 'The Idempotency-Key was used with another request.'),
  TOO_LARGE: kind([413, 8], 'The request is larger than its limit.'),
  UNSUPPORTED_TYPE: kind([415, 3], 'The file is of a kind that is not read.'),
  RANGE_NOT_SATISFIABLE: kind([416, 11], 'The range asked for is outside the file.'),
  LIMIT_REACHED: kind([429, 8], 'A limit is reached.'),
  SLOW_READER: kind(
    [429, 8],
    'The reader was too slow and was dropped; resume after the last event seen.',
    'endlessly',
  ),
  // an attempt that is still waited for goes on from what the other one has done
  SUPERSEDED: kind([409, 10], 'A newer attempt has taken over; this one may change nothing.', 'endlessly'),
  CANCELLED: kind([409, 1], 'The work was cancelled.'),
  MODEL_REFUSED: kind([502, 9], 'The model declined to answer.'),
  MODEL_AUTHENTICATION: kind([502, 16], 'The model provider refused the key.'),
  MODEL_REQUEST: kind([502, 3], 'The model provider refused the request.'),
  MODEL_UNAVAILABLE: kind([503, 14], 'The model provider does not answer or is overloaded.', 'by workflow'),
  MODEL_QUOTA: kind([503, 8], 'The model provider’s rate limit is reached.', 'by workflow'),
  SANDBOX_UNAVAILABLE: kind([503, 14], 'No sandbox host answers.', 'endlessly'),
  SANDBOX_ISOLATION: kind([503, 9], 'The sandbox cannot isolate code here and policy requires it.'),
  NO_GPU: kind([503, 9], 'No sandbox host has a GPU that can be used.'),
  QUERY_TIMEOUT: kind([504, 4], 'The query did not end within its time and was stopped.'),
  // of a host that is overloaded or cut off; an agent's own call is answered instead
  SANDBOX_TIMEOUT: kind([504, 4], 'The execution ran into its time limit.', 'endlessly'),
  STORAGE_UNAVAILABLE: kind([503, 14], 'The object store does not answer.', 'endlessly'),
  DATABASE_UNAVAILABLE: kind([503, 14], 'The database does not answer.', 'endlessly'),
  WORKFLOW_UNAVAILABLE: kind(
    [503, 14],
    'No worker or workflow server answers; nothing was started.',
    'endlessly',
  ),
  TIMEOUT: kind(
    [504, 4],
    'The command was sent but its answer did not come in time; the same Idempotency-Key returns its result.',
    'endlessly',
  ),
  VALIDATION_FAILED: kind([422, 9], 'The outputs of the stage do not validate.'),
  STAGE_IMPOSSIBLE: kind([422, 9], 'The stage cannot be done with this table.'),
  INTERNAL: kind([500, 13], 'Something failed here that should not have.', 'some times'),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_CODES;

export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(ERROR_CODES, value);
}

/** The codes whose work is tried again so. */
export function codesRetried(...retries: Retry[]): ErrorCode[] {
  return Object.keys(ERROR_CODES)
    .filter(isErrorCode)
    .filter((code) => retries.includes(ERROR_CODES[code].retry));
}

export interface TemperaErrorOptions {
  cause?: unknown;
  /** Machine-readable particulars, e.g. {field, limit}; shown to the caller. */
  details?: Record<string, unknown>;
  /** Seconds after which trying again may help. */
  retryAfter?: number;
}

/** An expected failure with a stable code. The message says what, where and how to mend it. */
export class TemperaError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string, options: TemperaErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'TemperaError';
    this.code = code;
    this.details = options.details ?? {};
    this.retryAfter = options.retryAfter;
  }

  get kind(): ErrorKind {
    return ERROR_CODES[this.code];
  }
}

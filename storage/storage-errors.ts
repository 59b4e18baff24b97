/** What an error of the S3 client means to us: one place. Retries have happened before it is asked. */

import { TemperaError } from '../core/errors.ts';

/** The error to throw for the client's while `action` was done to `subject` (a key, a bucket). */
export function toStorageError(error: unknown, action: string, subject: string): TemperaError {
  if (error instanceof TemperaError) return error;
  const status = statusOf(error);
  if (status === 404)
    return new TemperaError('NOT_FOUND', `There is no object [${subject}].`, { cause: error });
  if (status === 416) {
    const message = `The range asked for is outside [${subject}].`;
    return new TemperaError('RANGE_NOT_SATISFIABLE', message, { cause: error });
  }
  const advice =
    status === 401 || status === 403
      ? 'The store refuses the keys: check S3_ACCESS_KEY and S3_SECRET_KEY.'
      : 'Try again when it is up.';
  const message = `The object store did not ${action} [${subject}]: ${describe(error)}. ${advice}`;
  return new TemperaError('STORAGE_UNAVAILABLE', message, { cause: error, retryAfter: 2 });
}

/** HTTP status of the client's error; 0 where no answer came. */
export function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return 0;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return 0;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : 0;
}

// Not by `instanceof Error`: an error of Node's own modules can come from another realm (a test's, a vm's).
function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const texts = ['message', 'name', 'code'].map((field) => Reflect.get(error, field));
  return String(
    texts.find((text) => typeof text === 'string' && text !== '' && text !== 'UnknownError') ?? error,
  );
}

/** The one place where an error of Modal's SDK becomes ours, with what mends it and without a secret. */

import { TemperaError } from '../../core/errors.ts';
import { redacted } from './modal-secrets.ts';

export class ModalProblem extends TemperaError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('SANDBOX_UNAVAILABLE', message, { ...options, retryAfter: 5 });
  }
}

/** Numbers of gRPC statuses with what they mean here. */
const BY_STATUS: Readonly<Record<number, string>> = {
  3: 'Modal refuses these settings (MODAL_GPU, MODAL_CPU, MODAL_MEMORY_MEBIBYTES, MODAL_IMAGE, MODAL_VOLUME)',
  4: 'Modal does not answer in time',
  7: 'Modal refuses the token: set MODAL_TOKEN_ID and MODAL_TOKEN_SECRET to a pair that is valid',
  8: 'Modal has no room at present, or the account’s limit is reached',
  14: 'Modal cannot be reached; it is tried again',
  16: 'Modal refuses the token: set MODAL_TOKEN_ID and MODAL_TOKEN_SECRET to a pair that is valid',
};

/** @param attempted what was tried, with its names in brackets */
export function toModalProblem(
  error: unknown,
  attempted: string,
  { serverUrl, secrets }: { serverUrl: string; secrets: readonly string[] },
): ModalProblem {
  if (error instanceof ModalProblem) return error;
  const { code, details } = statusOf(error);
  const meaning = code === null ? null : BY_STATUS[code];
  const detail = details ?? (error instanceof Error ? error.message : String(error));
  const where = code === 14 ? ` [${serverUrl}]` : '';
  const message = `${attempted}${where}: ${meaning ? `${meaning} (${detail})` : detail}`;
  // no cause: the SDK's errors may hold the request, and with it what it carried
  return new ModalProblem(redacted(message, secrets));
}

function statusOf(error: unknown): { code: number | null; details: string | null } {
  if (!(error instanceof Error)) return { code: null, details: null };
  const code = 'code' in error && typeof error.code === 'number' ? error.code : null;
  const details = 'details' in error && typeof error.details === 'string' ? error.details : null;
  if (code === null && /RESOURCE_EXHAUSTED|Insufficient capacity/.test(error.message)) {
    return { code: 8, details: error.message };
  }
  return { code, details };
}

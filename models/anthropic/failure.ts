/**
 * Says in one place what a failed call to Anthropic means for us: by its code what the workflow does, by its cause
 * what mends it (refusal.ts reads that from what was answered).
 *
 * cancelled by us                               CANCELLED
 * 429                                           MODEL_QUOTA, with the seconds of its retry-after header
 * 401, 402, 403                                 MODEL_AUTHENTICATION: a person must mend the account
 * 400, 404, 413, 422 and other 4xx              MODEL_REQUEST: the same request fails again
 * 408, 409, 499, 5xx, no connection, a cut or
 * silent or unreadable stream                   MODEL_UNAVAILABLE: try again later
 */

import { APIConnectionError, APIError, APIUserAbortError } from '@anthropic-ai/sdk';
import { type ErrorCode, TemperaError } from '../../core/errors.ts';
import type { Delivered, ModelFailure } from '../../core/ports/model.ts';
import { adviceFor, causeOf, excessOf, type Refusal } from './refusal.ts';

/** Why a stream failed that began well. */
export class BrokenStream extends Error {}

export interface FailureContext {
  /** The model that was asked. */
  model: string;
  /** Where it was asked. */
  baseUrl: string;
  /** True when the caller's signal has been aborted. */
  cancelled: boolean;
  /** Set when we gave up because nothing came for this many milliseconds. */
  silentFor?: number;
  /** What had been delivered of the answer, where it had begun. */
  delivered?: Delivered | undefined;
  /** Clock, in milliseconds since 1970; for a retry-after header that holds a date. */
  now?: () => number;
}

/** Characters of the provider's words that are handed on. */
const MAX_REASON_CHARACTERS = 500;

/** HTTP statuses that an `error` event inside a stream stands for: the stream itself began with 200. */
const STATUS_OF_TYPE: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** Turns whatever a call or its stream threw into the error that the workflow acts on. */
export function toModelError(error: unknown, context: FailureContext): TemperaError {
  if (context.cancelled) {
    const message = `The call of ${context.model} was cancelled.`;
    return new TemperaError('CANCELLED', message, { cause: error, details: deliveredOf(context) });
  }
  if (context.silentFor !== undefined) {
    const seconds = context.silentFor / 1000;
    return unavailable(`nothing came for ${seconds} s`, error, context);
  }
  if (error instanceof APIUserAbortError) return unavailable('the connection was given up', error, context);
  if (error instanceof APIConnectionError) return unavailable(reasonOf(error), error, context);
  if (error instanceof APIError) return fromAnswer(error, context);
  return unavailable(error instanceof Error ? error.message : String(error), error, context);
}

function fromAnswer(error: APIError, context: FailureContext): TemperaError {
  const type = error.type ?? 'unknown_error';
  const status = error.status ?? STATUS_OF_TYPE[type] ?? 500;
  const code = codeOf(status);
  const reason = (error.apiMessage ?? error.message).trim().slice(0, MAX_REASON_CHARACTERS);
  const refusal: Refusal = { status, sentence: reason, baseUrl: context.baseUrl, model: context.model };
  const cause = causeOf(refusal);
  const failure: ModelFailure = {
    said: `${status} ${type}: ${reason}`,
    ...(cause === null ? {} : { cause }),
    ...(cause === 'context' ? excessOf(reason) : {}),
    ...deliveredOf(context),
  };
  const message = `Anthropic did not answer as ${context.model} (${failure.said}). ${adviceFor(cause, refusal)}`;
  return new TemperaError(code, message.trim(), {
    cause: error,
    details: { status, type, request_id: error.requestID ?? null, ...failure },
    ...(error.headers ? withRetryAfter(error.headers, context.now ?? Date.now) : {}),
  });
}

function codeOf(status: number): ErrorCode {
  if (status === 429) return 'MODEL_QUOTA';
  if (status === 401 || status === 402 || status === 403) return 'MODEL_AUTHENTICATION';
  if (status >= 500 || status === 408 || status === 409 || status === 499) return 'MODEL_UNAVAILABLE';
  return 'MODEL_REQUEST';
}

function unavailable(reason: string, error: unknown, context: FailureContext): TemperaError {
  const delivered = deliveredOf(context);
  const cause = delivered.delivered === undefined ? 'down' : 'answer';
  const shortened = reason.slice(0, MAX_REASON_CHARACTERS);
  const what = `Anthropic could not be reached or broke off while answering as ${context.model}: ${shortened}.`;
  const details: ModelFailure = { cause, said: shortened, ...delivered };
  const message = `${what} Check ANTHROPIC_BASE_URL and the network.`;
  return new TemperaError('MODEL_UNAVAILABLE', message, { cause: error, details });
}

const deliveredOf = ({ delivered }: FailureContext) => (delivered === undefined ? {} : { delivered });

/** The SDK says `Connection error.`; what the system said of it lies below. */
function reasonOf(error: APIConnectionError): string {
  let reason = error.message;
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause)
    reason = cause.message || reason;
  return reason.replace(/\.$/, '');
}

/** Retry-After as seconds from now: the header holds seconds or an HTTP date. */
function withRetryAfter(headers: Headers, now: () => number): { retryAfter?: number } {
  const value = headers.get('retry-after')?.trim();
  if (!value) return {};
  if (/^\d+(\.\d+)?$/.test(value)) return { retryAfter: Number(value) };
  const date = Date.parse(value);
  return Number.isNaN(date) ? {} : { retryAfter: Math.max(0, Math.ceil((date - now()) / 1000)) };
}

/**
 * Problem documents (RFC 9457). What leaves here for a status of 500 and above never carries an internal message:
 * its detail is the code's public sentence, but for the few codes whose message is written for callers.
 */

import { isNativeError } from 'node:util/types';
import { ERROR_CODES, type ErrorCode, TemperaError } from '../../core/errors.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

export interface Problem {
  /** URN of the code; docs/errors.md says what it means and what to do. */
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
  /** Path of the request that failed. */
  instance: string;
  details: Record<string, unknown>;
}

/** Failures of 500 and above whose message is about what the caller has sent, and how to change it. */
const FOR_CALLERS: ReadonlySet<ErrorCode> = new Set(['QUERY_TIMEOUT']);

/** Seconds to wait when an outage gives no better number. */
const DEFAULT_RETRY_AFTER_SECONDS = 2;

/** The framework's own refusals, by its error code. */
const FRAMEWORK_CODES: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'TOO_LARGE',
  FST_REQ_FILE_TOO_LARGE: 'TOO_LARGE',
  FST_FILES_LIMIT: 'TOO_LARGE',
  FST_FIELDS_LIMIT: 'TOO_LARGE',
  FST_PARTS_LIMIT: 'TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_TYPE',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'UNSUPPORTED_TYPE',
  FST_ERR_BAD_URL: 'INVALID_PATH',
};

/** Any thrown value as an expected error; what is not expected becomes INTERNAL with its cause kept. */
export function toTemperaError(error: unknown): TemperaError {
  if (error instanceof TemperaError) return error;
  // the second for errors of another realm, as a test's
  if (error instanceof Error || isNativeError(error)) {
    const code = FRAMEWORK_CODES[textField(error, 'code')];
    if (code) return new TemperaError(code, error.message, { cause: error });
    const status = 'statusCode' in error ? error.statusCode : undefined;
    if (typeof status === 'number' && status >= 400 && status < 500) {
      return new TemperaError(status === 404 ? 'NOT_FOUND' : 'INVALID_INPUT', error.message, {
        cause: error,
      });
    }
  }
  return new TemperaError('INTERNAL', ERROR_CODES.INTERNAL.title, { cause: error });
}

/** The document that tells the caller of `error`. */
export function toProblem(error: TemperaError, instance: string): Problem {
  const { http, title } = error.kind;
  return {
    type: `urn:tempera:error:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title,
    status: http,
    code: error.code,
    detail: http >= 500 && !FOR_CALLERS.has(error.code) ? title : error.message,
    instance,
    details: error.details,
  };
}

/** Headers that belong to the answer of `error`: Retry-After for what may work later. */
export function problemHeaders(error: TemperaError): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': PROBLEM_MEDIA_TYPE };
  if (error.code === 'UNAUTHENTICATED') headers['www-authenticate'] = challenge(error);
  if (error.retryAfter !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfter));
  else if (error.kind.http === 503) headers['retry-after'] = String(DEFAULT_RETRY_AFTER_SECONDS);
  return headers;
}

/** How to come in (RFC 6750). */
const challenge = ({ details }: TemperaError): string =>
  `Bearer realm="tempera"${details.reason === 'unknown_key' ? ', error="invalid_token"' : ''}`;

function textField(error: Error, field: string): string {
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : '';
}

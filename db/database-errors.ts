/**
 * What an error of `pg` means. The only place that decides whether one may be repeated.
 *
 * repeatable        40001, 40P01: the server rolled back; the same transaction may run again
 * connection loss   nothing known of what the server did -> DATABASE_UNAVAILABLE
 * no answer         statement or lock timeout, too many connections -> DATABASE_UNAVAILABLE, connection is sound
 * anything else     a bug in a statement or a violated constraint; passed on as it is
 */

import { TemperaError } from '../core/errors.ts';

const REPEATABLE = new Set(['40001', '40P01']);
const NO_ANSWER = new Set(['57014', '55P03', '53300', '53200']);
const LOST = new Set([
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  '25P03',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
// `pg` gives these no code.
const LOST_MESSAGES = new RegExp(
  '^(Connection terminated|Connection ended|Client has encountered a connection error' +
    '|Client was closed|timeout exceeded when trying to connect|timeout expired' +
    '|Query read timeout|Received invalid response|terminating connection)',
  'i',
);

/** True when the server has rolled back for a reason that may be gone at the next try. */
export function isRepeatable(error: unknown): boolean {
  return REPEATABLE.has(codeOf(error));
}

/** True when the connection is of no more use. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof TemperaError)
    return error.code === 'DATABASE_UNAVAILABLE' && error.details.lost === true;
  const code = codeOf(error);
  return LOST.has(code) || code.startsWith('08') || LOST_MESSAGES.test(messageOf(error));
}

/** The error to throw for one of `pg`'s while `what` (a statement, `connect`, `commit`) was attempted. */
export function toDatabaseError(error: unknown, what: string): unknown {
  if (error instanceof TemperaError) return error;
  const lost = isConnectionLoss(error);
  if (!lost && !NO_ANSWER.has(codeOf(error))) return error;
  const step = what.trim().split(/\s+/, 1)[0];
  const message = `The database did not answer [${step}]: ${messageOf(error)}. Try again when it is up.`;
  return new TemperaError('DATABASE_UNAVAILABLE', message, {
    cause: error,
    retryAfter: 2,
    details: { lost },
  });
}

function codeOf(error: unknown): string {
  return fieldOf(error, 'code');
}

function messageOf(error: unknown): string {
  const message = fieldOf(error, 'message');
  if (message !== '') return message;
  // A refused connection to a name with several addresses is an AggregateError without a message.
  return fieldOf(error, 'code') || String(error);
}

// Not by `instanceof Error`: an error of Node's own modules can come from another realm (a test's, a vm's).
function fieldOf(error: unknown, field: string): string {
  const value = typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined;
  return typeof value === 'string' ? value : '';
}

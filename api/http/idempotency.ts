/** The Idempotency-Key of a request, and the hash that tells one request from another under the same key. */

import type { IncomingHttpHeaders } from 'node:http';
import { TemperaError } from '../../core/errors.ts';
import { sha256 } from '../../core/ids.ts';
import { unlawful } from './lawful-input.ts';

const KEY = /^[\x21-\x7e]{1,200}$/;

/** The caller's key, or null when it sent none. @throws TemperaError INVALID_INPUT */
export function idempotencyKey(headers: IncomingHttpHeaders): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw new TemperaError(
    'INVALID_INPUT',
    'Idempotency-Key must be 1 to 200 printable characters without spaces.',
  );
}

/** @throws TemperaError INVALID_INPUT where a key was sent to what keeps none */
export function assertNoKey(headers: IncomingHttpHeaders): void {
  if (headers['idempotency-key'] === undefined) return;
  const message = 'is not taken here: repeating this request does no harm. Leave it out';
  throw unlawful('header.idempotency-key', message);
}

/** Hash of what a request asks for: the same for a repeated one. */
export function requestHash(operation: string, content: unknown): string {
  return sha256(JSON.stringify([operation, content]));
}

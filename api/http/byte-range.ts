/** The Range header of one range of bytes (RFC 9110, 14). */

import type { IncomingHttpHeaders } from 'node:http';
import { TemperaError } from '../../core/errors.ts';

/**
 * The Range header, unless If-Range names another content than the present one (RFC 9110, 13.1.5): a part of this would
 * be put to a part of that. Contents are told apart by their hash alone, so a date names none, and neither a weak tag.
 */
export function rangeAskedFor(headers: IncomingHttpHeaders, sha256: string): string | undefined {
  const condition = headers['if-range'];
  return condition === undefined || condition === `"${sha256}"` ? headers.range : undefined;
}

/** Whether If-None-Match names this content, alone or in a list, or any. */
export function namesTag(header: string | undefined, sha256: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(`"${sha256}"`) || tags.includes('*');
}

/** First and last byte, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * The range to send of a body of `size` bytes, or null for all of it: no header, or a form (several ranges, another
 * unit) that the standard lets a server ignore.
 * @throws TemperaError RANGE_NOT_SATISFIABLE when the range lies outside the body.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match) return null;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return null;
  const range =
    first === '' ? suffix(Number(last), size) : { start: Number(first), end: lastByte(last, size) };
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  if (range.start >= size || range.end < range.start) {
    const message = `The range ${match[0]} lies outside the file of ${size} bytes.`;
    throw new TemperaError('RANGE_NOT_SATISFIABLE', message, { details: { size } });
  }
  return range;
}

function suffix(length: number, size: number): ByteRange {
  if (length === 0) return { start: size, end: size - 1 };
  return { start: Math.max(0, size - length), end: size - 1 };
}

function lastByte(last: string, size: number): number {
  return last === '' ? size - 1 : Math.min(Number(last), size - 1);
}

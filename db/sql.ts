/** What every repository needs to write a statement: who may see, JSON that Postgres takes, patches, pages. */

import { TemperaError } from '../core/errors.ts';
import { lawfulText } from '../core/lawful-text.ts';
import type { Principal } from '../core/principal.ts';

/** The owner that rows must have for `principal` to see them; null where it sees every owner's. */
export function ownerFilter(principal: Principal): string | null {
  return principal.role === 'admin' ? null : principal.id;
}

// Refused by jsonb: NUL, and surrogates that stand alone (JSON.stringify writes those as escapes).
const REFUSED_ESCAPE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/** JSON for a jsonb parameter; characters that Postgres cannot store (NUL, lone surrogates) become U+FFFD. */
export function toJson(value: unknown): string {
  return toStorable(value).json;
}

/**
 * The value as Postgres stores it, and its JSON: itself, or one in which characters that it cannot store are
 * U+FFFD.
 */
export function toStorable<T>(value: T): { value: T; json: string } {
  const json = JSON.stringify(value);
  if (!REFUSED_ESCAPE.test(json)) return { value, json };
  // the same shape: only characters of texts differ
  const other = cleaned(value) as T;
  return { value: other, json: JSON.stringify(other) };
}

/** The text with every character that Postgres cannot store replaced by U+FFFD. */
export const storableText = lawfulText;

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storableText(key), cleaned(item)]));
}

/** Marks a value of a patch as jsonb. */
export type ColumnKind = 'plain' | 'json';

/**
 * The `set` list of a patch: columns that are undefined stay as they are. Only columns named in `columns` can be
 * written, whatever the caller passes. Parameters are numbered from `first`.
 */
export function assignments(
  patch: object,
  columns: Readonly<Record<string, ColumnKind>>,
  first: number,
): { list: string[]; parameters: unknown[] } {
  const given = Object.entries(patch).filter(
    ([column, value]) => value !== undefined && Object.hasOwn(columns, column),
  );
  return {
    list: given.map(([column], index) => `${column} = $${first + index}`),
    parameters: given.map(([column, value]) => (columns[column] === 'json' ? nullableJson(value) : value)),
  };
}

/** JSON for a jsonb column that may be null. */
export function nullableJson(value: unknown): string | null {
  return value === null || value === undefined ? null : toJson(value);
}

/** A page of a list, newest first; `next_cursor` is null on the last page. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface PageRequest {
  cursor?: string | null | undefined;
  /** 1 to 200, or to `most`; more is cut to that. */
  limit: number;
  /** Of lists whose rows are small. Default 200. */
  most?: number | undefined;
}

/** How many rows to ask for: one more than the page holds tells whether another page follows. */
export function rowsRequested(request: PageRequest): number {
  return pageSize(request) + 1;
}

/** Cuts the extra row off and names the place where the next page starts. */
export function toPage<T>(rows: T[], request: PageRequest, place: (item: T) => string[]): Page<T> {
  const items = rows.slice(0, pageSize(request));
  return { items, next_cursor: pageCursor(rows.length > items.length, items.at(-1), place) };
}

/** The name of the place behind `last`; null where nothing follows. */
export function pageCursor<T>(
  more: boolean,
  last: T | undefined,
  place: (item: T) => string[],
): string | null {
  return more && last !== undefined ? Buffer.from(JSON.stringify(place(last))).toString('base64url') : null;
}

/**
 * The place that a cursor names, as `parts` strings; null for the first page.
 * @throws TemperaError INVALID_INPUT when it is none of ours.
 */
export function readCursor(request: PageRequest, parts: number): string[] | null {
  if (request.cursor === null || request.cursor === undefined || request.cursor === '') return null;
  const place = parseJson(Buffer.from(request.cursor, 'base64url').toString());
  if (Array.isArray(place) && place.length === parts && place.every((part) => typeof part === 'string'))
    return place;
  const message = 'The cursor is not one that this list gave out. Leave it out to start at the newest row.';
  throw new TemperaError('INVALID_INPUT', message, { details: { field: 'cursor' } });
}

/** Rows of a page: 1 to 200, or to its `most`. */
export function pageSize({ limit, most = 200 }: PageRequest): number {
  return Math.max(1, Math.min(Math.floor(limit), most));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // A cursor that is no JSON is none of ours; the caller says so.
  }
}

/** The one row of a statement that always returns one (`insert … returning`). */
export function only<Row>(rows: Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('A statement that always returns a row returned none.');
  return row;
}

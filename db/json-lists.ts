/**
 * Lists as the JSON that an answer holds, written by Postgres itself: one text in place of thousands of values, which
 * costs a small part of reading rows and serialising them. It says what `JSON.stringify` would say of the rows that
 * `query` gives, but for how a number is written.
 */

import type { Queryable } from './database.ts';
import { type PageRequest, pageCursor, pageSize } from './sql.ts';

/** JSON text, sent as it is. */
export class JsonText {
  /** The text in order. */
  readonly chunks: readonly string[];

  constructor(chunks: readonly string[]) {
    this.chunks = chunks;
  }

  get text(): string {
    return this.chunks.join('');
  }

  /** In UTF-8, written chunk by chunk: no text of the whole is made on the way. */
  get bytes(): Buffer {
    const sizes = this.chunks.map((chunk) => Buffer.byteLength(chunk));
    const bytes = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size, 0));
    let at = 0;
    for (const chunk of this.chunks) at += bytes.write(chunk, at);
    return bytes;
  }
}

/**
 * Of a list's text that comes as one value. A longer one is copied as it arrives, and lives where only a full
 * collection frees it: half of what a list of 400 kB costs.
 */
const CHUNK_BYTES = 40_000;

/** What is listed. Its rows' doubles are finite: JSON has no others. */
export interface JsonListing {
  /** A statement that gives the columns, in its order. */
  sql: string;
  parameters: unknown[];
  /** Columns of the items, by what they hold: a timestamptz is a time. */
  columns: Readonly<Record<string, 'value' | 'time'>>;
  /** Columns that name a row's place in the list; they need not be the items'. */
  place: readonly string[];
  /** Items wanted; rows beyond them are only counted. Default: all. */
  most?: number;
  /** A bigint to be read in the same moment, null where there is no list for the asker. Default: there is one. */
  gate?: string;
}

export interface JsonList {
  /** The items as JSON, separated by commas, in chunks. */
  items: readonly string[];
  /** Rows of the statement. */
  found: number;
  /** Of the last item; null where there is none. */
  last: string[] | null;
  /** What the listing's gate came to. */
  gate: number;
}

type ReadChunk = Omit<JsonList, 'items' | 'gate'> & { items: string | null; gate: number | null };

/** Without a gate everybody is let in. */
type Open<Listing> = Listing & { gate?: never };

/** Reads a list; null where its gate is closed. */
export async function readJsonList(q: Queryable, listing: Open<JsonListing>): Promise<JsonList>;
export async function readJsonList(q: Queryable, listing: JsonListing): Promise<JsonList | null>;
export async function readJsonList(q: Queryable, listing: JsonListing): Promise<JsonList | null> {
  const chunks = await q.query<ReadChunk>(statementOf(listing), listing.parameters);
  const { found, last, gate } = chunks[0] as ReadChunk;
  if (gate === null) return null;
  const items = chunks.flatMap(({ items }, at) => (items === null ? [] : at === 0 ? items : `,${items}`));
  return { items, found, last, gate };
}

/**
 * A page {items, next_cursor}, as toPage makes it of rows; null where the gate is closed. `listing` asks for
 * rowsRequested(request) rows.
 */
export async function readJsonPage(
  q: Queryable,
  request: PageRequest,
  listing: Open<Omit<JsonListing, 'most'>>,
): Promise<JsonText>;
export async function readJsonPage(
  q: Queryable,
  request: PageRequest,
  listing: Omit<JsonListing, 'most'>,
): Promise<JsonText | null>;
export async function readJsonPage(
  q: Queryable,
  request: PageRequest,
  listing: Omit<JsonListing, 'most'>,
): Promise<JsonText | null> {
  const most = pageSize(request);
  const list = await readJsonList(q, { ...listing, most });
  if (list === null) return null;
  const { items, found, last } = list;
  const cursor = pageCursor(found > most, last ?? undefined, (place) => place);
  return new JsonText(['{"items":[', ...items, `],"next_cursor":${JSON.stringify(cursor)}}`]);
}

/** Milliseconds and Z, as JavaScript writes a time. */
const iso = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

function statementOf({ sql, columns, place, most, gate = '1' }: JsonListing): string {
  const written = (name: string) => (columns[name] === 'time' ? iso(`listed."${name}"`) : `listed."${name}"`);
  const items = Object.keys(columns).map((name) => `${written(name)} as "${name}"`);
  const places = place.map((name) => `${written(name)}::text`);
  const shown = most === undefined ? '' : `where number <= ${Math.floor(most)}`;
  return `with listed as materialized (${sql}), written as (
    select row_number() over () as number, row_to_json(item)::text as item, array[${places.join(', ')}]::text[] as place
    from listed cross join lateral (select ${items.join(', ')}) item
  ), counted as (
    select count(*) as found, (select place from written ${shown} order by number desc limit 1) as last,
      (${gate})::bigint as gate
    from written
  ), cut as (
    select *, sum(octet_length(item)) over (order by number) / ${CHUNK_BYTES} as chunk from written ${shown}
  ), chunks as (select chunk, string_agg(item, ',' order by number) as items from cut group by chunk)
  select items, found, last, gate from counted left join chunks on true order by chunk`;
}

/**
 * The one log of everything that is watched. A stream's events are numbered 1, 2, 3 … without a gap.
 *
 * Invariants:
 * 1. Writers of a stream queue at its row, which is locked until their transaction ends: numbers become visible in
 *    order, so that a reader that has seen `n` never meets a smaller one later.
 * 2. A key that exists is dropped, whoever repeats it; the number of a dropped event is not used.
 * 3. Events commit with the rows that they tell of. Hints to readers are not sent here but after commit
 *    (EventHub.notify): a NOTIFY inside the transaction makes all commits of the server queue.
 * 4. Messages to webhooks that follow from an event are written with it.
 */

import { TemperaError } from '../core/errors.ts';
import { type NewEvent, parseEvent, type StoredEvent } from '../core/events.ts';
import type { Principal } from '../core/principal.ts';
import type { Queryable, Transaction } from './database.ts';
import { JsonText, readJsonList } from './json-lists.ts';
import { ownerFilter, toStorable } from './sql.ts';
import { queueDeliveries } from './webhook-outbox.ts';

/** Makes the stream, owned by `principal`; does nothing when it is there. */
export async function createStream(tx: Transaction, principal: Principal, streamId: string): Promise<void> {
  await tx.query(
    'insert into streams (stream_id, owner) values ($1, $2) on conflict (stream_id) do nothing',
    [streamId, principal.id],
  );
}

// The statement before this one holds the stream's row; being a statement of its own, this one sees all that the
// row's former holders have committed.
const APPEND = `
  with incoming as (
    select distinct on (value ->> 'key') value, position
    from jsonb_array_elements($2::jsonb) with ordinality as list (value, position)
    order by value ->> 'key', position
  ), fresh as (
    select value, $3::bigint + row_number() over (order by position) as seq
    from incoming
    where not exists (select from events e where e.stream_id = $1 and e.key = incoming.value ->> 'key')
  ), inserted as (
    insert into events (stream_id, seq, key, type, stage, run, data)
    select $1, seq, value ->> 'key', value ->> 'type', value ->> 'stage', (value ->> 'run')::integer, value -> 'data'
    from fresh
    returning seq, key, created_at
  ), advanced as (
    update streams set last_seq = (select max(seq) from fresh)
    where stream_id = $1 and exists (select from fresh)
  )
  select seq, key, created_at from inserted order by seq`;

/**
 * Appends `events` in their order and returns those that were new, as stored. Holds the stream until `tx` ends.
 * @throws z.ZodError when an event's data is not its type's; TemperaError NOT_FOUND when there is no such stream.
 */
export async function appendEvents(
  tx: Transaction,
  streamId: string,
  events: NewEvent[],
): Promise<StoredEvent[]> {
  if (events.length === 0) return [];
  const { value: parsed, json } = toStorable(events.map(parseEvent));
  const [stream] = await tx.query<{ last_seq: number; owner: string }>(
    'select last_seq, owner from streams where stream_id = $1 for update',
    [streamId],
  );
  if (stream === undefined) {
    throw new TemperaError(
      'NOT_FOUND',
      `There is no event stream [${streamId}] to append to. Create it first.`,
    );
  }
  const rows = await tx.query<Inserted>(APPEND, [streamId, json, stream.last_seq]);
  // what was sent need not come back: an event can be large
  const byKey = new Map(parsed.toReversed().map((event) => [event.key, event]));
  const fresh = rows.flatMap((row) => {
    const event = byKey.get(row.key);
    return event === undefined ? [] : [{ ...row, event }];
  });
  await queueDeliveries(tx, { streamId, owner: stream.owner }, fresh);
  return fresh.map(({ seq, created_at, event: { type, stage = null, run = null, data } }) => {
    return { seq, type, stage, run, data, created_at };
  });
}

interface Inserted {
  seq: number;
  key: string;
  created_at: string;
}

/** Which of a stream's events are asked for. */
export interface EventsRequest {
  streamId: string;
  after: number;
  limit: number;
  except?: readonly string[];
}

/**
 * A page {items, last_seq}: the events after `after` whose type is not in `except`, at most `limit`, in order, and the
 * number up to which the stream is told by them; null when the stream is absent or not the principal's.
 */
export async function readEvents(
  db: Queryable,
  principal: Principal,
  { streamId, after, limit, except = [] }: EventsRequest,
): Promise<JsonText | null> {
  const list = await readJsonList(db, {
    sql: `select seq, type, stage, run, data, created_at from events
      where stream_id = $1 and seq > $2 and type <> all($3::text[]) order by seq limit $4`,
    parameters: [streamId, after, except, limit, ownerFilter(principal)],
    columns: EVENT_COLUMNS,
    place: ['seq'],
    gate: 'select last_seq from streams where stream_id = $1 and ($5::text is null or owner = $5)',
  });
  if (list === null) return null;
  // of one moment with the events: what comes after it is left to the next page
  const read = list.found < limit ? list.gate : Number(list.last?.[0] ?? after);
  return new JsonText(['{"items":[', ...list.items, `],"last_seq":${Math.max(after, read)}}`]);
}

const EVENT_COLUMNS: Record<keyof StoredEvent, 'value' | 'time'> = {
  ...{ seq: 'value', type: 'value', stage: 'value', run: 'value', data: 'value', created_at: 'time' },
};

/** The stream's last number; null when the stream is absent or not the principal's. */
export async function readLastSeq(
  db: Queryable,
  principal: Principal,
  streamId: string,
): Promise<number | null> {
  const rows = await db.query<{ last_seq: number }>(
    'select last_seq from streams where stream_id = $1 and ($2::text is null or owner = $2)',
    [streamId, ownerFilter(principal)],
  );
  return rows[0]?.last_seq ?? null;
}

/** The last number of each of the streams, whoever owns them; those that are absent are missing. */
export async function readLastSeqs(db: Queryable, streamIds: string[]): Promise<Map<string, number>> {
  const rows = await db.query<{ stream_id: string; last_seq: number }>(
    'select stream_id, last_seq from streams where stream_id = any($1)',
    [streamIds],
  );
  return new Map(rows.map((row) => [row.stream_id, row.last_seq]));
}

// Bytes as stored; text that compresses well is a few times as large in memory.
const PAGE_BYTES = 256 * 1024;

/**
 * A page of at most `limit` events and, beyond its first, 256 KiB; `more` says that others follow. Whoever owns
 * the stream: the caller has asked readLastSeq.
 */
export async function readPage(
  db: Queryable,
  streamId: string,
  { after, limit }: Pick<EventsRequest, 'after' | 'limit'>,
): Promise<{ events: StoredEvent[]; more: boolean }> {
  const rows = await db.query<StoredEvent & { found: number }>(
    `select seq, type, stage, run, data, created_at, found from (
       select *, count(*) over () as found,
         sum(pg_column_size(data)) over (order by seq) - pg_column_size(data) as bytes_before
       from (select * from events where stream_id = $1 and seq > $2 order by seq limit $3) page
     ) measured where bytes_before < $4 order by seq`,
    [streamId, after, limit, PAGE_BYTES],
  );
  const found = rows[0]?.found ?? 0;
  return {
    events: rows.map(({ found: _, ...event }) => event),
    more: found === limit || rows.length < found,
  };
}

/**
 * Sends hints and live deltas to the listeners of all processes, over one connection of its own.
 * Best effort: what cannot be sent is dropped, because readers also poll. Hints of a stream are at least
 * `hintMilliseconds` apart; the first goes out at once, and one that comes too early is sent when its time is up.
 */

import pg from 'pg';
import { heard } from '../core/heard.ts';

/** A piece of an answer while it is written. `offset` counts UTF-16 units from the start of the message. */
export interface AgentDelta {
  message: string;
  epoch: number;
  offset: number;
  text: string;
}

/** What of the answer a delta is a piece of. */
export type DeltaType = 'agent_delta' | 'thinking_delta';

/** A delta on its way to the readers: not stored, without a number. */
export interface LiveEvent {
  type: DeltaType;
  data: AgentDelta;
}

export interface Notifier {
  notify(streamId: string): void;
  publishLive(streamId: string, delta: AgentDelta, type?: DeltaType): void;
  close(): Promise<void>;
}

// NOTIFY takes payloads below 8,000 bytes.
const MAX_PAYLOAD_BYTES = 7 * 1024;
// While Postgres is slow, later deltas are dropped: they are worth nothing when late.
const MAX_WAITING = 256;

/** Makes a notifier for the database at `url`; it connects at the first use. */
export function createNotifier(url: string, hintMilliseconds: number): Notifier {
  const outbox: Outbox = { hints: new Set(), live: [] };
  const resting = new Map<string, { again: boolean; timer: NodeJS.Timeout }>();
  const send = createSender(url, outbox);

  const notify = (streamId: string): void => {
    const rest = resting.get(streamId);
    if (rest !== undefined) {
      rest.again = true;
      return;
    }
    const timer = setTimeout(() => {
      const again = resting.get(streamId)?.again === true;
      resting.delete(streamId);
      if (again) notify(streamId);
    }, hintMilliseconds);
    resting.set(streamId, { again: false, timer });
    outbox.hints.add(streamId);
    send.flush();
  };

  return {
    notify,
    publishLive: (streamId, delta, type = 'agent_delta') => {
      const payloads = toPayloads({ stream: streamId, type }, delta);
      if (outbox.live.length + payloads.length > MAX_WAITING) return;
      outbox.live.push(...payloads);
      send.flush();
    },
    close: async () => {
      for (const [streamId, rest] of resting) {
        clearTimeout(rest.timer);
        if (rest.again) outbox.hints.add(streamId);
      }
      resting.clear();
      await send.close();
    },
  };
}

interface Outbox {
  hints: Set<string>;
  live: string[];
}

/** Sends what is in the outbox, one statement at a time: what gathers meanwhile goes out together. */
function createSender(url: string, outbox: Outbox): { flush(): void; close(): Promise<void> } {
  let client: pg.Client | null = null;
  let running: Promise<void> | null = null;

  const drop = async (): Promise<void> => {
    const former = client;
    client = null;
    await former?.end().catch(() => undefined); // already lost
  };
  const sendAll = async (): Promise<void> => {
    while (outbox.hints.size + outbox.live.length > 0) {
      // Deltas first: they are older than the event that a hint of the same moment is about.
      const payloads = [...outbox.live, ...outbox.hints];
      const channels = payloads.map((_, index) => (index < outbox.live.length ? 'live' : 'events'));
      outbox.live = [];
      outbox.hints.clear();
      try {
        client ??= await connect(url);
        await client.query('select pg_notify(c, p) from unnest($1::text[], $2::text[]) as n (c, p)', [
          channels,
          payloads,
        ]);
      } catch {
        await drop(); // Best effort; the next message connects again.
      }
    }
  };
  const flush = (): void => {
    running ??= heard(
      sendAll().finally(() => {
        running = null;
      }),
    );
  };
  return {
    flush,
    close: async () => {
      flush();
      await running;
      await drop();
    },
  };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'tempera notifier',
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
    keepAlive: true,
  });
  // The statement that runs reports the loss; without a listener it would end the process as well.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

function toPayloads(to: { stream: string; type: DeltaType }, delta: AgentDelta): string[] {
  const payload = JSON.stringify({ ...to, data: delta });
  if (Buffer.byteLength(payload) <= MAX_PAYLOAD_BYTES || delta.text.length < 2) return [payload];
  const middle = splitPoint(delta.text);
  return [
    ...toPayloads(to, { ...delta, text: delta.text.slice(0, middle) }),
    ...toPayloads(to, { ...delta, offset: delta.offset + middle, text: delta.text.slice(middle) }),
  ];
}

/** About the middle, never inside a surrogate pair. */
function splitPoint(text: string): number {
  const middle = Math.floor(text.length / 2);
  const unit = text.charCodeAt(middle);
  return unit >= 0xdc00 && unit <= 0xdfff && middle > 1 ? middle - 1 : middle;
}

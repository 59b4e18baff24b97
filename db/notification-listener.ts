/** One LISTEN connection that comes back after every loss. What was sent meanwhile is lost: readers ask by number. */

import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { heard } from '../core/heard.ts';

export interface ListenerEvents {
  /** Listening, for the first time or again. */
  onConnect: () => void;
  onNotification: (channel: string, payload: string) => void;
}

export interface Listener {
  /** Connects and keeps connected; does nothing the second time. */
  start(): void;
  close(): Promise<void>;
}

const FIRST_WAIT_MILLISECONDS = 50;
const LONGEST_WAIT_MILLISECONDS = 2_000;

/** Makes a listener on `channels` of the database at `url`; start() connects it. */
export function createListener(url: string, channels: readonly string[], events: ListenerEvents): Listener {
  const source = { url, channels };
  const stop = new AbortController();
  let running: Promise<void> | undefined;
  return {
    start: () => {
      running ??= heard(keepListening(source, events, stop.signal));
    },
    close: async () => {
      stop.abort();
      await running;
    },
  };
}

interface NotificationSource {
  url: string;
  channels: readonly string[];
}

async function keepListening(
  source: NotificationSource,
  events: ListenerEvents,
  stop: AbortSignal,
): Promise<void> {
  let wait = FIRST_WAIT_MILLISECONDS;
  while (!stop.aborted) {
    const listened = await listenUntilLost(source, events, stop);
    wait = listened ? FIRST_WAIT_MILLISECONDS : Math.min(2 * wait, LONGEST_WAIT_MILLISECONDS);
    // Only close() ends the wait early, and the loop's head sees that.
    await delay(wait * (0.5 + Math.random() / 2), undefined, { signal: stop }).catch(() => undefined);
  }
}

/** Returns when the connection is lost or `stop` aborts; false when there never was one. */
async function listenUntilLost(
  { url, channels }: NotificationSource,
  events: ListenerEvents,
  stop: AbortSignal,
): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'tempera listener',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
  client.on('notification', (message) => events.onNotification(message.channel, message.payload ?? ''));
  try {
    await client.connect();
    await client.query(channels.map((channel) => `listen "${channel}"`).join('; '));
  } catch {
    await client.end().catch(() => undefined); // was never open
    return false; // The caller tries again, more slowly each time.
  }
  events.onConnect();
  await lost;
  await client.end().catch(() => undefined); // already lost
  return true;
}

/**
 * Event streams as they grow, for any number of readers in this process.
 *
 * Invariants:
 * 1. A reader gets every event after the place it names, once and in order: what it gets is read by number, and a
 *    hint only says when to read. A lost hint costs up to one poll (2 s), never an event.
 * 2. Readers of one stream share one feed, which reads a new page once for all of them; a reader that is further
 *    behind than the feed remembers reads pages of its own, shared with those at the same place.
 * 3. A reader holds at most one page and 64 live deltas, however slow it is; later deltas are dropped for it.
 * 4. An outage of Postgres ends no reader: it waits, and goes on by number.
 */

import { TemperaError } from '../core/errors.ts';
import type { StoredEvent } from '../core/events.ts';
import type { Principal } from '../core/principal.ts';
import type { Database } from './database.ts';
import { readLastSeq, readLastSeqs } from './event-log.ts';
import { createListener } from './notification-listener.ts';
import { type AgentDelta, createNotifier, type DeltaType, type LiveEvent } from './notifier.ts';
import { StreamFeed } from './stream-feed.ts';

export type { AgentDelta, DeltaType, LiveEvent };

const HINT_MILLISECONDS = 10;

export interface EventHub {
  /** Hints that the stream has grown. Call after commit; cheap: at most 100 a second of a stream are sent. */
  notify(streamId: string): void;
  /** Sends a delta to whoever reads the stream now, best effort. Long text goes out in several deltas. */
  publishLive(streamId: string, delta: AgentDelta, type?: DeltaType): void;
  /**
   * Every event after number `after`, then each later one as it comes, until `signal` aborts, the stream is
   * deleted or the hub is closed. Deltas of a message may still come just after the event that completes it.
   * @throws at the first step TemperaError NOT_FOUND (absent or not the principal's), DATABASE_UNAVAILABLE.
   */
  subscribe(
    principal: Principal,
    streamId: string,
    options: { after: number; signal: AbortSignal },
  ): AsyncIterable<StoredEvent | LiveEvent>;
  /** Calls `listener` with each stream that is said to have grown, here or in another process. Returns what ends it. */
  onHint(listener: (streamId: string) => void): () => void;
  /** Ends every reader and closes the hub's two connections. */
  close(): Promise<void>;
}

export interface EventHubOptions {
  /** Milliseconds between two looks at all streams that are read here, hint or not. Default 2,000. */
  pollMilliseconds?: number;
  /** Most events of a page. Default 200; a page is also cut at 256 KiB. */
  pageSize?: number;
  /** Least milliseconds between two hints of a stream. Default 10: writers wait long enough between two writes. */
  hintMilliseconds?: number;
}

/** Makes a hub. It connects at the first subscribe or notify. */
export function createEventHub(db: Database, options: EventHubOptions = {}): EventHub {
  const feeds = new Map<string, StreamFeed>();
  const hinted = new Set<(streamId: string) => void>();
  const poll = () => pollFeeds(db, feeds);
  const listener = createListener(db.url, ['events', 'live'], {
    onConnect: poll,
    onNotification: (channel, payload) => {
      deliver(feeds, channel, payload);
      if (channel === 'events') for (const listen of hinted) listen(payload);
    },
  });
  const notifier = createNotifier(db.url, options.hintMilliseconds ?? HINT_MILLISECONDS);
  let timer: NodeJS.Timeout | undefined;

  const subscribe: EventHub['subscribe'] = async function* (principal, streamId, { after, signal }) {
    listener.start();
    timer ??= setInterval(poll, options.pollMilliseconds ?? 2_000).unref();
    const last = await readLastSeq(db, principal, streamId);
    if (last === null) throw new TemperaError('NOT_FOUND', `There is no event stream [${streamId}].`);
    const feed =
      feeds.get(streamId) ?? new StreamFeed(db, streamId, { tail: last, pageSize: options.pageSize ?? 200 });
    feeds.set(streamId, feed);
    feed.reach(last);
    try {
      yield* feed.read(after, signal);
    } finally {
      if (feed.idle && feeds.get(streamId) === feed) feeds.delete(streamId);
    }
  };

  return {
    notify: (streamId) => notifier.notify(streamId),
    publishLive: (streamId, delta, type) => notifier.publishLive(streamId, delta, type),
    subscribe,
    onHint: (listen) => {
      listener.start();
      hinted.add(listen);
      return () => hinted.delete(listen);
    },
    close: async () => {
      clearInterval(timer);
      for (const feed of feeds.values()) feed.end();
      await Promise.all([listener.close(), notifier.close()]);
    },
  };
}

function deliver(feeds: Map<string, StreamFeed>, channel: string, payload: string): void {
  if (channel === 'events') {
    feeds.get(payload)?.hint();
    return;
  }
  // Written by createNotifier, in this or another process of the same release.
  const { stream, ...live } = JSON.parse(payload) as LiveEvent & { stream: string };
  feeds.get(stream)?.offerLive(live);
}

/** One question for all streams that are read here. */
async function pollFeeds(db: Database, feeds: Map<string, StreamFeed>): Promise<void> {
  const asked = [...feeds];
  if (asked.length === 0) return;
  try {
    const last = await readLastSeqs(db, [...feeds.keys()]);
    for (const [streamId, feed] of asked) {
      const seq = last.get(streamId);
      if (seq !== undefined) feed.reach(seq);
      else {
        feed.end();
        feeds.delete(streamId);
      }
    }
  } catch {
    // Postgres does not answer: the next poll, or the listener when it is connected again, asks anew.
  }
}

/**
 * One stream as it is read in this process: a window of its newest events, shared by its readers.
 *
 * Invariants:
 * 1. `#tail` is the last number that the feed has read; the window ends there and has no gap.
 * 2. One page is being read at a time; a hint meanwhile makes it read once more.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { TemperaError } from '../core/errors.ts';
import type { StoredEvent } from '../core/events.ts';
import type { Queryable } from './database.ts';
import { readPage } from './event-log.ts';
import type { LiveEvent } from './notifier.ts';

const MAX_LIVE = 64;
// Pages that the window keeps for readers which are a little behind.
const WINDOW_PAGES = 2;
const RETRY_MILLISECONDS = 250;

export class StreamFeed {
  readonly #db: Queryable;
  readonly #streamId: string;
  readonly #pageSize: number;
  readonly #readers = new Set<Reader>();
  readonly #loading = new Map<number, Promise<StoredEvent[]>>();
  #window: StoredEvent[] = [];
  #tail: number;
  #reading = false;
  #hinted = false;
  #ended = false;
  #failure: unknown = null;

  /** Starts at number `tail`: what is older is read on demand. */
  constructor(db: Queryable, streamId: string, { tail, pageSize }: { tail: number; pageSize: number }) {
    this.#db = db;
    this.#streamId = streamId;
    this.#tail = tail;
    this.#pageSize = pageSize;
  }

  /** True when nobody reads. */
  get idle(): boolean {
    return this.#readers.size === 0;
  }

  /** The stream may have grown. */
  hint(): void {
    this.#hinted = true;
    if (!this.#reading) void this.#advance();
  }

  /** The stream has grown to `seq`. */
  reach(seq: number): void {
    if (seq > this.#tail) this.hint();
  }

  /** Ends every reader. */
  end(): void {
    this.#ended = true;
    this.#wakeAll();
  }

  offerLive(delta: LiveEvent): void {
    for (const reader of this.#readers) reader.offer(delta);
  }

  /** Everything after `after`, then what comes, until `signal` aborts or the feed ends. */
  async *read(after: number, signal: AbortSignal): AsyncGenerator<StoredEvent | LiveEvent, void, void> {
    const reader = new Reader();
    const stop = () => reader.wake();
    signal.addEventListener('abort', stop, { once: true });
    this.#readers.add(reader);
    // What was appended before anyone here listened has had its hint already.
    if (this.#readers.size === 1) this.hint();
    try {
      let place = after;
      while (!signal.aborted && !this.#ended) {
        if (this.#failure !== null) throw this.#failure;
        const live = reader.takeLive();
        const page = await this.#pageAfter(place, signal);
        yield* live;
        for (const event of page) {
          yield event;
          if (signal.aborted) return;
          place = event.seq;
        }
        if (page.length === 0) await reader.changed();
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.#readers.delete(reader);
    }
  }

  async #pageAfter(place: number, signal: AbortSignal): Promise<StoredEvent[]> {
    while (!signal.aborted && !this.#ended) {
      if (place >= this.#tail) return [];
      const first = this.#window[0];
      if (first !== undefined && first.seq <= place + 1) {
        const start = place + 1 - first.seq;
        return this.#window.slice(start, start + this.#pageSize);
      }
      const page = await this.#load(place).catch(assertOutage);
      if (page !== null) return page;
      // An aborted wait needs no word: the loop's head sees the signal.
      await delay(RETRY_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    }
    return [];
  }

  /** An older page; readers at the same place share the statement. */
  #load(place: number): Promise<StoredEvent[]> {
    const running = this.#loading.get(place);
    if (running !== undefined) return running;
    const load = this.#readPage(place)
      .then((page) => page.events)
      .finally(() => this.#loading.delete(place));
    this.#loading.set(place, load);
    return load;
  }

  #readPage(after: number) {
    return readPage(this.#db, this.#streamId, { after, limit: this.#pageSize });
  }

  async #advance(): Promise<void> {
    this.#reading = true;
    try {
      while (this.#hinted && !this.#ended && !this.idle) {
        this.#hinted = false;
        const page = await this.#readPage(this.#tail);
        this.#hinted ||= page.more;
        this.#append(page.events);
      }
    } catch (error) {
      // In an outage the next poll hints again; anything else is a bug, which the readers must see.
      if (!isOutage(error)) this.#fail(error);
    } finally {
      this.#reading = false;
    }
  }

  #append(events: StoredEvent[]): void {
    const last = events.at(-1);
    if (last === undefined) return;
    this.#window = [...this.#window, ...events].slice(-WINDOW_PAGES * this.#pageSize);
    this.#tail = last.seq;
    this.#wakeAll();
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const reader of this.#readers) reader.wake();
  }
}

/** One reader's bell: a ring while it is busy is kept. */
class Reader {
  #rung = false;
  #live: LiveEvent[] = [];
  #answer: () => void = () => undefined;

  offer(delta: LiveEvent): void {
    if (this.#live.length >= MAX_LIVE) return;
    this.#live.push(delta);
    this.wake();
  }

  takeLive(): LiveEvent[] {
    const taken = this.#live;
    this.#live = [];
    return taken;
  }

  wake(): void {
    this.#rung = true;
    this.#answer();
  }

  async changed(): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        this.#answer = resolve;
      });
    }
    this.#rung = false;
  }
}

function assertOutage(error: unknown): null {
  if (!isOutage(error)) throw error;
  return null;
}

function isOutage(error: unknown): boolean {
  return error instanceof TemperaError && error.code === 'DATABASE_UNAVAILABLE';
}

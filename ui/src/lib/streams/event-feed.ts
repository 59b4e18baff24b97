/**
 * A tab's share of the connection that all tabs have together: what it wants of it, and each event to who follows it.
 *
 * 1. Every event of a session that is followed is handed on once and in order, from the number that its follower named.
 * 2. A tab that is not seen wants nothing; when it is seen again it goes on from what it knows.
 * 3. A channel that has been silent for too long is made anew: what holds the connection may have been ended.
 */

import type { StreamStatus } from './event-stream.ts';
import type { LogEvent, TextDelta } from './log-event.ts';
import type { Change, FromStream, Port, ToStream } from './stream-messages.ts';

export interface Follower {
  /** Number of the last event that is known. */
  after: number;
  onEvent: (event: LogEvent) => void;
  onDelta: (delta: TextDelta) => void;
  onStatus: (status: StreamStatus) => void;
  /** All that is known of the session is of another time; its events come again from the first. */
  onReset: () => void;
}

export interface EventFeedOptions {
  /** A channel to the shared connection, and what makes its end known there. */
  openPort: () => Port;
  /** The platform answers, or it does not. */
  onHeard?: () => void;
  onLost?: () => void;
  now?: () => number;
}

/** The server says something every 15 s, and a try to reach it is told of at least as often. */
const SILENCE_MS = 60_000;

interface Followed extends Follower {
  session: string;
  last: number;
}

export class EventFeed {
  readonly #options: Required<EventFeedOptions>;
  readonly #followers = new Set<Followed>();
  readonly #changeListeners = new Set<(change: Change) => void>();
  readonly #statusListeners = new Set<(status: StreamStatus) => void>();
  #port: Port | null = null;
  #heardAt = 0;
  #isSeen = true;

  constructor(options: EventFeedOptions) {
    this.#options = { onHeard: () => undefined, onLost: () => undefined, now: () => Date.now(), ...options };
  }

  /** Hands on what happens in a session. Returns what ends it. */
  follow(session: string, follower: Follower): () => void {
    const followed = { ...follower, session, last: follower.after };
    this.#followers.add(followed);
    follower.onStatus('connecting');
    this.#want();
    return () => {
      this.#followers.delete(followed);
      this.#want();
    };
  }

  /** Calls `onChange` with what changed in some session or endpoint. Returns what ends it. */
  watch(onChange: (change: Change) => void, onStatus: (status: StreamStatus) => void): () => void {
    this.#changeListeners.add(onChange);
    this.#statusListeners.add(onStatus);
    this.#want();
    return () => {
      this.#changeListeners.delete(onChange);
      this.#statusListeners.delete(onStatus);
      this.#want();
    };
  }

  /** The tab is seen, or not any more. */
  setSeen(isSeen: boolean): void {
    if (this.#isSeen === isSeen) return;
    this.#isSeen = isSeen;
    this.#want();
  }

  /** The network or the platform is back: what waits for its next try does not wait any longer. */
  wake(): void {
    this.#renewSilent();
    this.#send({ kind: 'wake' });
  }

  /** Looks whether the channel still says something; called now and then. */
  check(): void {
    if (this.#isSeen) this.#renewSilent();
  }

  /** Makes the channel anew. */
  renew(): void {
    this.#port?.close();
    this.#port = null;
    this.#want();
  }

  #renewSilent(): void {
    if (this.#port !== null && this.#options.now() - this.#heardAt >= SILENCE_MS) this.renew();
  }

  #want(): void {
    if (this.#port === null) {
      // nobody has wanted anything yet
      if (this.#followers.size === 0 && this.#changeListeners.size === 0) return;
      const port = this.#options.openPort();
      this.#port = port;
      this.#heardAt = this.#options.now();
      port.onmessage = ({ data }) => {
        if (port === this.#port) this.#take(data);
      };
    }
    const sessions: Record<string, number> = {};
    for (const { session, last } of this.#isSeen ? this.#followers : []) {
      sessions[session] = Math.min(last, sessions[session] ?? last);
    }
    this.#send({ kind: 'want', overview: this.#isSeen && this.#changeListeners.size > 0, sessions });
  }

  #send(message: ToStream): void {
    this.#port?.postMessage(message);
  }

  #take(message: FromStream): void {
    this.#heardAt = this.#options.now();
    if (message.kind === 'lost') this.#options.onLost();
    if (message.kind === 'heard') this.#options.onHeard();
    if (message.kind === 'change') for (const listener of this.#changeListeners) listener(message.change);
    if (message.kind === 'status') this.#takeStatus(message.status);
    if (message.kind === 'event') this.#takeEvent(message);
    for (const each of this.#followers) {
      if (message.kind === 'delta' && each.session === message.session) each.onDelta(message.delta);
      if (message.kind === 'reset' && each.session === message.session) {
        each.last = 0;
        each.onReset();
      }
      if (message.kind === 'refused' && each.session === message.session) each.onStatus('refused');
    }
  }

  #takeEvent({ session, event }: Extract<FromStream, { kind: 'event' }>): void {
    for (const each of this.#followers) {
      if (each.session !== session || event.seq <= each.last) continue;
      // what is missing is asked for again from what is known
      if (event.seq > each.last + 1) this.#want();
      else {
        each.last = event.seq;
        each.onEvent(event);
      }
    }
  }

  #takeStatus(status: StreamStatus): void {
    for (const { onStatus } of this.#followers) onStatus(status);
    for (const listener of this.#statusListeners) listener(status);
  }
}

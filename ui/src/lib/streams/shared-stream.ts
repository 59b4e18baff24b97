/**
 * The one event connection of all tabs of a browser. Browsers keep six connections to a server: a stream for each tab
 * and session would use them up, and the next tab would never load.
 *
 * 1. One connection carries the overview and every session that some tab has open; with none wanted it is closed.
 * 2. Each tab gets every event of its sessions after the number it named, in order. What another tab knows already
 *    may come to it again: a tab drops what it has seen.
 * 3. When more is wanted the connection is opened anew from what is known, and nothing falls between the two.
 * 4. A tab that is gone wants nothing, also where it could not say so: the lock that it held is free then.
 */

import { type Clock, EventStream, type StreamStatus, systemClock } from './event-stream.ts';
import { parseObject, toDelta, toFollowed } from './log-event.ts';
import type { SseFrame } from './sse-frames.ts';
import type { FromStream, Port, ToStream } from './stream-messages.ts';

export interface Place {
  /** `ID:SEQ,ID:SEQ` of what is followed. */
  follow: string;
  /** Id of the last change that was seen; null before the first. */
  lastChange: string | null;
}

export interface SharedStreamOptions {
  /** Opens the stream. A failure is judged by its `status`, of an answer or of an error. */
  open: (place: Place, signal: AbortSignal) => Promise<Response>;
  /** Resolves once nobody holds the lock of this name. */
  released?: (lock: string) => Promise<void>;
  clock?: Clock;
}

interface Tab {
  overview: boolean;
  /** Its sessions with the last event of each that it has. */
  sessions: Map<string, number>;
}

/** What tabs want one after another, as while several are opened, is asked for once. */
const GATHER_MS = 30;
/** Least time between two words that the platform answers. */
const HEARD_MS = 1_000;

export class SharedStream {
  readonly #options: Required<SharedStreamOptions>;
  readonly #tabs = new Map<Port, Tab>();
  /** Of each session that is followed the last event that every tab has; those of the open connection. */
  readonly #places = new Map<string, number>();
  readonly #refused = new Set<string>();
  #stream: EventStream | null = null;
  #status: StreamStatus = 'connecting';
  #lastChange: string | null = null;
  #heardAt = Number.NEGATIVE_INFINITY;
  #gathering: Promise<void> | null = null;
  #changed = false;

  constructor(options: SharedStreamOptions) {
    this.#options = { released: () => new Promise(() => undefined), clock: systemClock, ...options };
  }

  /** A tab's end of a channel; it wants nothing until it says so. */
  connect(port: Port): void {
    this.#tabs.set(port, { overview: false, sessions: new Map() });
    port.onmessage = ({ data }) => this.#take(port, data);
  }

  #take(port: Port, message: ToStream): void {
    if (message.kind === 'wake') this.#stream?.wake();
    else if (message.kind === 'alive')
      void this.#options.released(message.lock).then(() => this.#leave(port));
    else this.#want(port, message);
  }

  #want(port: Port, { overview, sessions }: Extract<ToStream, { kind: 'want' }>): void {
    if (!this.#tabs.has(port)) return;
    this.#tabs.set(port, { overview, sessions: new Map(Object.entries(sessions)) });
    for (const session of Object.keys(sessions)) this.#refused.delete(session);
    this.#replan();
    if (this.#gathering === null) this.#send(port, { kind: 'status', status: this.#status });
  }

  #leave(port: Port): void {
    this.#tabs.delete(port);
    port.close();
    this.#replan();
  }

  /** Compares what is wanted with what is open. */
  #replan(): void {
    const requested = this.#requested();
    for (const [session, after] of requested) {
      const known = this.#places.get(session);
      if (known !== undefined && after >= known) continue;
      this.#places.set(session, after);
      this.#changed = true;
    }
    for (const session of [...this.#places.keys()]) {
      if (requested.has(session)) continue;
      this.#places.delete(session);
      this.#changed = true;
    }
    if (!this.#isRequested()) this.#close();
    else if (this.#changed || this.#stream === null) this.#gathering ??= this.#openSoon();
  }

  /** Of each session the least that a tab knows. */
  #requested(): Map<string, number> {
    const requested = new Map<string, number>();
    for (const { sessions } of this.#tabs.values()) {
      for (const [session, after] of sessions) {
        if (!this.#refused.has(session))
          requested.set(session, Math.min(after, requested.get(session) ?? after));
      }
    }
    return requested;
  }

  #isRequested(): boolean {
    return [...this.#tabs.values()].some((tab) => tab.overview || tab.sessions.size > 0);
  }

  async #openSoon(): Promise<void> {
    await this.#options.clock.pause(GATHER_MS, new AbortController().signal);
    this.#gathering = null;
    if (!this.#isRequested()) return;
    this.#changed = false;
    if (this.#stream !== null) return this.#stream.reopen();
    const stream = new EventStream({
      open: (signal) => this.#options.open(this.#place(), signal),
      onFrame: (frame, isLast) => this.#frame(frame, isLast),
      onStatus: (status) => this.#tellStatus(stream, status),
      onBytes: () => this.#tellHeard(),
      onFailure: (error) => !hasStatus(error) && this.#tell({ kind: 'lost' }),
      clock: this.#options.clock,
    });
    this.#stream = stream;
    void stream.follow();
  }

  #close(): void {
    this.#stream?.stop();
    this.#stream = null;
    this.#status = 'connecting';
    this.#changed = false;
  }

  #place(): Place {
    const follow = [...this.#places].map(([session, after]) => `${session}:${after}`).join(',');
    return { follow, lastChange: this.#lastChange };
  }

  /** @returns false at a gap */
  #frame(frame: SseFrame, isLast: boolean): boolean {
    if (frame.event === 'session_event') return this.#takeEvent(frame, isLast);
    if (frame.event === 'session_delta') this.#takeDelta(frame);
    else if (frame.event === 'session_reset') this.#takeReset(frame);
    else if (frame.event === 'session_refused') this.#takeRefusal(frame);
    else this.#takeChange(frame);
    return true;
  }

  #takeChange({ event, id, data }: SseFrame): void {
    this.#lastChange = id ?? this.#lastChange;
    const change = { type: event, data: parseObject(data) };
    for (const [port, { overview }] of this.#tabs) if (overview) this.#send(port, { kind: 'change', change });
  }

  #takeEvent(frame: SseFrame, isLast: boolean): boolean {
    const { session, event } = toFollowed(frame);
    const known = this.#places.get(session);
    // one that is followed no more, or was seen
    if (event === null || known === undefined || event.seq <= known) return true;
    // what a connection that is being replaced says too early comes again from the one that replaces it
    if (event.seq > known + 1) return !isLast;
    this.#places.set(session, event.seq);
    for (const { sessions } of this.#tabs.values()) {
      if ((sessions.get(session) ?? event.seq) < event.seq) sessions.set(session, event.seq);
    }
    this.#tellOf(session, { kind: 'event', session, event });
    return true;
  }

  #takeDelta(frame: SseFrame): void {
    const { session, type, data } = toFollowed(frame);
    const delta = toDelta({ event: type, id: null, data });
    if (delta !== null) this.#tellOf(session, { kind: 'delta', session, delta });
  }

  #takeReset(frame: SseFrame): void {
    const { session } = toFollowed(frame);
    if (!this.#places.has(session)) return;
    this.#places.set(session, 0);
    for (const { sessions } of this.#tabs.values()) if (sessions.has(session)) sessions.set(session, 0);
    this.#tellOf(session, { kind: 'reset', session });
  }

  #takeRefusal(frame: SseFrame): void {
    const { session } = toFollowed(frame);
    this.#refused.add(session);
    this.#places.delete(session);
    this.#tellOf(session, { kind: 'refused', session });
  }

  #tellOf(session: string, message: FromStream): void {
    for (const [port, { sessions }] of this.#tabs) if (sessions.has(session)) this.#send(port, message);
  }

  #tellStatus(stream: EventStream, status: StreamStatus): void {
    // the last word of one that was given up
    if (this.#stream !== null && this.#stream !== stream) return;
    this.#status = status;
    // the next that is wanted is asked for anew
    if (status === 'refused') this.#stream = null;
    this.#tell({ kind: 'status', status });
  }

  #tellHeard(): void {
    const now = this.#options.clock.now();
    if (now - this.#heardAt < HEARD_MS) return;
    this.#heardAt = now;
    this.#tell({ kind: 'heard' });
  }

  #tell(message: FromStream): void {
    for (const port of this.#tabs.keys()) this.#send(port, message);
  }

  #send(port: Port, message: FromStream): void {
    port.postMessage(message);
  }
}

/** The server said something, be it a refusal: it is there. */
const hasStatus = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'status' in error && error.status !== 0;

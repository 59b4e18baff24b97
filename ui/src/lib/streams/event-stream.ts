/**
 * One session's live events, for as long as a page is open.
 *
 * 1. Every stored event after `after` is handed on once and in order: one seen before is dropped, and a gap is asked
 *    for again from the last number.
 * 2. A connection that ends or falls silent (no byte for `silenceMs`; the server sends one every 15 s) is opened
 *    again after a pause that doubles, with jitter. 401, 403 and 404 end the stream: asking again changes nothing.
 * 3. Timers of a sleeping tab do not run: `wake()` looks at the clock instead and reconnects at once.
 * It does not draw, store or decide what an event means.
 */

import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { type LogEvent, type TextDelta, toDelta, toLogEvent } from './log-event.ts';

export type StreamStatus = 'connecting' | 'live' | 'reconnecting' | 'refused' | 'stopped';

export interface Clock {
  now(): number;
  /** Resolves after `milliseconds`, or at once when `signal` aborts. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Between 0 and 1. */
  random(): number;
}

export interface EventStreamOptions {
  /** Opens the stream after event `after`. A failure is judged by its `status`, of an answer or of an error. */
  open: (after: number, signal: AbortSignal) => Promise<Response>;
  onEvent: (event: LogEvent) => void;
  onDelta: (delta: TextDelta) => void;
  onStatus: (status: StreamStatus) => void;
  /** Called with every piece that comes, also one that only says that the connection lives. */
  onBytes?: () => void;
  /** Number of the last event that is known. Default 0. */
  after?: number;
  /** Silence after which a connection counts as lost. Default 40,000. */
  silenceMs?: number;
  /** First and longest pause before a new try. Default 500 and 15,000. */
  pauseMs?: [number, number];
  clock?: Clock;
}

const REFUSALS: readonly unknown[] = [401, 403, 404];
const isRefusal = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'status' in value && REFUSALS.includes(value.status);

export class EventStream {
  readonly #options: Required<EventStreamOptions>;
  readonly #stop = new AbortController();
  #connection = new AbortController();
  #pause = new AbortController();
  #last: number;
  #lastByte = 0;
  #failures = 0;

  constructor(options: EventStreamOptions) {
    const usual = { after: 0, silenceMs: 40_000, pauseMs: [500, 15_000] as [number, number] };
    this.#options = { ...usual, clock: systemClock, onBytes: () => undefined, ...options };
    this.#last = this.#options.after;
  }

  /** Runs until `stop()` or a refusal. */
  async run(): Promise<void> {
    const { onStatus } = this.#options;
    onStatus('connecting');
    while (!this.#stop.signal.aborted) {
      const refused = await this.#connect();
      if (this.#stop.signal.aborted) break;
      if (refused) {
        onStatus('refused');
        return;
      }
      this.#failures += 1;
      onStatus('reconnecting');
      await this.#backOff();
    }
    onStatus('stopped');
  }

  stop(): void {
    this.#stop.abort();
    this.#connection.abort();
    this.#pause.abort();
  }

  /** The tab is seen again or the network is back: a pause ends, and a connection silent for too long is dropped. */
  wake(): void {
    this.#pause.abort();
    if (this.#options.clock.now() - this.#lastByte >= this.#options.silenceMs) this.#connection.abort();
  }

  /** @returns true when the server refuses for good */
  async #connect(): Promise<boolean> {
    const connection = new AbortController();
    this.#connection = connection;
    this.#heard();
    const watch = this.#watchSilence(connection);
    const opened = this.#lastByte;
    try {
      const response = await this.#options.open(this.#last, connection.signal);
      if (!response.ok || response.body === null) return isRefusal(response);
      this.#options.onStatus('live');
      await this.#read(response.body, connection.signal);
    } catch (error) {
      // a connection that cannot be made or breaks off is tried again: the status says so
      return isRefusal(error);
    } finally {
      connection.abort();
      await watch;
    }
    // a connection that held was a good one, even if nothing happened in it
    if (this.#lastByte - opened >= this.#options.pauseMs[1]) this.#failures = 0;
    return false;
  }

  async #read(body: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<void> {
    const reader = body.getReader();
    const cancel = () => void reader.cancel().catch(() => undefined);
    signal.addEventListener('abort', cancel, { once: true });
    let gap = false;
    const parser = createParser({
      onEvent: (message) => {
        gap ||= !this.#take(message);
      },
    });
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      this.#heard();
      this.#options.onBytes();
      parser.feed(decoder.decode(value, { stream: true }));
      if (!gap) continue;
      cancel();
      return;
    }
  }

  /** @returns false at a gap */
  #take(message: EventSourceMessage): boolean {
    const event = toLogEvent(message);
    if (event === null) {
      const delta = toDelta(message);
      if (delta !== null) this.#options.onDelta(delta);
      return true;
    }
    if (event.seq <= this.#last) return true;
    if (event.seq > this.#last + 1) return false;
    this.#last = event.seq;
    this.#failures = 0;
    this.#options.onEvent(event);
    return true;
  }

  #heard(): void {
    this.#lastByte = this.#options.clock.now();
  }

  async #watchSilence(connection: AbortController): Promise<void> {
    const { clock, silenceMs } = this.#options;
    while (!connection.signal.aborted) {
      const left = this.#lastByte + silenceMs - clock.now();
      if (left <= 0) connection.abort();
      else await clock.pause(left, connection.signal);
    }
  }

  async #backOff(): Promise<void> {
    const { clock, pauseMs } = this.#options;
    const [first, longest] = pauseMs;
    const most = Math.min(longest, first * 2 ** Math.min(this.#failures - 1, 10));
    this.#pause = new AbortController();
    await clock.pause(most * (0.5 + clock.random() / 2), this.#pause.signal);
  }
}

const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  pause: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const timer = setTimeout(resolve, milliseconds);
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', end, { once: true });
    }),
};

/**
 * One connection to the platform's events, kept open for as long as somebody wants it.
 *
 * 1. A connection that ends or falls silent (no byte for `silenceMs`; the server sends one every 15 s) is opened
 *    again after a pause that doubles, with jitter. 401, 403 and 404 end the stream: asking again changes nothing.
 * 2. `reopen()` asks for something else: what is there is read until the new connection is open, so that nothing
 *    falls between the two.
 * 3. Timers of a sleeping tab do not run: `wake()` looks at the clock instead and reconnects at once.
 * It does not know what a frame means, nor which have been seen.
 */

import { type SseFrame, SseFrames } from './sse-frames.ts';

export type StreamStatus = 'connecting' | 'live' | 'reconnecting' | 'refused' | 'stopped';

export interface Clock {
  now(): number;
  /** Resolves after `milliseconds`, or at once when `signal` aborts. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Between 0 and 1. */
  random(): number;
}

export interface EventStreamOptions {
  /**
   * Opens the stream at the place that its owner knows. A failure is judged by its `status`, of an answer or of an
   * error.
   */
  open: (signal: AbortSignal) => Promise<Response>;
  /** @param isLast of the connection that was asked for last; @returns false where something is missing before it */
  onFrame: (frame: SseFrame, isLast: boolean) => boolean;
  onStatus: (status: StreamStatus) => void;
  /** Called with every piece that comes, also one that only says that the connection lives. */
  onBytes?: () => void;
  /** A connection could not be made. */
  onFailure?: (error: unknown) => void;
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
  /** the one that was begun last */
  #connection = new AbortController();
  #successor: Promise<boolean> | null = null;
  #pause = new AbortController();
  #lastByte = 0;
  #failures = 0;

  constructor(options: EventStreamOptions) {
    const usual = { silenceMs: 40_000, pauseMs: [500, 15_000] as [number, number] };
    const quiet = { onBytes: () => undefined, onFailure: () => undefined };
    this.#options = { ...usual, ...quiet, clock: systemClock, ...options };
  }

  /** Runs until `stop()` or a refusal. */
  async follow(): Promise<void> {
    const { onStatus } = this.#options;
    onStatus('connecting');
    let current = this.#connect(null);
    for (;;) {
      const refused = await current;
      if (this.#stop.signal.aborted) break;
      if (this.#successor !== null) {
        current = this.#successor;
        this.#successor = null;
        continue;
      }
      if (refused) {
        onStatus('refused');
        return;
      }
      this.#failures += 1;
      onStatus('reconnecting');
      await this.#backOff();
      if (this.#stop.signal.aborted) break;
      current = this.#connect(null);
    }
    onStatus('stopped');
  }

  stop(): void {
    this.#stop.abort();
    this.#connection.abort();
    this.#pause.abort();
  }

  /** Something else is wanted: a new connection takes over from the one that is there. */
  reopen(): void {
    if (this.#stop.signal.aborted) return;
    // in a pause nothing is open: the next try asks for what is wanted then
    if (this.#connection.signal.aborted) this.#pause.abort();
    else this.#successor = this.#connect(this.#connection);
  }

  /** The tab is seen again or the network is back: a pause ends, and a connection silent for too long is dropped. */
  wake(): void {
    this.#pause.abort();
    if (this.#options.clock.now() - this.#lastByte >= this.#options.silenceMs) this.#connection.abort();
  }

  /**
   * @param before ends once this one is open, or cannot be opened
   * @returns true when the server refuses for good
   */
  async #connect(before: AbortController | null): Promise<boolean> {
    const connection = new AbortController();
    this.#connection = connection;
    const { signal } = connection;
    // one that is stopped takes with it what it was to take over from
    signal.addEventListener('abort', () => before?.abort(), { once: true });
    this.#heard();
    const watch = this.#watchSilence(connection);
    const opened = this.#lastByte;
    try {
      const response = await this.#options.open(signal);
      before?.abort();
      if (!response.ok || response.body === null) return isRefusal(response);
      this.#options.onStatus('live');
      await this.#read(response.body, connection);
    } catch (error) {
      // a connection that cannot be made or breaks off is tried again: the status says so
      if (!signal.aborted) this.#options.onFailure(error);
      return isRefusal(error);
    } finally {
      connection.abort();
      await watch;
    }
    // a connection that held was a good one, even if nothing happened in it
    if (this.#lastByte - opened >= this.#options.pauseMs[1]) this.#failures = 0;
    return false;
  }

  async #read(body: ReadableStream<Uint8Array>, connection: AbortController): Promise<void> {
    const reader = body.getReader();
    const { signal } = connection;
    const cancel = () => void reader.cancel().catch(() => undefined);
    signal.addEventListener('abort', cancel, { once: true });
    const frames = new SseFrames();
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      this.#heard();
      this.#options.onBytes();
      for (const frame of frames.push(decoder.decode(value, { stream: true }))) {
        const whole = this.#options.onFrame(frame, connection === this.#connection);
        if (whole) this.#failures = 0;
        else if (connection === this.#connection) return cancel();
      }
    }
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

export const systemClock: Clock = {
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

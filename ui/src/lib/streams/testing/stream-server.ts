/** A clock and a server of event streams that tests drive by hand. */

import type { Clock } from '../event-stream.ts';

const encoder = new TextEncoder();

/** A clock that only moves when a test says so. */
export class ManualClock implements Clock {
  time = 0;
  readonly pauses: number[] = [];
  readonly #waiting = new Set<{ due: number; resolve: () => void }>();
  now = () => this.time;
  random = () => 1;
  pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    this.pauses.push(milliseconds);
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const entry = { due: this.time + milliseconds, resolve };
      this.#waiting.add(entry);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  /** Timers of a sleeping tab: the time passes, nothing fires. */
  sleep(milliseconds: number): void {
    this.time += milliseconds;
  }
  pass(milliseconds: number): void {
    this.sleep(milliseconds);
    for (const entry of this.#waiting) if (entry.due <= this.time) entry.resolve();
  }
}

export interface Connection<P> {
  /** What was asked for. */
  place: P;
  /** The reader has not gone, and the server has not ended it. */
  isOpen: boolean;
  send: (text: string) => void;
  end: () => void;
}

/** Connections in the order in which they were asked for; `statuses` are the first answers, then each is 200. */
export function createServer<P>(statuses: number[] = []) {
  const connections: Connection<P>[] = [];
  const open = (place: P, signal: AbortSignal): Promise<Response> => {
    const status = statuses.shift() ?? 200;
    let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
    const body = new ReadableStream<Uint8Array>({
      start: (made) => {
        controller = made;
      },
    });
    const connection: Connection<P> = {
      ...{ place, isOpen: true },
      send: (text) => connection.isOpen && controller?.enqueue(encoder.encode(text)),
      end: () => {
        if (connection.isOpen) controller?.close();
        connection.isOpen = false;
      },
    };
    signal.addEventListener('abort', () => {
      connection.isOpen = false;
    });
    connections.push(connection);
    return Promise.resolve(new Response(status === 200 ? body : null, { status }));
  };
  return { connections, open };
}

/** Lets what is ready run: promises, messages of ports and the web streams' own turns. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

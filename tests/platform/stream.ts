/** A reader of a session's stream as a client is meant to be: it resumes after the last event that it has seen. */

import { setTimeout as pause } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

export interface ReadEvent {
  seq: number;
  type: string;
  data: Record<string, unknown>;
  /** Milliseconds since the epoch at which it arrived. */
  at: number;
}

export interface StreamReader {
  /** Stored events in the order in which they arrived. */
  events: ReadEvent[];
  /** How often the reader had to connect. */
  connections(): number;
  close(): void;
}

/** Reads until closed, over every outage. `after` is the last event already known. */
export function readStream(
  url: string,
  session: string,
  { after = 0, onEvent = (_: ReadEvent) => {} } = {},
): StreamReader {
  const closed = new AbortController();
  const events: ReadEvent[] = [];
  let connections = 0;
  let last = after;

  async function read(): Promise<void> {
    connections += 1;
    const headers: Record<string, string> = last > 0 ? { 'last-event-id': String(last) } : {};
    const answer = await fetch(`${url}/api/sessions/${session}/stream`, { headers, signal: closed.signal });
    if (!answer.ok || !answer.body) throw new Error(`the stream was answered ${answer.status}`);
    const decoder = new TextDecoder();
    const parser = createParser({ onEvent: take });
    for await (const bytes of answer.body) parser.feed(decoder.decode(bytes, { stream: true }));
  }

  function take({ id, event: type = '', data }: EventSourceMessage): void {
    if (id === undefined || id === '') return; // text that is not stored
    last = Number(id);
    const event = { seq: last, type, data: JSON.parse(data), at: Date.now() };
    events.push(event);
    onEvent(event);
  }

  async function run(): Promise<void> {
    while (!closed.signal.aborted) {
      // an outage: connect again
      await read().catch(() => undefined);
      // unref: a reader that a failed test has left open does not keep the process
      await pause(100, undefined, { ref: false });
    }
  }
  void run();
  return { events, connections: () => connections, close: () => closed.abort() };
}

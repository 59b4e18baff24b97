/**
 * Follows the events of a session or a run: reads the stream, and when it breaks reads on after the last event seen, so
 * that each stored event comes once and in order.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { ApiClient } from './api-client.ts';
import { CommandError, EXIT } from './exit-code.ts';

export interface ReadEvent {
  /** null for a live delta, which is not stored. */
  seq: number | null;
  type: string;
  data: Record<string, unknown>;
}

export interface FollowOptions {
  /** Seq of the last event that is known already. */
  after: number;
  signal: AbortSignal;
  /** Seconds without any answer after which the platform counts as gone. */
  giveUpSeconds?: number;
}

const RETRY_MILLISECONDS = 500;

/**
 * Events of the stream at a path until `signal` aborts or the caller stops.
 * @throws CommandError unreachable, notFound
 */
export async function* followEvents(
  client: ApiClient,
  stream: string,
  options: FollowOptions,
): AsyncGenerator<ReadEvent> {
  const { signal, giveUpSeconds = 120 } = options;
  let position = options.after;
  let lastHeard = Date.now();
  while (!signal.aborted) {
    try {
      const headers = { accept: 'text/event-stream' };
      const response = await client.open(`${stream}?after=${position}`, {
        headers,
        signal,
      });
      lastHeard = Date.now();
      for await (const event of parseEvents(response.body)) {
        lastHeard = Date.now();
        // the number that was named is not there: what is known is of another time, and all of it comes again
        if (event.type === 'reset') position = 0;
        if (event.seq !== null && event.seq <= position) continue;
        if (event.seq !== null) position = event.seq;
        yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!isOutage(error) || Date.now() - lastHeard > giveUpSeconds * 1000) throw error;
    }
    // an abort only ends the pause
    await delay(RETRY_MILLISECONDS, undefined, { signal }).catch(() => undefined);
  }
}

/** A connection that broke, or a part that is away for now. */
function isOutage(error: unknown): boolean {
  return !(error instanceof CommandError) || error.exitCode === EXIT.unreachable;
}

/** The events of a stream; comments and events without data are skipped. */
export async function* parseEvents(body: AsyncIterable<Uint8Array> | null): AsyncGenerator<ReadEvent> {
  const decoder = new TextDecoder();
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  for await (const chunk of body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    for (const message of messages.splice(0)) yield toReadEvent(message);
  }
}

function toReadEvent({ id, event, data }: EventSourceMessage): ReadEvent {
  const value: unknown = JSON.parse(data);
  return {
    seq: id === undefined ? null : Number(id),
    type: event ?? 'message',
    data: typeof value === 'object' && value !== null ? { ...value } : {},
  };
}

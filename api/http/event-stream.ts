/**
 * One reader of an event stream.
 *
 * 1. Every stored event after the reader's position is sent once, in order, whatever happens to the source: it is
 *    read again from the last event sent.
 * 2. A reader holds at most one frame beyond its socket's buffer. Whose buffer stays full is dropped, and resumes
 *    after the last event that it has seen.
 */

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { TemperaError } from '../../core/errors.ts';
import { encodeEvent, KEEP_ALIVE, STREAM_PREAMBLE, type StreamItem } from './sse.ts';

export interface StreamOptions {
  /** Seq of the last event that the reader has seen; 0 from the start. */
  after: number;
  keepAliveSeconds: number;
  slowReaderSeconds: number;
  /** Pause before a source that failed is read again. */
  reconnectMilliseconds: number;
  /** Ends the stream: the server is closing. */
  signal: AbortSignal;
}

export type EventSource = (after: number, signal: AbortSignal) => AsyncIterable<StreamItem>;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  connection: 'keep-alive',
  'x-accel-buffering': 'no',
};

/** Sends `source` until the reader goes, the server closes or the source ends. */
export async function sendEventStream(
  response: ServerResponse,
  source: EventSource,
  options: StreamOptions,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, options.signal]);
  response.writeHead(200, HEADERS);
  response.write(STREAM_PREAMBLE);
  const keepAlive = setInterval(() => {
    if (!response.writableNeedDrain) response.write(KEEP_ALIVE);
  }, options.keepAliveSeconds * 1000);
  try {
    await pump(response, source, { ...options, signal });
  } finally {
    clearInterval(keepAlive);
    if (gone.signal.aborted) response.destroy();
    else response.end();
  }
}

async function pump(response: ServerResponse, source: EventSource, options: StreamOptions): Promise<void> {
  const { signal } = options;
  for await (const item of resumed(source, options)) {
    if (signal.aborted) return;
    await writeFrame(response, encodeEvent(item), options);
  }
}

/**
 * What `source` gives after event `after`, each numbered one once: through an outage it is read again from the last
 * one that was taken. Ends with the source or its signal. @throws what is no outage
 */
export async function* resumed<T extends object>(
  source: (after: number, signal: AbortSignal) => AsyncIterable<T>,
  options: Pick<StreamOptions, 'after' | 'reconnectMilliseconds' | 'signal'>,
): AsyncGenerator<T> {
  let position = options.after;
  const { signal } = options;
  while (!signal.aborted) {
    try {
      for await (const item of source(position, signal)) {
        if (signal.aborted) return;
        const seq = 'seq' in item && typeof item.seq === 'number' ? item.seq : null;
        if (seq !== null && seq <= position) continue;
        yield item;
        position = seq ?? position;
      }
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!isPassing(error)) throw error;
      await pause(options.reconnectMilliseconds, signal);
    }
  }
}

async function writeFrame(response: ServerResponse, frame: string, options: StreamOptions): Promise<void> {
  if (response.write(frame)) return;
  if (!(await drained(response, options))) {
    response.destroy();
    throw new TemperaError('SLOW_READER', `The reader took nothing for ${options.slowReaderSeconds} s.`);
  }
}

/** True when the buffer emptied; false when it did not in time, the reader has gone or the server closes. */
async function drained(
  response: ServerResponse,
  { slowReaderSeconds, signal }: StreamOptions,
): Promise<boolean> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(slowReaderSeconds * 1000)]);
  // the only way to fail is the limit
  return await once(response, 'drain', { signal: limit }).then(
    () => true,
    () => false,
  );
}

/** True for an outage that a later read outlives. */
function isPassing(error: unknown): boolean {
  return error instanceof TemperaError && error.kind.http === 503;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  // an abort only ends the pause: the loop looks at the signal itself
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}

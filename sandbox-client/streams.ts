/**
 * The streams of a call, each way. Whoever refuses in between, and whoever stops listening, every error has somebody
 * who hears it: the caller, or nobody's wish to know it any more.
 */

import type { Writable } from 'node:stream';
import type { ClientReadableStream, ClientWritableStream, ServiceError } from '@grpc/grpc-js';
import { TemperaError } from '../core/errors.ts';
import { heard } from '../core/heard.ts';
import { toSandboxError } from './errors.ts';

/** What the host sends, until its end or `signal`. The call begins with the first step of the iteration. */
export async function* received<T>(
  open: () => ClientReadableStream<T>,
  attempted: string,
  signal?: AbortSignal,
): AsyncGenerator<T> {
  const stream = open();
  // a reader that has left still has a stream, which still may fail
  stream.on('error', () => undefined);
  const leave = () => stream.cancel();
  signal?.addEventListener('abort', leave);
  if (signal?.aborted) leave();
  try {
    for await (const message of stream) yield message as T;
  } catch (error) {
    if (signal?.aborted)
      throw new TemperaError('CANCELLED', `${attempted}: its caller has left.`, { cause: error });
    throw toSandboxError(error, attempted);
  } finally {
    signal?.removeEventListener('abort', leave);
    stream.cancel();
  }
}

type Open<Q, R> = (done: (error: ServiceError | null, response: R) => void) => ClientWritableStream<Q>;

/**
 * Sends messages as fast as the host takes them and waits for its answer. A host that answers before the last message
 * is not sent the rest, and is not waited for until the next one is there.
 */
export async function sent<Q, R>(
  open: Open<Q, R>,
  messages: AsyncGenerator<Q>,
  attempted: string,
): Promise<R> {
  const { stream, answer, answered } = opened(open, attempted);
  const untilAnswered = waitsUntil(answered);
  try {
    for (;;) {
      const next = await untilAnswered(messages.next());
      if (next === null || next.done === true) break;
      if (!stream.write(next.value)) await untilAnswered(drained(stream));
    }
    stream.end();
  } catch (error) {
    stream.cancel();
    await answered; // the cancellation
    throw error;
  } finally {
    // one that still waits for its source ends when that does; what it then says comes too late for anybody
    messages.return(undefined).catch(() => undefined);
  }
  return answer;
}

function opened<Q, R>(open: Open<Q, R>, attempted: string) {
  let settle: (error: ServiceError | null, response: R) => void = () => undefined;
  const answer = new Promise<R>((resolve, reject) => {
    settle = (error, response) => (error ? reject(toSandboxError(error, attempted)) : resolve(response));
  });
  const answered = answer.then(
    () => null,
    () => null,
  );
  const stream = open((error, response) => settle(error, response));
  // what breaks the stream arrives with the answer
  stream.on('error', () => undefined);
  return { stream, answer, answered };
}

/**
 * Waits for one thing after the other, each no longer than until `end`; null where that came first. Promise.race
 * would do for a few: `end` would keep what each has waited for, which here are all messages of the stream.
 */
function waitsUntil(end: Promise<null>): <T>(work: Promise<T>) => Promise<T | null> {
  let over = false;
  let stop: (() => void) | null = null;
  heard(
    end.then(() => {
      over = true;
      stop?.();
    }),
  );
  return (work) =>
    new Promise((resolve, reject) => {
      stop = () => resolve(null);
      work.then(resolve, reject);
      if (over) stop();
    });
}

const drained = (stream: Writable): Promise<null> =>
  new Promise((resolve) => stream.once('drain', () => resolve(null)));

/**
 * Work in a thread of its own: what it computes holds nobody else up.
 *
 * 1. One thread, made with the first call and again after it was lost; it keeps no process alive.
 * 2. Calls are answered in the order in which they came. A call that is cancelled is given up at once, its answer
 *    dropped.
 * 3. A thread that ends fails the calls that wait for it: the next one has a new thread.
 */

import { type MessagePort, Worker } from 'node:worker_threads';
import { type ErrorCode, TemperaError } from './errors.ts';

interface Call<Request> {
  id: number;
  request: Request;
}

type Reply<Answer> =
  | { id: number; answer: Answer }
  | { id: number; failure: { code: ErrorCode | null; message: string } };

interface Waiting<Answer> {
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

export interface ThreadOptions {
  /** The bundled file that calls `answerCalls`. */
  program: string;
  /** What the thread is made with; cloned. */
  data: unknown;
  /** MiB of memory. */
  memoryMebibytes: number;
  /** Whose thread it is, for messages. */
  title: string;
}

/** Requests and answers are cloned on their way. */
export class AnsweringThread<Request, Answer> {
  readonly #options: ThreadOptions;
  readonly #waiting = new Map<number, Waiting<Answer>>();
  #worker: Worker | null = null;
  #last = 0;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /** @throws TemperaError CANCELLED, what the thread refused with, or that it was lost */
  ask(request: Request, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    this.#last += 1;
    const id = this.#last;
    const worker = this.#running();
    const abort = () =>
      this.#waiting
        .get(id)
        ?.reject(new TemperaError('CANCELLED', `The call of ${this.#options.title} was cancelled.`));
    signal.addEventListener('abort', abort, { once: true });
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const call: Call<Request> = { id, request };
      worker.postMessage(call);
    }).finally(() => {
      signal.removeEventListener('abort', abort);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) worker.unref();
    });
  }

  #running(): Worker {
    this.#worker ??= this.#start();
    this.#worker.ref();
    return this.#worker;
  }

  #start(): Worker {
    const { program, data, memoryMebibytes } = this.#options;
    const worker = new Worker(program, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: memoryMebibytes },
    });
    worker.on('message', (reply: Reply<Answer>) => this.#take(reply));
    worker.on('error', (error) => this.#lost(worker, error));
    worker.on('exit', () => this.#lost(worker, null));
    return worker;
  }

  #take(reply: Reply<Answer>): void {
    const waiting = this.#waiting.get(reply.id);
    if ('answer' in reply) waiting?.resolve(reply.answer);
    else waiting?.reject(toError(reply.failure));
  }

  #lost(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const { reject } of this.#waiting.values())
      reject(new Error(`The thread of ${this.#options.title} ended before it had answered.`, { cause }));
  }
}

function toError({ code, message }: { code: ErrorCode | null; message: string }): Error {
  return code === null ? new Error(message) : new TemperaError(code, message);
}

/** Answers the calls that come over `port`: all that such a thread does. */
export function answerCalls<Request, Answer>(
  port: MessagePort,
  answer: (request: Request) => Promise<Answer>,
): void {
  async function replyTo({ id, request }: Call<Request>): Promise<Reply<Answer>> {
    try {
      return { id, answer: await answer(request) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { id, failure: { code: error instanceof TemperaError ? error.code : null, message } };
    }
  }
  port.on('message', (call: Call<Request>) => {
    replyTo(call)
      .then((reply) => port.postMessage(reply))
      // a thread that cannot answer ends, and its caller hears of that
      .catch(() => port.close());
  });
}

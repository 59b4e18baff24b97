/**
 * The offline model in a thread of its own: what it computes, over whatever a person wrote, holds nobody else up.
 *
 * 1. One thread, made with the first call and again after it was lost; it keeps no process alive.
 * 2. Calls are answered in the order in which they came. A call that is cancelled is given up at once, its answer
 * dropped.
 * 3. A thread that ends fails the calls that wait for it: the next one has a new thread.
 */

import { type MessagePort, Worker } from 'node:worker_threads';
import { type ErrorCode, TemperaError } from '../../core/errors.ts';
import type { LanguageModel, ModelAnswer, ModelCallOptions, ModelRequest } from '../../core/ports/model.ts';
import { AUTOPILOT_MODELS, createAutopilot, streamText } from './autopilot.ts';

interface Call {
  id: number;
  request: ModelRequest;
}

type Reply =
  | { id: number; answer: ModelAnswer }
  | { id: number; failure: { code: ErrorCode | null; message: string } };

/** What the thread is made with. */
export interface ThreadData {
  playbooksFolder: string;
}

interface Waiting {
  resolve: (answer: ModelAnswer) => void;
  reject: (error: Error) => void;
}

/** MiB of memory of the thread; a conversation of 32 MiB fits several times. */
const MEMORY_MEBIBYTES = 512;

/** @param program the bundled file that calls `serveAutopilot` */
export function createThreadedAutopilot(program: string, data: ThreadData): LanguageModel {
  const thread = new AutopilotThread(program, data);
  return {
    offline: true,
    runsPlaybooks: true,
    async complete(request: ModelRequest, options: ModelCallOptions): Promise<ModelAnswer> {
      options.signal.throwIfAborted();
      const answer = await thread.ask(request, options.signal);
      streamText(answer.content, options);
      return answer;
    },
    list: async () => [...AUTOPILOT_MODELS],
  };
}

class AutopilotThread {
  readonly #program: string;
  readonly #data: ThreadData;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #last = 0;

  constructor(program: string, data: ThreadData) {
    this.#program = program;
    this.#data = data;
  }

  ask(request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer> {
    this.#last += 1;
    const id = this.#last;
    const worker = this.#running();
    const abort = () =>
      this.#waiting.get(id)?.reject(new TemperaError('CANCELLED', 'The call of autopilot was cancelled.'));
    signal.addEventListener('abort', abort, { once: true });
    return new Promise<ModelAnswer>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const call: Call = { id, request };
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
    const worker = new Worker(this.#program, {
      workerData: this.#data,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MEBIBYTES },
    });
    worker.on('message', (reply: Reply) => this.#take(reply));
    worker.on('error', (error) => this.#lost(worker, error));
    worker.on('exit', () => this.#lost(worker, null));
    return worker;
  }

  #take(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    if ('answer' in reply) waiting?.resolve(reply.answer);
    else waiting?.reject(toError(reply.failure));
  }

  #lost(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const { reject } of this.#waiting.values())
      reject(new Error('The thread of the offline model ended before it had answered.', { cause }));
  }
}

function toError({ code, message }: { code: ErrorCode | null; message: string }): Error {
  return code === null ? new Error(message) : new TemperaError(code, message);
}

/** Answers the calls that come over `port`: all that the thread does. */
export function serveAutopilot(port: MessagePort, { playbooksFolder }: ThreadData): void {
  const model = createAutopilot({ playbooksFolder });
  const options = { signal: new AbortController().signal, onText: () => undefined };
  async function replyTo({ id, request }: Call): Promise<Reply> {
    try {
      return { id, answer: await model.complete(request, options) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { id, failure: { code: error instanceof TemperaError ? error.code : null, message } };
    }
  }
  port.on('message', (call: Call) => {
    replyTo(call)
      .then((reply) => port.postMessage(reply))
      // a thread that cannot answer ends, and its caller hears of that
      .catch(() => port.close());
  });
}

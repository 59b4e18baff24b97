/** The event streams that this process serves: how many, from where, until when. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { TemperaError } from '../../core/errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { SECURITY_HEADERS } from '../http/access.ts';
import { sendEventStream } from '../http/event-stream.ts';

export interface StreamRequest {
  streamId: string;
  after: number;
}

export interface StreamService {
  /** Where a reader goes on: what its browser says it saw last, else ?after=. @throws TemperaError INVALID_INPUT */
  position(lastEventId: string | string[] | undefined, after: number | undefined): number;
  /** Takes the reply over and sends events until one side ends. @throws TemperaError LIMIT_REACHED */
  serve(request: FastifyRequest, reply: FastifyReply, stream: StreamRequest): Promise<void>;
  close(): void;
}

/** One per process. */
export function createStreamService({ hub, settings }: ApiDependencies): StreamService {
  const closing = new AbortController();
  let open = 0;

  return {
    position(lastEventId, after) {
      if (lastEventId === undefined || lastEventId === '') return after ?? 0;
      const seq = Number(lastEventId);
      if (Number.isSafeInteger(seq) && seq >= 0) return seq;
      throw new TemperaError('INVALID_INPUT', 'Last-Event-ID must be the number of an event.');
    },
    async serve(request, reply, { streamId, after }) {
      if (open >= settings.streams) {
        const message = `${settings.streams} streams are open. Close one, or raise limits.streams.`;
        throw new TemperaError('LIMIT_REACHED', message, { retryAfter: 5 });
      }
      open += 1;
      reply.hijack();
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) reply.raw.setHeader(name, value);
      reply.raw.setHeader('x-request-id', request.id);
      const { principal } = request;
      const source = (from: number, signal: AbortSignal) =>
        hub.subscribe(principal, streamId, from, { signal });
      try {
        await sendEventStream(reply.raw, source, { ...settings, after, signal: closing.signal });
      } catch (error) {
        // the head is sent: the reader learns from the end of its stream, and resumes
        request.log.warn({ err: error, id: request.id, streamId }, 'stream ended');
      } finally {
        open -= 1;
      }
    },
    close: () => closing.abort(),
  };
}

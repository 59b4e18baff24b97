/** The event streams that this process serves: how many, from where, until when. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { TemperaError } from '../../core/errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { SECURITY_HEADERS } from '../http/access.ts';
import { type EventSource, sendEventStream } from '../http/event-stream.ts';
import { merged } from '../http/merged.ts';
import type { StreamItem } from '../http/sse.ts';
import type { Followed } from '../schemas.ts';
import { createEndpointWatch } from './endpoint-watch.ts';
import { followSession } from './followed-sessions.ts';
import { watchSessions } from './overview.ts';

export interface StreamRequest {
  streamId: string;
  after: number;
}

export interface StreamService {
  /** Where a reader goes on: what its browser says it saw last, else ?after=. @throws TemperaError INVALID_INPUT */
  position(lastEventId: string | string[] | undefined, after: number | undefined): number;
  /** Takes the reply over and sends events until one side ends. @throws TemperaError LIMIT_REACHED */
  serve(request: FastifyRequest, reply: FastifyReply, stream: StreamRequest): Promise<void>;
  /**
   * Sends what changes in all the caller's sessions and in endpoints, and every event of those that are followed.
   * @throws TemperaError LIMIT_REACHED, INVALID_INPUT
   */
  serveOverview(request: FastifyRequest, reply: FastifyReply, followed: Followed): Promise<void>;
  close(): void;
}

interface Sent {
  source: EventSource;
  after: number;
  /** For the log. */
  what: string;
  /** As how many streams it counts. Default 1. */
  counts?: number;
}

/** One per process. */
export function createStreamService(dependencies: ApiDependencies): StreamService {
  const { hub, settings } = dependencies;
  const closing = new AbortController();
  const endpoints = createEndpointWatch(dependencies);
  let open = 0;

  async function send(
    request: FastifyRequest,
    reply: FastifyReply,
    { source, after, what, counts = 1 }: Sent,
  ): Promise<void> {
    if (open + counts > settings.streams) {
      const message = `${settings.streams} streams are open. Close one, or raise limits.streams.`;
      throw new TemperaError('LIMIT_REACHED', message, { retryAfter: 5 });
    }
    open += counts;
    reply.hijack();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) reply.raw.setHeader(name, value);
    reply.raw.setHeader('x-request-id', request.id);
    try {
      await sendEventStream(reply.raw, source, { ...settings, after, signal: closing.signal });
    } catch (error) {
      // the head is sent: the reader learns from the end of its stream, and resumes
      request.log.warn({ err: error, id: request.id, streamId: what }, 'stream ended');
    } finally {
      open -= counts;
    }
  }

  return {
    position(lastEventId, after) {
      if (lastEventId === undefined || lastEventId === '') return after ?? 0;
      const seq = Number(lastEventId);
      if (Number.isSafeInteger(seq) && seq >= 0) return seq;
      throw new TemperaError('INVALID_INPUT', 'Last-Event-ID must be the number of an event.');
    },
    async serve(request, reply, { streamId, after }) {
      const { principal } = request;
      const source: EventSource = (from, signal) => hub.subscribe(principal, streamId, from, { signal });
      await send(request, reply, { source, after, what: streamId });
    },
    async serveOverview(request, reply, followed) {
      const since = lastChange(request.headers['last-event-id']);
      const { principal } = request;
      // each session once; its place moves along, so that an outage of another source repeats nothing of it
      const places = [...new Map(followed.map((place) => [place.session, { ...place }])).values()];
      const source: EventSource = (_from, signal) =>
        merged<StreamItem>(
          signal,
          (either) => watchSessions(dependencies, principal, since, either),
          (either) => endpoints.changes(principal, either),
          ...places.map(
            (place) => (either: AbortSignal) => followSession(dependencies, principal, place, either),
          ),
        );
      const counts = 1 + places.length;
      await send(request, reply, { source, after: 0, what: 'overview', counts });
    },
    close: () => closing.abort(),
  };
}

/** The time that names the last change seen; null for a reader that has seen none. */
function lastChange(header: string | string[] | undefined): string | null {
  if (header === undefined || header === '') return null;
  const time = new Date(String(header));
  if (Number.isNaN(time.getTime())) {
    throw new TemperaError('INVALID_INPUT', 'Last-Event-ID must be the id of an event of this stream.');
  }
  return time.toISOString();
}

/** The event streams that this process serves: how many, from where, until when. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { TemperaError } from '../../core/errors.ts';
import type { Principal } from '../../core/principal.ts';
import { readLastSeq } from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { type EventSource, sendEventStream } from '../http/event-stream.ts';
import { merged } from '../http/merged.ts';
import type { ChangeItem, StreamItem } from '../http/sse.ts';
import type { Followed } from '../schemas.ts';
import { createEndpointWatch } from './endpoint-watch.ts';
import { followSession } from './followed-sessions.ts';
import { watchSessions } from './overview.ts';

const CLOCK_DIFFERENCE_MS = 60_000;

export interface StreamRequest {
  streamId: string;
  after: number;
  /** Whose the stream is, where the caller was found to be one who may read it. Default: the caller. */
  reader?: Principal;
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
  const { db, hub, settings } = dependencies;
  const closing = new AbortController();
  const lease = async ({ principal }: FastifyRequest): Promise<() => void> =>
    (principal ? await dependencies.openLeases?.take(principal, 'stream') : undefined) ?? (() => undefined);
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
    const release = await lease(request).catch((error: unknown) => {
      open -= counts;
      throw error;
    });
    const key = dependencies.credentials.follow(request.principal);
    const signal = AbortSignal.any([closing.signal, key.signal]);
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    try {
      await sendEventStream(reply.raw, source, { ...settings, after, signal });
    } catch (error) {
      // the head is sent: the reader learns from the end of its stream, and resumes
      request.log.warn({ err: error, id: request.id, streamId: what }, 'stream ended');
    } finally {
      key.release();
      release();
      open -= counts;
    }
  }

  return {
    position(lastEventId, after) {
      if (lastEventId === undefined || lastEventId === '') return after ?? 0;
      // past the end is past the end, however far
      if (/^\d+$/.test(String(lastEventId))) return Math.min(Number(lastEventId), Number.MAX_SAFE_INTEGER);
      throw new TemperaError('INVALID_INPUT', 'Last-Event-ID must be the number of an event.');
    },
    async serve(request, reply, { streamId, after, reader: principal = request.principal }) {
      const last = await readLastSeq(db, principal, streamId);
      const reset = last !== null && after > last ? resetTo('0', { last_seq: last }) : null;
      const source: EventSource = (from, signal) =>
        hub.subscribe(principal, streamId, { after: from, signal });
      await send(request, reply, {
        source: reset ? beginningWith(reset, source) : source,
        after: reset ? 0 : after,
        what: streamId,
      });
    },
    async serveOverview(request, reply, followed) {
      const last = lastChange(request.headers['last-event-id']);
      const reset = last !== null && last > latestChange() ? resetTo('', {}) : null;
      const since = reset ? null : last;
      const { principal } = request;
      // each session once; its place moves along, so that an outage of another source repeats nothing of it
      const places = [...new Map(followed.map((place) => [place.session, { ...place }])).values()];
      const changes: EventSource = (_from, signal) =>
        merged<StreamItem>(
          signal,
          (either) => watchSessions(dependencies, principal, { since, signal: either }),
          (either) => endpoints.changes(principal, either),
          ...places.map(
            (place) => (either: AbortSignal) =>
              followSession(dependencies, principal, { place, signal: either }),
          ),
        );
      const source = reset ? beginningWith(reset, changes) : changes;
      const counts = 1 + places.length;
      await send(request, reply, { source, after: 0, what: 'overview', counts });
    },
    close: () => closing.abort(),
  };
}

/** What a reader is told that names an event which is not there: all that it knows is of another time. */
const resetTo = (id: string, data: Record<string, unknown>): ChangeItem => ({ type: 'reset', id, data });

/** Later than any change can be: clocks of two machines may differ by as much. */
const latestChange = (): string => new Date(Date.now() + CLOCK_DIFFERENCE_MS).toISOString();

/** Told once, also when the source is read again. */
function beginningWith(first: ChangeItem, source: EventSource): EventSource {
  let hasYielded = false;
  return async function* (from, signal) {
    if (!hasYielded) yield first;
    hasYielded = true;
    yield* source(from, signal);
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

/**
 * Endpoints as they change, for any number of readers: the rows are read once a second for all of them together, and
 * each reader gets what differs for it. A heartbeat alone is no change, and neither is a reason that only counts on.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Endpoint } from '../../core/endpoints.ts';
import { heard } from '../../core/heard.ts';
import type { Principal } from '../../core/principal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { LiveDelta } from '../http/sse.ts';
import { type EndpointRows, endpointsFor, readEndpointRows } from './endpoints.ts';

const POLL_MILLISECONDS = 1_000;

export interface EndpointWatch {
  /** All endpoints at once and then whenever one of them has changed, until `signal` aborts. */
  lists(principal: Principal, signal: AbortSignal): AsyncGenerator<Endpoint[]>;
  /** The same as events: `endpoint` for each that is new or has changed, `endpoint_removed` for each that is gone.
   *  Without ids: a reader that comes back gets all again. */
  changes(principal: Principal, signal: AbortSignal): AsyncGenerator<LiveDelta>;
}

/** One per process. */
export function createEndpointWatch(dependencies: Pick<ApiDependencies, 'db' | 'settings'>): EndpointWatch {
  let read: Promise<EndpointRows> | null = null;
  let readAt = 0;

  function rows(): Promise<EndpointRows> {
    const now = performance.now();
    if (read === null || now - readAt >= POLL_MILLISECONDS) {
      readAt = now;
      read = heard(readEndpointRows(dependencies));
    }
    return read;
  }

  async function* lists(principal: Principal, signal: AbortSignal): AsyncGenerator<Endpoint[]> {
    let sent: string | null = null;
    while (!signal.aborted) {
      const now = endpointsFor(dependencies, await rows(), principal);
      const mark = now.map(markOf).join('\n');
      if (mark !== sent) yield now;
      sent = mark;
      // an abort only ends the pause: the loop looks at the signal itself
      await delay(POLL_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    lists,
    async *changes(principal, signal) {
      const sent = new Map<string, string>();
      for await (const list of lists(principal, signal)) {
        const gone = new Set(sent.keys());
        for (const endpoint of list) {
          gone.delete(endpoint.id);
          const mark = markOf(endpoint);
          if (sent.get(endpoint.id) !== mark) yield { type: 'endpoint', data: endpoint };
          sent.set(endpoint.id, mark);
        }
        for (const id of gone) {
          sent.delete(id);
          yield { type: 'endpoint_removed', data: { id } };
        }
      }
    },
  };
}

const markOf = ({ last_heartbeat: _, reason, ...rest }: Endpoint): string =>
  JSON.stringify([rest, reason?.replace(/\d+/g, '#')]);

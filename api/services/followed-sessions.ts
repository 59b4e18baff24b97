/**
 * Events of several sessions in one stream: a browser keeps few connections to a server, and each of its tabs may have
 * another session open.
 *
 * 1. Of each session every event after the place that is named comes once, in order, through outages.
 * 2. One whose place is past its end is reset and told from its start: what its reader knows is of another time.
 * 3. One that is missing, or is deleted meanwhile, is refused alone; the others go on.
 */

import { TemperaError } from '../../core/errors.ts';
import type { StoredEvent } from '../../core/events.ts';
import type { Principal } from '../../core/principal.ts';
import { sessionStream } from '../../core/session-names.ts';
import { readLastSeq } from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { resumed } from '../http/event-stream.ts';
import type { LiveDelta } from '../http/sse.ts';
import type { Followed } from '../schemas.ts';
import { requireSession } from './sessions.ts';

/**
 * What one session says after its `place`, which moves along, until `signal` aborts: after a refusal it is silent,
 * since its end would end the others.
 */
export async function* followSession(
  dependencies: Pick<ApiDependencies, 'db' | 'hub' | 'settings'>,
  principal: Principal,
  { place, signal }: { place: Followed[number]; signal: AbortSignal },
): AsyncGenerator<LiveDelta> {
  const { hub, settings } = dependencies;
  const { session } = place;
  const source = async function* (from: number, until: AbortSignal) {
    await requireSession(dependencies, principal, session);
    yield* hub.subscribe(principal, sessionStream(session), { after: from, signal: until });
  };
  const { reconnectMilliseconds } = settings;
  try {
    const last = await readLastSeq(dependencies.db, principal, sessionStream(session));
    if (last !== null && place.after > last) {
      place.after = 0;
      yield { type: 'session_reset', data: { session, last_seq: last } };
    }
    const { after } = place;
    for await (const item of resumed(source, { after, reconnectMilliseconds, signal })) {
      yield toFollowed(session, item);
      if ('seq' in item) place.after = item.seq;
    }
    if (!signal.aborted) yield refused(session, 'NOT_FOUND', 404);
  } catch (error) {
    if (!(error instanceof TemperaError)) throw error;
    yield refused(session, error.code, error.kind.http);
  }
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

function toFollowed(session: string, item: StoredEvent | { type: string; data: object }): LiveDelta {
  if ('seq' in item) return { type: 'session_event', data: { session, ...item } };
  return { type: 'session_delta', data: { session, type: item.type, ...item.data } };
}

const refused = (session: string, code: string, status: number): LiveDelta => ({
  type: 'session_refused',
  data: { session, code, status },
});

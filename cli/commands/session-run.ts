/** Waiting for a session, shown or silent; shared by run, follow and wait. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Session as SessionRecord } from '../../core/records.ts';
import { isAtRest } from '../../core/session-rules.ts';
import type { ApiClient } from '../api-client.ts';
import type { CommandContext } from '../command.ts';
import { type FollowOptions, followEvents, type ReadEvent } from '../event-reader.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { Events, Session } from '../records.ts';
import { pauseOf } from '../waits.ts';

/** Nothing comes of waiting for a session that stands still. @throws CommandError PAUSED, naming how it goes on */
export function assertNotPaused(session: Pick<SessionRecord, 'id' | 'state' | 'waiting'>): void {
  if (pauseOf(session) === null) return;
  const { id, state, waiting } = session;
  throw new CommandError(EXIT.failed, `The session ${id} ${stillness(id, waiting)}`, {
    code: 'PAUSED',
    details: { session_id: id, state, waiting },
  });
}

function stillness(id: string, waiting: SessionRecord['waiting']): string {
  const { reason = 'stopped', subject = 'turns', message = '' } = waiting ?? {};
  const resume = `npm start -- sessions resume ${id}`;
  switch (reason) {
    case 'limit':
      return (
        `stands still at its limit of ${subject}. Raise it with: npm start -- sessions limits ` +
        `${id} --${subject} N; then let it go on with: ${resume}`
      );
    case 'provider': {
      const other = subject === 'model' || subject === 'context' ? ' --model PROVIDER/MODEL' : '';
      return `waits for its model provider. ${message} Let it try at once with: ${resume}${other}`;
    }
    case 'loop':
      return `stands still. ${message} With: npm start -- sessions message ${id} TEXT, or: ${resume}`;
    default:
      return `is stopped. Let it go on with: ${resume}`;
  }
}

export interface WaitOptions {
  /** The session's id. */
  id: string;
  /** Seq after which events are shown. */
  after: number;
  show: (event: ReadEvent) => void | Promise<void>;
  /** Seconds until it is given up, from now on and by the clock; the session goes on. */
  timeoutSeconds: number | null;
}

/** Reads events until the session is at rest, and returns it then. @throws CommandError on the timeout, PAUSED */
export async function waitForSession(
  { signal }: Pick<CommandContext, 'signal'>,
  api: ApiClient,
  { id, after, show, timeoutSeconds }: WaitOptions,
): Promise<SessionRecord> {
  const clock = startClock(signal, timeoutSeconds);
  const showing = async (): Promise<SessionRecord | null> => {
    const events = eventsUntilRest(api, id, { after, signal: clock.signal });
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
      await show(next.value);
    }
  };
  const work = showing();
  work.catch(() => undefined); // given up, nobody waits for it
  try {
    // whatever it waits for, a person at the terminal too, the clock goes on
    const session = await Promise.race([work, clock.over]);
    if (session) return session;
  } finally {
    clock.stop();
  }
  const why = signal.aborted ? 'Interrupted' : `Not done after ${timeoutSeconds} s`;
  throw new CommandError(
    EXIT.failed,
    `${why}; the session ${id} goes on. See it with: npm start -- follow ${id}; get its ` +
      `files with: npm start -- files ${id} --out FOLDER`,
    {
      code: signal.aborted ? 'INTERRUPTED' : 'TIMEOUT',
      details: { session_id: id },
    },
  );
}

interface Clock {
  /** Aborts when the time is over or the person interrupts. */
  signal: AbortSignal;
  /** Resolves to null then. */
  over: Promise<null>;
  stop(): void;
}

/** A timer that is held: one made by AbortSignal.any and AbortSignal.timeout may be collected before it goes off. */
function startClock(interrupted: AbortSignal, seconds: number | null): Clock {
  const given = new AbortController();
  const abort = () => given.abort();
  const timer = seconds === null ? null : setTimeout(abort, seconds * 1000);
  if (interrupted.aborted) abort();
  interrupted.addEventListener('abort', abort);
  return {
    signal: given.signal,
    over: new Promise((resolve) => {
      if (given.signal.aborted) resolve(null);
      given.signal.addEventListener('abort', () => resolve(null));
    }),
    stop() {
      if (timer) clearTimeout(timer);
      interrupted.removeEventListener('abort', abort);
      abort();
    },
  };
}

/** Milliseconds between looks at a session of which no event tells that it is at rest. */
const POLL_MILLISECONDS = 2_000;
/** Events that the API gives at once. */
const PAGE = 1_000;

/**
 * Events after `after` until the session is at rest, each once and in order; returns the session, or null when `signal`
 * aborts. An event tells of the rest; where it was before `after`, or none comes, a look at the session does.
 * @throws CommandError PAUSED when it stands still, notFound
 */
export async function* eventsUntilRest(
  api: ApiClient,
  id: string,
  { after, signal }: FollowOptions,
): AsyncGenerator<ReadEvent, SessionRecord | null> {
  const { signal: reading, stop } = startClock(signal, null);
  const rest = pollForRest(api, id, reading).finally(stop);
  rest.catch(() => undefined); // awaited below
  let position = after;
  try {
    for await (const event of followEvents(api, `/api/sessions/${id}/stream`, { after, signal: reading })) {
      position = event.seq ?? position;
      yield event;
      const session = await standingAfter(api, id, event);
      if (session) return session;
    }
    const session = await rest;
    if (session === null) return null;
    yield* storedAfter(api, id, position);
    assertNotPaused(session);
    return session;
  } finally {
    stop();
  }
}

/** The session as soon as it is at rest or stands still; null when `signal` aborts. Outages are waited out. */
async function pollForRest(api: ApiClient, id: string, signal: AbortSignal): Promise<SessionRecord | null> {
  while (!signal.aborted) {
    const session = await api.request(Session, `/api/sessions/${id}`, { signal }).catch((error: unknown) => {
      if (error instanceof CommandError && error.exitCode === EXIT.notFound) throw error;
      return null;
    });
    if (session && (isAtRest(session) || pauseOf(session))) return session;
    await delay(POLL_MILLISECONDS, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

/** What is stored after `position`. */
async function* storedAfter(api: ApiClient, id: string, position: number): AsyncGenerator<ReadEvent, void> {
  for (let last = position; ; ) {
    const { items } = await api.request(Events, `/api/sessions/${id}/events?after=${last}&limit=${PAGE}`);
    for (const { seq, type, data } of items) {
      last = seq;
      yield { seq, type, data };
    }
    if (items.length < PAGE) return;
  }
}

/**
 * The session, when the event told of its end; null while it goes on.
 * @throws CommandError PAUSED when the event told that it stands still
 */
export async function standingAfter(
  api: ApiClient,
  id: string,
  { type, data }: ReadEvent,
): Promise<SessionRecord | null> {
  if (type !== 'state_change' && type !== 'waiting') return null;
  const session = await api.request(Session, `/api/sessions/${id}`);
  // the row may be further than the event: a stop of the past has been resumed, an end is still to be shown
  if (type === 'waiting' && session.waiting?.reason === data.reason) assertNotPaused(session);
  return type === 'state_change' && isAtRest(session) && session.state === data.state ? session : null;
}

/** 0 for a session whose work ended well. */
export function sessionExitCode({ state }: Pick<SessionRecord, 'state'>): number {
  return state === 'failed' || state === 'cancelled' ? EXIT.failed : EXIT.done;
}

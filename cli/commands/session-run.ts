/** Waiting for a session, shown or silent; shared by run, follow and wait. */

import type { Session as SessionRecord } from '../../core/records.ts';
import type { ApiClient } from '../api-client.ts';
import type { CommandContext } from '../command.ts';
import { type FollowOptions, followEvents, type ReadEvent } from '../event-reader.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { Session } from '../records.ts';
import { pauseOf } from '../waits.ts';

/** States in which nothing runs and nothing more comes by itself. */
export function isAtRest({ state, mode }: Pick<SessionRecord, 'state' | 'mode'>): boolean {
  if (state === 'failed' || state === 'cancelled' || state === 'train_done') return true;
  return mode === 'manual' && !state.endsWith('_running');
}

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
      return `stands still at its limit of ${subject}. Raise it with: npm start -- sessions limits ${id} --${subject} N; then let it go on with: ${resume}`;
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
  /** Seq after which events are shown. */
  after: number;
  show: (event: ReadEvent) => void | Promise<void>;
  /** Seconds until it is given up; the session goes on. */
  timeoutSeconds: number | null;
}

/** Reads events until the session is at rest, and returns it then. @throws CommandError on the timeout, PAUSED */
export async function waitForSession(
  { signal }: Pick<CommandContext, 'signal'>,
  api: ApiClient,
  id: string,
  { after, show, timeoutSeconds }: WaitOptions,
): Promise<SessionRecord> {
  const limit =
    timeoutSeconds === null ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
  const options: FollowOptions = { after, signal: limit };
  for await (const event of followEvents(api, id, options)) {
    await show(event);
    const session = await standingAfter(api, id, event);
    if (session) return session;
  }
  const why = signal.aborted ? 'Interrupted' : `Not done after ${timeoutSeconds} s`;
  throw new CommandError(
    EXIT.failed,
    `${why}; the session ${id} goes on. See it with: npm start -- follow ${id}; get its files with: npm start -- files ${id} --out FOLDER`,
    {
      code: signal.aborted ? 'INTERRUPTED' : 'TIMEOUT',
      details: { session_id: id },
    },
  );
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

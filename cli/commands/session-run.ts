/** Waiting for a session, shown or silent; shared by run, follow and wait. */

import type { Session as SessionRecord } from '../../core/records.ts';
import type { ApiClient } from '../api-client.ts';
import type { CommandContext } from '../command.ts';
import { type FollowOptions, followEvents, type ReadEvent } from '../event-reader.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { Session } from '../records.ts';

/** States in which nothing runs and nothing more comes by itself. */
export function isAtRest({ state, mode }: Pick<SessionRecord, 'state' | 'mode'>): boolean {
  if (state === 'failed' || state === 'cancelled' || state === 'train_done') return true;
  return mode === 'manual' && !state.endsWith('_running');
}

export interface WaitOptions {
  /** Seq after which events are shown. */
  after: number;
  show: (event: ReadEvent) => void | Promise<void>;
  /** Seconds until it is given up; the session goes on. */
  timeoutSeconds: number | null;
}

/** Reads events until the session is at rest, and returns it then. @throws CommandError on the timeout */
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
    if (event.type !== 'state_change') continue;
    const session = await api.request(Session, `/api/sessions/${id}`);
    // the row may be further than the event; the end that it tells of is then still to be shown
    if (isAtRest(session) && session.state === event.data.state) return session;
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

/** 0 for a session whose work ended well. */
export function sessionExitCode({ state }: Pick<SessionRecord, 'state'>): number {
  return state === 'failed' || state === 'cancelled' ? EXIT.failed : EXIT.done;
}

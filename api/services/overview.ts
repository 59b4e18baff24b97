/**
 * What changes in all of a caller's sessions, as a stream.
 *
 * 1. A reader first gets its sessions as they are (after `Last-Event-ID` only those changed since), then each one
 *    again whenever its row or its events change, at most four times a second.
 * 2. Changes are found by comparing marks: at every hint, and every two seconds, so that a lost hint costs time only.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Principal } from '../../core/principal.ts';
import { readSessions, type SessionMark, sessionMarks } from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { ChangeItem } from '../http/sse.ts';

/** Sessions that are followed: the newest ones. */
export const FOLLOWED_SESSIONS = 200;
const POLL_MILLISECONDS = 2_000;
const PAUSE_MILLISECONDS = 250;

/** Every change until `signal` aborts; `since` is the id of the last one that the reader has seen. */
export async function* watchSessions(
  { db, hub }: Pick<ApiDependencies, 'db' | 'hub'>,
  principal: Principal,
  { since, signal }: { since: string | null; signal: AbortSignal },
): AsyncGenerator<ChangeItem> {
  const known = new Map<string, string>();
  let first = true;
  let wake: () => void = () => {};
  const stop = hub.onHint(() => wake());
  try {
    while (!signal.aborted) {
      const hinted = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const marks = await sessionMarks(db, principal, FOLLOWED_SESSIONS);
      const changed = marks.filter((mark) => known.get(mark.id) !== markText(mark));
      const selection =
        first && since !== null
          ? changed.filter(({ updated_at, busy }) => busy || time(updated_at) > since)
          : changed;
      for (const mark of changed) known.set(mark.id, markText(mark));
      yield* await changesOf(db, principal, selection);
      yield* removals(known, marks, since);
      first = false;
      await Promise.race([hinted, pause(POLL_MILLISECONDS, signal)]);
      await pause(PAUSE_MILLISECONDS, signal);
    }
  } finally {
    stop();
  }
}

async function changesOf(
  db: ApiDependencies['db'],
  principal: Principal,
  marks: readonly SessionMark[],
): Promise<ChangeItem[]> {
  if (marks.length === 0) return [];
  const seqs = new Map(marks.map((mark) => [mark.id, mark.last_seq]));
  const sessions = await readSessions(db, principal, [...seqs.keys()]);
  return sessions
    .sort((a, b) => time(a.updated_at).localeCompare(time(b.updated_at)))
    .map((session) => ({
      type: 'session',
      id: time(session.updated_at),
      data: { ...session, last_seq: seqs.get(session.id) ?? 0 },
    }));
}

/** Sessions that were there and are not among the newest any more: deleted, or pushed out by newer ones. */
function removals(
  known: Map<string, string>,
  marks: readonly SessionMark[],
  since: string | null,
): ChangeItem[] {
  const there = new Set(marks.map((mark) => mark.id));
  const gone = [...known.keys()].filter((id) => !there.has(id));
  for (const id of gone) known.delete(id);
  const now =
    marks
      .map((mark) => time(mark.updated_at))
      .sort()
      .at(-1) ??
    since ??
    '';
  return gone.map((id) => ({ type: 'removed', id: now, data: { id } }));
}

const markText = ({ updated_at, last_seq }: SessionMark): string => `${time(updated_at)} ${last_seq}`;
const time = (value: string): string => new Date(value).toISOString();

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  // an abort only ends the pause: the loop looks at the signal itself
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}

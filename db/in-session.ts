/**
 * One transaction of a session: its rows, and the events that tell of them. Readers of its stream, and of the list of
 * sessions, are told to look when it has ended; also where it failed, because only the answer to COMMIT may be lost.
 */

import type { NewEvent } from '../core/events.ts';
import { sessionStream } from '../core/session-names.ts';
import type { Database, Transaction } from './database.ts';
import type { EventHub } from './event-hub.ts';
import { appendEvents } from './event-log.ts';
import { type Attempt, fenceStep } from './steps-repository.ts';

export interface SessionWriters {
  database: Database;
  events: Pick<EventHub, 'notify'>;
}

export interface SessionWrite {
  sessionId: string;
  /** Nothing is written where a newer attempt has the step. Default: anybody writes. */
  attempt?: Attempt;
}

/** Appends to the session's stream, in the transaction; an event whose key is there changes nothing. */
export type Tell = (...events: NewEvent[]) => Promise<void>;

/** The open transaction and its way to tell, for what takes part in it. */
export interface Writing {
  tx: Transaction;
  tell: Tell;
}

/** @throws TemperaError SUPERSEDED when a newer attempt has the step; NOT_FOUND when it is gone */
export async function inSession<T>(
  { database, events }: SessionWriters,
  { sessionId, attempt }: SessionWrite,
  work: (tx: Transaction, tell: Tell) => Promise<T>,
): Promise<T> {
  const stream = sessionStream(sessionId);
  try {
    return await database.transaction(async (tx) => {
      if (attempt) await fenceStep(tx, attempt);
      return work(tx, async (...list) => {
        if (list.length > 0) await appendEvents(tx, stream, list);
      });
    });
  } finally {
    events.notify(stream);
  }
}

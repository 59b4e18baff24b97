/** One transaction of a run's rows and the events that tell of them; readers are told to look when it has ended. */

import { classificationStream } from '../../core/classification/names.ts';
import type { Transaction } from '../database.ts';
import { appendEvents } from '../event-log.ts';
import type { SessionWriters, Tell } from '../in-session.ts';

export async function inRun<T>(
  { database, events }: SessionWriters,
  runId: string,
  work: (tx: Transaction, tell: Tell) => Promise<T>,
): Promise<T> {
  const stream = classificationStream(runId);
  try {
    return await database.transaction((tx) =>
      work(tx, async (...list) => {
        if (list.length > 0) await appendEvents(tx, stream, list);
      }),
    );
  } finally {
    events.notify(stream);
  }
}

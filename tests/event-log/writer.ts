/**
 * A process of the event log's test: appends its share of a stream's keys, batch by batch, until it is killed or
 * done. Started again, it begins at its first key: what is there already is dropped.
 *
 *   node writer.mjs '{"url","streamId","name","events","batch"}'
 */

import type { NewEvent } from '../../core/events.ts';
import { createDatabase } from '../../db/database.ts';
import { createEventHub } from '../../db/event-hub.ts';
import { appendEvents } from '../../db/event-log.ts';

interface AppendRequest {
  url: string;
  streamId: string;
  /** Names the writer's keys: `{name}/{number}`. */
  name: string;
  events: number;
  batch: number;
}

async function main(request: AppendRequest): Promise<void> {
  const db = createDatabase({ url: request.url, poolSize: 1 });
  const hub = createEventHub(db);
  for (let start = 0; start < request.events; start += request.batch) {
    await append(db, request, start);
    hub.notify(request.streamId);
  }
  await hub.close();
  await db.close();
}

/** Each batch repeats the last key of the one before; an outage is waited out by trying again. */
async function append(
  db: ReturnType<typeof createDatabase>,
  request: AppendRequest,
  start: number,
): Promise<void> {
  const events = Array.from({ length: request.batch + 1 }, (_, index) =>
    message(request.name, Math.max(0, start - 1 + index)),
  );
  for (;;) {
    try {
      await db.transaction((tx) => appendEvents(tx, request.streamId, events));
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'DATABASE_UNAVAILABLE')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function message(name: string, number: number): NewEvent {
  const text = `${name}/${number}`;
  return { key: text, type: 'user_message', data: { message: text, text } };
}

main(JSON.parse(process.argv[2] ?? '{}') as AppendRequest).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});

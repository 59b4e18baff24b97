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

interface Order {
  url: string;
  streamId: string;
  /** Names the writer's keys: `{name}/{number}`. */
  name: string;
  events: number;
  batch: number;
}

async function main(order: Order): Promise<void> {
  const db = createDatabase({ url: order.url, poolSize: 1 });
  const hub = createEventHub(db);
  for (let start = 0; start < order.events; start += order.batch) {
    await append(db, order, start);
    hub.notify(order.streamId);
  }
  await hub.close();
  await db.close();
}

/** Each batch repeats the last key of the one before; an outage is waited out by trying again. */
async function append(db: ReturnType<typeof createDatabase>, order: Order, start: number): Promise<void> {
  const events = Array.from({ length: order.batch + 1 }, (_, index) =>
    message(order.name, Math.max(0, start - 1 + index)),
  );
  for (;;) {
    try {
      await db.transaction((tx) => appendEvents(tx, order.streamId, events));
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

main(JSON.parse(process.argv[2] ?? '{}') as Order).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});

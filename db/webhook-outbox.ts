/** Messages to webhooks, written in the transaction of the event that they follow from: both are there, or neither. */

import type { NewEvent } from '../core/events.ts';
import { messageOf } from '../core/webhooks.ts';
import type { Transaction } from './database.ts';
import { toJson } from './sql.ts';

interface StoredNow {
  created_at: string;
  event: NewEvent;
}

/** One message for each webhook of the stream's owner that is told of such an event and is not disabled. */
export async function queueDeliveries(
  tx: Transaction,
  { streamId, owner }: { streamId: string; owner: string },
  events: readonly StoredNow[],
): Promise<void> {
  for (const { created_at, event } of events) {
    const message = messageOf(streamId, event);
    if (message === null) continue;
    const payload = { type: message.type, timestamp: created_at, data: message.data };
    await tx.query(
      `insert into webhook_deliveries (id, webhook_id, stream_id, event, payload)
       select gen_random_uuid(), id, $1, $2, $3::jsonb from webhooks
       where owner = $4 and disabled_at is null and $2 = any(events)`,
      [streamId, message.type, toJson(payload), owner],
    );
  }
}

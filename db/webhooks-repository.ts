/** Webhooks. Sealed secrets leave here by `sealedWebhook` and `deliveryTarget` alone. */

import { isId } from '../core/ids.ts';
import type { Principal } from '../core/principal.ts';
import type { Webhook, WebhookPatch } from '../core/webhooks.ts';
import type { Queryable, Transaction } from './database.ts';
import { only, ownerFilter } from './sql.ts';

const COLUMNS = 'id, owner, url, events, created_at, disabled_at, disabled_reason';

export type NewStoredWebhook = Pick<Webhook, 'id' | 'url' | 'events'> & { sealed_secret: string };

/** Writes a webhook that `principal` owns. */
export async function insertWebhook(
  tx: Transaction,
  principal: Principal,
  { id, url, events, sealed_secret }: NewStoredWebhook,
): Promise<Webhook> {
  const rows = await tx.query<Webhook>(
    `insert into webhooks (id, owner, url, events, sealed_secret) values ($1, $2, $3, $4, $5)
     returning ${COLUMNS}`,
    [id, principal.id, url, events, sealed_secret],
  );
  return only(rows);
}

/** Newest first. */
export function listWebhooks(q: Queryable, principal: Principal): Promise<Webhook[]> {
  return q.query<Webhook>(
    `select ${COLUMNS} from webhooks where ($1::text is null or owner = $1)
     order by created_at desc, id desc limit 1000`,
    [ownerFilter(principal)],
  );
}

/** How many are the principal's own. */
export async function countWebhooks(q: Queryable, owner: string): Promise<number> {
  return only(
    await q.query<{ count: number }>('select count(*)::integer as count from webhooks where owner = $1', [
      owner,
    ]),
  ).count;
}

/** Null when it is absent or not the principal's. */
export async function getWebhook(q: Queryable, principal: Principal, id: string): Promise<Webhook | null> {
  if (!isId(id)) return null;
  const rows = await q.query<Webhook>(
    `select ${COLUMNS} from webhooks where id = $1 and ($2::text is null or owner = $2)`,
    [id, ownerFilter(principal)],
  );
  return rows[0] ?? null;
}

/** Changes what the patch names; null when it is absent or not the principal's. */
export async function updateWebhook(
  tx: Transaction,
  principal: Principal,
  { id, patch }: { id: string; patch: WebhookPatch },
): Promise<Webhook | null> {
  if (!isId(id)) return null;
  const { events = null, enabled = null } = patch;
  const rows = await tx.query<Webhook>(
    `update webhooks set events = coalesce($3::text[], events),
       disabled_at = case when $4 then null when not $4 then coalesce(disabled_at, clock_timestamp())
         else disabled_at end,
       disabled_reason = case when $4 then null when not $4 then coalesce(disabled_reason, 'as its owner asked')
         else disabled_reason end
     where id = $1 and ($2::text is null or owner = $2) returning ${COLUMNS}`,
    [id, ownerFilter(principal), events, enabled],
  );
  return rows[0] ?? null;
}

/** With its deliveries. False when it is absent or not the principal's. */
export async function deleteWebhook(tx: Transaction, principal: Principal, id: string): Promise<boolean> {
  if (!isId(id)) return false;
  const rows = await tx.query(
    'delete from webhooks where id = $1 and ($2::text is null or owner = $2) returning id',
    [id, ownerFilter(principal)],
  );
  return rows.length > 0;
}

/** Tells it nothing any more; the reason is for people. */
export async function disableWebhook(
  tx: Transaction,
  { id, reason }: { id: string; reason: string },
): Promise<void> {
  await tx.query(
    `update webhooks set disabled_at = clock_timestamp(), disabled_reason = $2
     where id = $1 and disabled_at is null`,
    [id, reason],
  );
}

/** For who signs or repeats the answer that had it. */
export async function sealedSecret(q: Queryable, id: string): Promise<string | null> {
  const rows = await q.query<{ sealed_secret: string }>('select sealed_secret from webhooks where id = $1', [
    id,
  ]);
  return rows[0]?.sealed_secret ?? null;
}

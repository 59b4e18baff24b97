/** Webhooks: made, changed, tried, and what was sent to them. The secret comes out once, to who made it. */

import { TemperaError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Principal } from '../../core/principal.ts';
import { newSecret, sealedFor } from '../../core/webhook-signature.ts';
import {
  type CreatedWebhook,
  type Delivery,
  type NewWebhook,
  TEST_EVENT,
  type Webhook,
  type WebhookPatch,
} from '../../core/webhooks.ts';
import {
  countWebhooks,
  deleteWebhook,
  getWebhook,
  insertDelivery,
  insertWebhook,
  listDeliveries,
  noKey,
  type Page,
  type PageRequest,
  replayDelivery,
  sealedSecret,
  type Transaction,
  updateWebhook,
} from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { requestHash } from '../http/idempotency.ts';
import { createOnce } from './once.ts';

/** Of one owner: each event makes a message to each of them. */
const MOST_WEBHOOKS = 20;

/** @throws TemperaError INVALID_INPUT for a URL that is not let through, LIMIT_REACHED */
export async function createWebhook(
  dependencies: ApiDependencies,
  principal: Principal,
  { body, key }: { body: NewWebhook; key: string | null },
): Promise<CreatedWebhook> {
  const { db, connections, outbound } = dependencies;
  const { seal } = connections;
  if (seal === null) throw noKey();
  await outbound.check(body.url);
  const row = { id: newId(), url: body.url, events: [...new Set(body.events)] };
  const insert = async (tx: Transaction) => {
    if ((await countWebhooks(tx, principal.id)) >= MOST_WEBHOOKS)
      throw new TemperaError('LIMIT_REACHED', `There are ${MOST_WEBHOOKS} webhooks: remove one first.`);
    const sealed_secret = seal.seal({ secret: newSecret() }, sealedFor(row));
    await insertWebhook(tx, principal, { ...row, sealed_secret });
    return row.id;
  };
  const { id } = await createOnce(db, principal, { key, hash: requestHash('webhook', body), insert });
  const webhook = await requireWebhook(dependencies, principal, id);
  const { secret = '' } = seal.open((await sealedSecret(db, id)) ?? '', sealedFor(webhook));
  return { ...webhook, secret };
}

/** @throws TemperaError NOT_FOUND, also for another's */
export async function requireWebhook(
  { db }: Pick<ApiDependencies, 'db'>,
  principal: Principal,
  id: string,
): Promise<Webhook> {
  return there(await getWebhook(db, principal, id), id);
}

/** @throws TemperaError NOT_FOUND */
export async function changeWebhook(
  { db }: ApiDependencies,
  principal: Principal,
  { id, patch }: { id: string; patch: WebhookPatch },
): Promise<Webhook> {
  return there(await db.transaction((tx) => updateWebhook(tx, principal, { id, patch })), id);
}

/** @throws TemperaError NOT_FOUND */
export async function removeWebhook(
  { db }: ApiDependencies,
  principal: Principal,
  id: string,
): Promise<void> {
  there((await db.transaction((tx) => deleteWebhook(tx, principal, id))) || null, id);
}

/** Sends it a message that tells of nothing. @throws TemperaError NOT_FOUND, CONFLICT for a disabled one */
export async function tryWebhook(
  dependencies: ApiDependencies,
  principal: Principal,
  id: string,
): Promise<{ delivery_id: string }> {
  assertEnabled(await requireWebhook(dependencies, principal, id));
  const payload = { type: TEST_EVENT, timestamp: new Date().toISOString(), data: { webhook_id: id } };
  const message = { webhookId: id, event: TEST_EVENT, payload };
  return { delivery_id: await dependencies.db.transaction((tx) => insertDelivery(tx, message)) };
}

/** @throws TemperaError NOT_FOUND */
export async function deliveriesOf(
  { db }: ApiDependencies,
  principal: Principal,
  { id, ...page }: PageRequest & { id: string },
): Promise<Page<Delivery>> {
  return there(await listDeliveries(db, principal, { webhookId: id, ...page }), id);
}

/** The same message by the same id, from now on. @throws TemperaError NOT_FOUND, CONFLICT for a disabled webhook */
export async function replay(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, delivery }: { id: string; delivery: string },
): Promise<Delivery> {
  assertEnabled(await requireWebhook(dependencies, principal, id));
  const again = await dependencies.db.transaction((tx) =>
    replayDelivery(tx, principal, { webhookId: id, id: delivery }),
  );
  if (again === null) throw new TemperaError('NOT_FOUND', `The webhook ${id} has no delivery ${delivery}.`);
  return again;
}

function assertEnabled({ id, disabled_at, disabled_reason }: Webhook): void {
  if (disabled_at === null) return;
  throw new TemperaError('CONFLICT', `The webhook ${id} is disabled: ${disabled_reason} Enable it first.`);
}

function there<T>(found: T | null, id: string): T {
  if (found === null) throw new TemperaError('NOT_FOUND', `There is no webhook ${id}.`);
  return found;
}

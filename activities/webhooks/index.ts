/**
 * One attempt at a message to a webhook. What came of it is a row; the workflow only learns how long to pause. A worker
 * that dies between the answer and the row sends again: `webhook-id` is the same.
 */

import { Context } from '@temporalio/activity';
import { TemperaError } from '../../core/errors.ts';
import type { Outbound } from '../../core/ports/outbound.ts';
import type { CredentialSeal } from '../../core/sealed-credentials.ts';
import { sealedFor, signedHeaders } from '../../core/webhook-signature.ts';
import { pauseAfter } from '../../core/webhooks.ts';
import {
  type Database,
  type DeliveryTarget,
  deliveryTarget,
  disableWebhook,
  hasDeliveredSince,
  saveAttempt,
} from '../../db/index.ts';
import type { WebhookDeliveryInput } from '../../workflows/contract/webhooks.ts';
import { withFailures } from '../failures.ts';

export interface WebhookPorts {
  database: Database;
  outbound: Outbound;
  /** Null where there is no key: no secret opens. */
  seal: CredentialSeal | null;
  /** Attempts at what fails for a bug. */
  bugAttempts: number;
  /** Seconds before the next try after so many; null: it is given up. Default: of `core/webhooks.ts`. */
  pauseAfter?: (attempts: number) => number | null;
}

const TIMEOUT_MILLISECONDS = 15_000;
/** The receiver wants no more. */
const GONE = 410;

interface Sent {
  /** null: no answer. */
  status: number | null;
  error: string | null;
}

export function createWebhookActivities(ports: WebhookPorts) {
  const { database } = ports;

  async function deliverWebhook(input: WebhookDeliveryInput): Promise<{ pauseSeconds: number | null }> {
    const round = { id: input.deliveryId, round: input.round };
    const target = await deliveryTarget(database, round);
    if (target === null) return { pauseSeconds: null };
    const sent = await send(ports, target);
    const isDelivered = sent.error === null;
    const mayRetry = !isDelivered && sent.status !== GONE && target.disabled_at === null;
    const pauseSeconds = mayRetry ? (ports.pauseAfter ?? pauseAfter)(target.attempts + 1) : null;
    const state = isDelivered ? 'delivered' : pauseSeconds === null ? 'failed' : 'pending';
    await database.transaction(async (tx) => {
      await saveAttempt(tx, { ...round, ...sent, state, pauseSeconds });
      const reason = state === 'failed' ? await disablingReason(tx, target, sent) : null;
      if (reason !== null) await disableWebhook(tx, { id: target.webhook_id, reason });
    });
    return { pauseSeconds };
  }

  return withFailures(
    { deliverWebhook },
    { bugAttempts: ports.bugAttempts, endless: [], attempt: () => Context.current().info.attempt },
  );
}

export type WebhookActivities = ReturnType<typeof createWebhookActivities>;

/** Why a webhook is told nothing any more: it says so, or nothing has reached it for as long as was tried. */
async function disablingReason(
  tx: Parameters<typeof hasDeliveredSince>[0],
  { id, webhook_id }: DeliveryTarget,
  { status, error }: Sent,
): Promise<string | null> {
  if (status === GONE) return 'It answered 410: it wants no more messages.';
  if (await hasDeliveredSince(tx, { webhookId: webhook_id, id })) return null;
  return `No message has reached it for days. The last try: ${error}`;
}

async function send({ outbound, seal }: WebhookPorts, target: DeliveryTarget): Promise<Sent> {
  const body = JSON.stringify(target.payload);
  try {
    const { secret = '' } =
      seal?.open(target.sealed_secret, sealedFor({ ...target, id: target.webhook_id })) ?? {};
    if (secret === '') return { status: null, error: 'There is no key that opens its secret.' };
    const timestamp = Math.floor(Date.now() / 1000);
    const answer = await outbound.request(target.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Tempera',
        ...signedHeaders(secret, { id: target.id, timestamp, body }),
      },
      body,
      timeoutMs: TIMEOUT_MILLISECONDS,
    });
    // what it answers is not read: only whether it took the message
    answer.body.destroy();
    const { status } = answer;
    return { status, error: status >= 200 && status < 300 ? null : `It answered ${status}.` };
  } catch (error) {
    if (error instanceof TemperaError) return { status: null, error: error.message };
    const code = String(Reflect.get(Object(error), 'code') ?? 'no answer');
    return { status: null, error: `It cannot be reached: ${code}.` };
  }
}

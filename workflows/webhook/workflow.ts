/** One workflow a message and round: tried with growing pauses, by durable timers, until it is taken or given up. */

import { proxyActivities, sleep } from '@temporalio/workflow';
import type { WebhookActivities } from '../../activities/webhooks/index.ts';
import { WEBHOOK_ATTEMPT } from '../contract/activity-options.ts';
import type { WebhookDeliveryInput } from '../contract/webhooks.ts';

const { deliverWebhook } = proxyActivities<WebhookActivities>(WEBHOOK_ATTEMPT);

export async function WebhookDeliveryWorkflow(input: WebhookDeliveryInput): Promise<void> {
  for (;;) {
    const { pauseSeconds } = await deliverWebhook(input);
    if (pauseSeconds === null) return;
    await sleep(pauseSeconds * 1000);
  }
}

/** Starts the workflows of messages to webhooks: the other half of what `db/webhook-outbox.ts` has written. */

import type { Client } from '@temporalio/client';
import { type Database, markStarted, roundsToStart } from '../db/index.ts';
import { TASK_QUEUES } from '../workflows/contract/ids.ts';
import { WEBHOOK_WORKFLOW, webhookWorkflowId } from '../workflows/contract/webhooks.ts';

/** Messages of one round; the next one comes soon. */
const BATCH = 200;

/** @param all also those whose workflow was started: after a lost Temporal database. @returns how many were started */
export async function startDeliveries(
  client: Client,
  database: Database,
  { all = false }: { all?: boolean } = {},
): Promise<number> {
  const rounds = await roundsToStart(database, { all, most: all ? 100_000 : BATCH });
  for (const each of rounds) {
    const input = { deliveryId: each.id, round: each.round };
    await client.workflow.start(WEBHOOK_WORKFLOW, {
      workflowId: webhookWorkflowId(input),
      taskQueue: TASK_QUEUES.workflows,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `Webhook message ${each.id}`,
    });
    await markStarted(database, each);
  }
  return rounds.length;
}

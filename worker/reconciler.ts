/** Starts the workflows of sessions that run by their rows and have no workflow: after a lost Temporal database. */

import type { Client } from '@temporalio/client';
import type * as repositories from '../db/index.ts';
import type { Database } from '../db/index.ts';
import { SESSION_WORKFLOW, sessionWorkflowId, TASK_QUEUES } from '../workflows/contract/ids.ts';

/** @returns how many sessions were looked at; one whose workflow runs is left as it is */
export async function startMissingWorkflows(
  client: Client,
  database: Database,
  { listRunningSessions }: Pick<typeof repositories, 'listRunningSessions'>,
): Promise<number> {
  const running = await listRunningSessions(database);
  for (const { id, owner } of running) {
    await client.workflow.start(SESSION_WORKFLOW, {
      workflowId: sessionWorkflowId(id),
      taskQueue: TASK_QUEUES.workflows,
      args: [{ sessionId: id, owner }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `Session ${id}`,
    });
  }
  return running.length;
}

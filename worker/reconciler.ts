/** Starts the workflows of sessions that run by their rows and have no workflow: after a lost Temporal database. */

import type { Client } from '@temporalio/client';
import { sessionWorkflowId } from '../core/session-names.ts';
import { type Database, listRunningSessions } from '../db/index.ts';
import { SESSION_WORKFLOW, TASK_QUEUES } from '../workflows/contract/ids.ts';

/** @returns how many sessions were looked at; one whose workflow runs is left as it is */
export async function startMissingWorkflows(client: Client, database: Database): Promise<number> {
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
